package dev.keyturn.core.key;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.PrincipalStore;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.people.PersonGroupStore;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vault.Deletions;
import dev.keyturn.core.vault.KeyAccess;
import dev.keyturn.core.vault.KeysOfVault;
import dev.keyturn.core.vault.LiveVaults;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vault.VaultStore;
import java.security.SecureRandom;

/** Everything that is done with keys, wired over the same stores and backends. */
public record KeyServices(
        KeyService keys,
        DeletedKeyService deleted,
        KeyBackupService backups,
        KeyRotationService rotation,
        KeyCryptoService crypto,
        CustomerKeys customerKeys,
        KeysOfVault ofVault,
        VaultKeys vaultKeys,
        KeyAccess access) {

    /** What the services stand on. */
    public record Parts(
            Transactions transactions,
            Doors doors,
            VaultStore vaults,
            KeyStore keys,
            SetKeyStore setKeys,
            KeyBackends backends,
            PlatformKey root,
            Access access,
            PrincipalStore principals,
            PersonGroupStore personGroups,
            ResourceGroupService groups,
            VaultHosts hosts,
            Deletions deletions,
            SecureRandom random) {}

    /** {@code roles}: those assigned at a key end with it. */
    public static KeyServices over(Parts parts, RoleAssignments roles) {
        KeyRows rows = rows(parts);
        KeyService keys = new KeyService(rows);
        return new KeyServices(
                keys,
                new DeletedKeyService(rows, roles),
                new KeyBackupService(rows, parts.root()),
                new KeyRotationService(rows),
                new KeyCryptoService(rows),
                new VaultCustomerKeys(rows, parts.principals()),
                rows,
                new VaultKeys(rows, keys, new LiveVaults(parts.vaults(), parts.groups())),
                rows.access);
    }

    private static KeyRows rows(Parts parts) {
        return new KeyRows(
                parts.transactions(),
                parts.doors(),
                parts.vaults(),
                parts.keys(),
                parts.setKeys(),
                parts.backends(),
                new KeyAccess(parts.access(), parts.vaults(), parts.hosts(), parts.personGroups()),
                parts.hosts(),
                parts.deletions(),
                parts.random());
    }
}
