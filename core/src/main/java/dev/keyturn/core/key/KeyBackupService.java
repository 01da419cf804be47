package dev.keyturn.core.key;

import dev.keyturn.core.door.Permit;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes a key out and back in, with all its versions, sealed under the master key. A backup opens only in a vault of
 * the same kind, tenant and region; the versions keep their names. Thread-safe; must not be called inside a
 * transaction.
 */
public final class KeyBackupService {
    private final KeyRows rows;
    private final PlatformKey root;

    KeyBackupService(KeyRows rows, PlatformKey root) {
        this.rows = rows;
        this.root = root;
    }

    /** The backup has all versions, and there is a record of it for each. */
    public byte[] backup(Call call, Vault vault, String name) {
        return rows.doors.act(call, rows.ask(vault, KeyPermission.BACKUP, name), permit -> backup(permit, vault, name));
    }

    private byte[] backup(Permit permit, Vault vault, String name) {
        KeyRules.name(name);
        KeyBackup backup = rows.transactions.read(tx -> {
            Key key = rows.liveKey(tx, vault, name);
            List<KeyVersion> all = rows.allVersions(tx, key);
            permit.onAll(all.stream().map(v -> rows.id(vault, v)).toList());
            return new KeyBackup(key.name(), key.created(), key.rotationPolicy(), all);
        });
        List<KeyVersion> portable = backup.versions().stream()
                .map(v -> withHandle(v, rows.backends.of(v).backup(v.backendKey())))
                .toList();
        byte[] encoded = new KeyBackup(backup.name(), backup.created(), backup.policy(), portable).encode();
        try (SecretBytes clear = SecretBytes.adopt(encoded)) {
            return root.seal(clear, context(vault));
        }
    }

    /** Restores under the name the key had; returns its latest version. */
    public KeyVersion restore(Call call, Vault vault, byte[] sealed) {
        return rows.doors.act(call, rows.ask(vault, KeyPermission.RESTORE), permit -> restore(permit, vault, sealed));
    }

    private KeyVersion restore(Permit permit, Vault vault, byte[] sealed) {
        KeyBackup backup = open(vault, sealed);
        List<KeyVersion> taken = new ArrayList<>();
        try {
            for (KeyVersion version : backup.versions()) {
                KeyRules.spec(vault, version.spec());
                byte[] handle = rows.backends
                        .named(version.backend())
                        .restore(version.spec(), version.version(), version.publicPart(), version.handle());
                taken.add(withHandle(version, handle));
            }
            return permit.write(tx -> {
                KeyVersion latest = insert(tx, vault, backup, taken);
                permit.onAll(taken.stream().map(v -> rows.id(vault, v)).toList());
                return latest;
            });
        } catch (CryptoRefusedException e) {
            rows.destroy(taken);
            throw KeyRefusals.badParameter("value", e.reason());
        } catch (RuntimeException e) {
            rows.destroyUnlessStored(e, taken);
            throw e;
        }
    }

    private KeyVersion insert(Tx tx, Vault vault, KeyBackup backup, List<KeyVersion> versions) {
        VaultId id = rows.live(tx, vault).id();
        Key key = new Key(id, backup.name(), backup.created(), backup.policy(), Optional.empty(), Optional.empty());
        if (rows.keys.insert(tx, key).missed()) {
            boolean deleted = rows.keys
                    .find(tx, id, backup.name())
                    .filter(k -> k.deleted().isPresent())
                    .isPresent();
            throw deleted
                    ? KeyRefusals.nameDeleted(backup.name())
                    : KeyRefusals.conflict(
                            "Key " + backup.name() + " already exists in this vault; a backup is restored only under"
                                    + " the key's own name, and never over a key.",
                            "KeyAlreadyExists");
        }
        versions.forEach(v -> rows.keys.insert(tx, v));
        KeyVersion latest = rows.latest(tx, key);
        rows.reschedule(tx, key, latest);
        return latest;
    }

    private KeyBackup open(Vault vault, byte[] sealed) {
        try (SecretBytes clear = root.open(sealed, context(vault))) {
            return clear.reveal(bytes -> KeyBackup.decode(bytes, vault.id()));
        } catch (IllegalStateException e) {
            throw KeyRefusals.badParameter(
                    "value",
                    "The value is not a backup that can be restored here: it must be one that this server made of a"
                            + " key in a " + vault.kind().noun()
                            + " of the same tenant and region ("
                            + vault.resource().location() + "), unchanged.");
        }
    }

    private static String context(Vault vault) {
        return "keyturn key backup file|" + vault.kind() + "|" + vault.tenant() + "|"
                + new Region(vault.resource().location());
    }

    private static KeyVersion withHandle(KeyVersion v, byte[] handle) {
        return new KeyVersion(
                v.vault(),
                v.name(),
                v.version(),
                v.sequence(),
                v.spec(),
                v.publicPart(),
                v.backend(),
                handle,
                v.operations(),
                v.attributes(),
                v.tags(),
                v.releasePolicy());
    }
}
