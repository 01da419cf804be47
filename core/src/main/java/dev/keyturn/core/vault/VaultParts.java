package dev.keyturn.core.vault;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.tx.Transactions;

/** What the services of vaults stand on. */
public record VaultParts(
        Transactions transactions,
        Doors doors,
        VaultStore vaults,
        KeysOfVault keys,
        Access access,
        VaultHosts hosts,
        Deletions deletions) {}
