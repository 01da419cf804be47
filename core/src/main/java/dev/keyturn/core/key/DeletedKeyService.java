package dev.keyturn.core.key;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.model.DomainException;
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
import java.util.UUID;
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
    public KeyEntry delete(Call call, Vault vault, String name, boolean override) {
        return rows.doors.act(call, rows.ask(vault, KeyPermission.DELETE, name), permit -> {
            KeyRules.name(name);
            return permit.write(tx -> {
                Key key = rows.liveKey(tx, vault, name);
                rows.requireUnused(rows.inUse(tx, vault, key), "delete the key", override);
                Key deleted = key.with(Optional.of(rows.deletion(vault.softDeleteDays())));
                rows.keys.update(tx, deleted);
                return new KeyEntry(deleted, rows.latest(tx, deleted));
            });
        });
    }

    public KeyEntry get(Call call, Vault vault, String name) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.GET_DELETED, name));
        KeyRules.name(name);
        return rows.transactions.read(tx -> {
            Key key = rows.deletedKey(tx, vault, name);
            return new KeyEntry(key, rows.latest(tx, key));
        });
    }

    /** A page of deleted keys, from after the lower-case name {@code after}. */
    public List<KeyEntry> list(Call call, Vault vault, Optional<String> after, int limit) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.LIST_DELETED));
        return rows.transactions.read(
                tx -> rows.keys.page(tx, rows.live(tx, vault).id(), true, after, limit));
    }

    /** Brings the key back with all its versions, as they were. */
    public KeyVersion recover(Call call, Vault vault, String name) {
        return rows.doors.act(call, rows.ask(vault, KeyPermission.RECOVER, name), permit -> {
            KeyRules.name(name);
            return permit.write(tx -> {
                Key key = rows.deletedKey(tx, vault, name).with(Optional.<Deletion>empty());
                KeyVersion latest = rows.latest(tx, key);
                rows.reschedule(tx, key, latest);
                return latest;
            });
        });
    }

    /** Deletes the key for good; refused while purge protection is on. */
    public void purge(Call call, Vault vault, String name, boolean override) {
        int versions = rows.doors.act(call, rows.ask(vault, KeyPermission.PURGE, name), permit -> {
            KeyRules.name(name);
            List<KeyVersion> gone = permit.write(tx -> {
                Key key = rows.deletedKey(tx, vault, name);
                if (rows.live(tx, vault).purgeProtection()) {
                    throw KeyRefusals.purgeProtected("Key " + key.name());
                }
                rows.requireUnused(rows.inUse(tx, vault, key), "purge the key", override);
                return purged(tx, vault, key);
            });
            rows.destroy(gone);
            return gone.size();
        });
        LOG.info("key {} was purged with its {} versions", name, versions);
    }

    /**
     * Purges what has been deleted for as long as its vault keeps it and nothing is under; returns how many. What
     * artifacts are under is kept for a day more, and the purge is recorded as failed.
     *
     * @param now by the server's time ({@link dev.keyturn.core.time.ServerTime#reached}), not by the clock alone
     */
    public int purgeDue(Instant now) {
        List<Key> due = rows.transactions.read(tx -> rows.keys.purgeDue(tx, now, BATCH));
        Call call = Call.server(Call.SERVER, UUID.randomUUID());
        int purged = 0;
        for (Key key : due) {
            try {
                purged += purgeIfUnused(call, key, now) ? 1 : 0;
            } catch (RuntimeException e) {
                // Whatever it is, it must not keep the other keys from their turn.
                LOG.warn("key {} was not purged: {}", key.name(), e.toString());
            }
        }
        return purged;
    }

    private boolean purgeIfUnused(Call call, Key due, Instant now) {
        Optional<Vault> found = rows.transactions.read(tx -> rows.vaults.find(tx, due.vault()));
        if (found.isEmpty()) {
            return false;
        }
        Vault vault = found.get();
        try {
            int versions = rows.doors.act(call, rows.ask(vault, KeyPermission.PURGE, due.name()), permit -> {
                List<KeyVersion> gone = permit.write(tx -> {
                    Optional<Key> key = stillDue(tx, due, now);
                    if (key.isEmpty()) {
                        permit.nothing(); // another node was faster, or it was recovered
                        return List.<KeyVersion>of();
                    }
                    rows.requireUnused(rows.inUse(tx, vault, key.get()), "purge the key", false);
                    return purged(tx, vault, key.get());
                });
                rows.destroy(gone);
                return gone.size();
            });
            if (versions == 0) { // a key has one at least
                return false;
            }
            LOG.info("key {} was purged with its {} versions at the end of its retention", due.name(), versions);
            return true;
        } catch (DomainException refusal) {
            boolean explained = rows.transactions.write(tx -> kept(tx, vault, due, now));
            if (!explained) {
                throw refusal;
            }
            return false;
        }
    }

    private Optional<Key> stillDue(Tx tx, Key due, Instant now) {
        return rows.keys
                .find(tx, due.vault(), due.name())
                .filter(k -> k.deleted().filter(d -> !d.purgeAt().isAfter(now)).isPresent());
    }

    /** Whether it is kept because it is in use, for a day more, or is not due any more. */
    private boolean kept(Tx tx, Vault vault, Key due, Instant now) {
        Optional<Key> key = stillDue(tx, due, now);
        if (key.isEmpty()) {
            return true;
        }
        Optional<KeyId> used = rows.inUse(tx, vault, key.get());
        if (used.isEmpty()) {
            return false;
        }
        LOG.warn("key version {} is past its retention but artifacts are under it: kept", used.get());
        Instant since = key.get().deleted().orElseThrow().at();
        rows.keys.update(tx, key.get().with(Optional.of(new Deletion(since, now.plus(Duration.ofDays(1))))));
        return true;
    }

    /** With the key go the roles assigned at it, or a later key of its name would be open to who had them. */
    private List<KeyVersion> purged(Tx tx, Vault vault, Key key) {
        List<KeyVersion> versions = rows.allVersions(tx, key);
        rows.keys.purge(tx, key.vault(), key.name());
        roles.forget(tx, KeyAccess.scope(vault, Optional.of(key.name())));
        return versions;
    }
}
