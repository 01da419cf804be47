package dev.keyturn.core.key;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vault.LiveVaults;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultHosts;
import java.util.List;
import java.util.Optional;

/**
 * Keys as Azure Resource Manager has them: resources below their vault. Who may write a vault may make the first version
 * of a key, which gives no right to use it. Every method asks first, by role assignments. Thread-safe; must not be called
 * inside a transaction.
 */
public final class VaultKeys {
    private final KeyRows rows;
    private final KeyService keys;
    private final LiveVaults live;

    VaultKeys(KeyRows rows, KeyService keys, LiveVaults live) {
        this.rows = rows;
        this.keys = keys;
        this.live = live;
    }

    /** What was found, and the vault that it is in. */
    public record In<T>(Vault vault, T found) {}

    /** Makes the key with its first version; of one that is there, its latest version, and nothing changes. */
    public In<KeyVersion> createIfAbsent(Call call, ArmId vault, String name, NewKey wanted) {
        return rows.doors.act(call, Action.KEY_RESOURCE_WRITE, scope(vault, name), permit -> {
            Vault in = rows.transactions.read(tx -> live.require(tx, vault));
            return new In<>(in, keys.generate(permit, in, name, wanted, true));
        });
    }

    /** As {@link KeyService#check}, for who may make the key as a resource. */
    public void check(Call call, ArmId vault, String name, NewKey wanted) {
        rows.doors.require(call, Action.KEY_RESOURCE_WRITE, scope(vault, name));
        keys.requireFits(rows.transactions.read(tx -> live.require(tx, vault)), name, wanted);
    }

    /** One version, or the latest. */
    public In<KeyVersion> get(Call call, ArmId vault, String name, Optional<String> version) {
        rows.doors.require(call, Action.KEY_RESOURCE_READ, scope(vault, name));
        return rows.transactions.read(tx -> {
            Vault in = live.require(tx, vault);
            KeyRules.name(name);
            return new In<>(in, rows.version(tx, in, name, version));
        });
    }

    /** Whether the vault has a live key of the name; not for somebody, so not asked. */
    public boolean exists(ArmId vault, String name) {
        return rows.transactions.read(tx -> rows.vaults
                .find(tx, vault)
                .flatMap(v -> rows.findLive(tx, v.id(), name))
                .isPresent());
    }

    /** A page of keys, from after the lower-case name {@code after}. */
    public In<List<KeyEntry>> page(Call call, ArmId vault, Optional<String> after, int limit) {
        rows.doors.require(call, Action.KEY_RESOURCE_READ, Scope.of(vault));
        return rows.transactions.read(tx -> {
            Vault in = live.require(tx, vault);
            return new In<>(in, rows.keys.page(tx, in.id(), false, after, limit));
        });
    }

    /** How many keys there are to list. */
    public long count(Call call, ArmId vault) {
        rows.doors.require(call, Action.KEY_RESOURCE_READ, Scope.of(vault));
        return rows.transactions.read(
                tx -> rows.keys.count(tx, live.require(tx, vault).id()));
    }

    /** A page of a key's versions, from after the version {@code after}. */
    public In<List<KeyVersion>> versions(Call call, ArmId vault, String name, Optional<String> after, int limit) {
        rows.doors.require(call, Action.KEY_RESOURCE_READ, scope(vault, name));
        return rows.transactions.read(tx -> {
            Vault in = live.require(tx, vault);
            KeyRules.name(name);
            Key key = rows.liveKey(tx, in, name);
            return new In<>(in, rows.keys.versions(tx, key.vault(), key.name(), after, limit));
        });
    }

    public VaultHosts hosts() {
        return rows.hosts;
    }

    private static Scope scope(ArmId vault, String key) {
        return Scope.of(vault.child("keys", key));
    }
}
