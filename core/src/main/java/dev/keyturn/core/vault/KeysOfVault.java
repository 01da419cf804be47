package dev.keyturn.core.vault;

import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** What vaults ask of the keys that are in them. Thread-safe. */
public interface KeysOfVault {
    /** The first key version of the vault, live or deleted, that an artifact is under. */
    Optional<KeyId> inUse(Tx tx, Vault vault);

    /**
     * Looks up every key version of a vault that this transaction purges. The answer destroys them at their backends; it
     * is to be run after the transaction, and only where that was stored.
     */
    Runnable destroyer(Tx tx, VaultId vault);
}
