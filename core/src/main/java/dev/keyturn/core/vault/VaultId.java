package dev.keyturn.core.vault;

import java.util.UUID;

/** The inner id of a vault or managed HSM: its keys hang on it, so that a purged vault's name can be used again. */
public record VaultId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
