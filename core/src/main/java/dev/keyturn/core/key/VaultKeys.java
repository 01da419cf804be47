package dev.keyturn.core.key;

import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultHosts;
import java.util.List;
import java.util.Optional;

/**
 * Keys as Azure Resource Manager has them: resources below their vault. Who may write a vault may make the first version
 * of a key, which gives no right to use it; whether the caller may is asked by the routes. Thread-safe; must not be
 * called inside a transaction.
 */
public final class VaultKeys {
    private final KeyRows rows;
    private final KeyService keys;

    VaultKeys(KeyRows rows, KeyService keys) {
        this.rows = rows;
        this.keys = keys;
    }

    /** Makes the key with its first version; of one that is there, its latest version, and nothing changes. */
    public KeyVersion createIfAbsent(Vault vault, String name, NewKey wanted) {
        return keys.generate(vault, name, wanted, true);
    }

    /** One version, or the latest. */
    public KeyVersion get(Vault vault, String name, Optional<String> version) {
        KeyRules.name(name);
        return rows.transactions.read(tx -> rows.version(tx, vault, name, version));
    }

    /** Whether the vault has a live key of the name. */
    public boolean exists(Vault vault, String name) {
        return rows.transactions.read(tx -> rows.findLive(tx, vault.id(), name)).isPresent();
    }

    /** A page of keys, from after the lower-case name {@code after}. */
    public List<KeyEntry> page(Vault vault, Optional<String> after, int limit) {
        return rows.transactions.read(
                tx -> rows.keys.page(tx, rows.live(tx, vault).id(), false, after, limit));
    }

    /** A page of a key's versions, from after the version {@code after}. */
    public List<KeyVersion> versions(Vault vault, String name, Optional<String> after, int limit) {
        KeyRules.name(name);
        return rows.transactions.read(tx -> {
            Key key = rows.liveKey(tx, vault, name);
            return rows.keys.versions(tx, key.vault(), key.name(), after, limit);
        });
    }

    public VaultHosts hosts() {
        return rows.hosts;
    }
}
