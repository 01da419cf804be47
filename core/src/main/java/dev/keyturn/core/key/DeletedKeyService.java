package dev.keyturn.core.key;

import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.KeyAccess;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of keys: soft deletion, recovery, purge. A key that artifacts are under is deleted or purged only where the
 * client overrides ({@code keyturnOverride=true}), and never by the passing of time alone. Thread-safe; must not be
 * called inside a transaction.
 */
public final class DeletedKeyService {
    private static final Logger LOG = LoggerFactory.getLogger(DeletedKeyService.class);
    private static final int BATCH = 100;

    private final KeyRows rows;
    private final RoleAssignments roles;

    DeletedKeyService(KeyRows rows, RoleAssignments roles) {
        this.rows = rows;
        this.roles = roles;
    }

    /** Deletes the key softly: no version can be used until it is recovered. */
    public KeyEntry delete(Caller caller, Vault vault, String name, boolean override) {
        rows.access.require(caller, vault, KeyPermission.DELETE, Optional.of(name));
        KeyRules.name(name);
        return rows.transactions.write(tx -> {
            Key key = rows.liveKey(tx, vault, name);
            rows.requireUnused(rows.inUse(tx, vault, key), "delete the key", override);
            Key deleted = key.with(Optional.of(rows.deletion(vault.softDeleteDays())));
            rows.keys.update(tx, deleted);
            return new KeyEntry(deleted, rows.latest(tx, deleted));
        });
    }

    public KeyEntry get(Caller caller, Vault vault, String name) {
        rows.access.require(caller, vault, KeyPermission.GET_DELETED, Optional.of(name));
        KeyRules.name(name);
        return rows.transactions.read(tx -> {
            Key key = rows.deletedKey(tx, vault, name);
            return new KeyEntry(key, rows.latest(tx, key));
        });
    }

    /** A page of deleted keys, from after the lower-case name {@code after}. */
    public List<KeyEntry> list(Caller caller, Vault vault, Optional<String> after, int limit) {
        rows.access.require(caller, vault, KeyPermission.LIST_DELETED, Optional.empty());
        return rows.transactions.read(
                tx -> rows.keys.page(tx, rows.live(tx, vault).id(), true, after, limit));
    }

    /** Brings the key back with all its versions, as they were. */
    public KeyVersion recover(Caller caller, Vault vault, String name) {
        rows.access.require(caller, vault, KeyPermission.RECOVER, Optional.of(name));
        KeyRules.name(name);
        return rows.transactions.write(tx -> {
            Key key = rows.deletedKey(tx, vault, name).with(Optional.<Deletion>empty());
            KeyVersion latest = rows.latest(tx, key);
            rows.reschedule(tx, key, latest);
            return latest;
        });
    }

    /** Deletes the key for good; refused while purge protection is on. */
    public void purge(Caller caller, Vault vault, String name, boolean override) {
        rows.access.require(caller, vault, KeyPermission.PURGE, Optional.of(name));
        KeyRules.name(name);
        List<KeyVersion> gone = rows.transactions.write(tx -> {
            Key key = rows.deletedKey(tx, vault, name);
            if (rows.live(tx, vault).purgeProtection()) {
                throw KeyRefusals.purgeProtected("Key " + key.name());
            }
            rows.requireUnused(rows.inUse(tx, vault, key), "purge the key", override);
            return purged(tx, vault, key);
        });
        rows.destroy(gone);
    }

    /**
     * Purges what has been deleted for as long as its vault keeps it and nothing is under; returns how many.
     *
     * @param now by the server's time ({@link dev.keyturn.core.time.ServerTime#reached}), not by the clock alone
     */
    public int purgeDue(Instant now) {
        List<Key> due = rows.transactions.read(tx -> rows.keys.purgeDue(tx, now, BATCH));
        int purged = 0;
        for (Key key : due) {
            try {
                List<KeyVersion> gone = rows.transactions.write(tx -> purgeIfUnused(key, now, tx));
                rows.destroy(gone);
                purged += gone.isEmpty() ? 0 : 1;
            } catch (RuntimeException e) {
                // Whatever it is, it must not keep the other keys from their turn.
                LOG.warn("key {} was not purged: {}", key.name(), e.toString());
            }
        }
        return purged;
    }

    private List<KeyVersion> purgeIfUnused(Key due, Instant now, Tx tx) {
        Optional<Key> key = rows.keys
                .find(tx, due.vault(), due.name())
                .filter(k -> k.deleted().filter(d -> !d.purgeAt().isAfter(now)).isPresent());
        Optional<Vault> vault = rows.vaults.find(tx, due.vault());
        if (key.isEmpty() || vault.isEmpty()) {
            return List.of();
        }
        Optional<KeyId> used = rows.inUse(tx, vault.get(), key.get());
        if (used.isPresent()) {
            LOG.warn("key version {} is past its retention but artifacts are under it: kept", used.get());
            Instant later = now.plus(Duration.ofDays(1));
            rows.keys.update(
                    tx,
                    key.get()
                            .with(Optional.of(new Deletion(
                                    key.get().deleted().orElseThrow().at(), later))));
            return List.of();
        }
        return purged(tx, vault.get(), key.get());
    }

    /** With the key go the roles assigned at it, or a later key of its name would be open to who had them. */
    private List<KeyVersion> purged(Tx tx, Vault vault, Key key) {
        List<KeyVersion> versions = rows.allVersions(tx, key);
        rows.keys.purge(tx, key.vault(), key.name());
        roles.forget(tx, KeyAccess.scope(vault, Optional.of(key.name())));
        return versions;
    }
}
