package dev.keyturn.store;

import dev.keyturn.core.key.Key;
import dev.keyturn.core.key.KeyEntry;
import dev.keyturn.core.key.KeyStore;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.key.RotationPolicy;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.VaultId;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Optional;

/** Keys; their versions are read and written by {@link KeyVersionRows}. */
final class SqlKeyStore implements KeyStore {
    private static final String COLUMNS = "k.vault_id, k.name, k.created_at, k.policy_actions, k.policy_expiry,"
            + " k.policy_created_at, k.policy_updated_at, k.next_rotation, k.deleted_at, k.purge_at";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM vault_key k";

    @Override
    public Hit insert(Tx tx, Key key) {
        Optional<RotationPolicy> policy = key.rotationPolicy();
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                INSERT INTO vault_key
                                    (vault_id, name, name_key, created_at, policy_actions, policy_expiry,
                                     policy_created_at, policy_updated_at, next_rotation, deleted_at, purge_at)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                ON CONFLICT (vault_id, name_key) DO NOTHING""",
                                key.vault(),
                                key.name(),
                                Heads.lower(key.name()),
                                key.created(),
                                policy.map(RotationPolicy::actionsText),
                                policy.flatMap(RotationPolicy::expiryTime).map(Period::toString),
                                policy.map(RotationPolicy::created),
                                policy.map(RotationPolicy::updated),
                                key.nextRotation(),
                                key.deleted().map(Deletion::at),
                                key.deleted().map(Deletion::purgeAt))
                == 1);
    }

    @Override
    public Optional<Key> find(Tx tx, VaultId vault, String name) {
        return SqlTx.of(tx)
                .one(SELECT + " WHERE k.vault_id = ? AND k.name_key = ?", SqlKeyStore::read, vault, Heads.lower(name));
    }

    @Override
    public void update(Tx tx, Key key) {
        Optional<RotationPolicy> policy = key.rotationPolicy();
        int changed = SqlTx.of(tx)
                .update(
                        """
                        UPDATE vault_key SET policy_actions = ?, policy_expiry = ?, policy_created_at = ?,
                            policy_updated_at = ?, next_rotation = ?, deleted_at = ?, purge_at = ?
                        WHERE vault_id = ? AND name_key = ?""",
                        policy.map(RotationPolicy::actionsText),
                        policy.flatMap(RotationPolicy::expiryTime).map(Period::toString),
                        policy.map(RotationPolicy::created),
                        policy.map(RotationPolicy::updated),
                        key.nextRotation(),
                        key.deleted().map(Deletion::at),
                        key.deleted().map(Deletion::purgeAt),
                        key.vault(),
                        Heads.lower(key.name()));
        if (changed != 1) {
            throw new IllegalStateException("there is no key " + key.name() + " in vault " + key.vault());
        }
    }

    @Override
    public void purge(Tx tx, VaultId vault, String name) {
        SqlTx.of(tx).update("DELETE FROM vault_key WHERE vault_id = ? AND name_key = ?", vault, Heads.lower(name));
    }

    @Override
    public void insert(Tx tx, KeyVersion version) {
        KeyVersionRows.insert(SqlTx.of(tx), version);
    }

    @Override
    public void update(Tx tx, KeyVersion version) {
        KeyVersionRows.update(SqlTx.of(tx), version);
    }

    @Override
    public Optional<KeyVersion> version(Tx tx, VaultId vault, String name, String version) {
        return KeyVersionRows.find(SqlTx.of(tx), vault, name, version);
    }

    @Override
    public Optional<KeyVersion> latest(Tx tx, VaultId vault, String name) {
        return KeyVersionRows.latest(SqlTx.of(tx), vault, name);
    }

    @Override
    public List<KeyVersion> versions(Tx tx, VaultId vault, String name, Optional<String> after, int limit) {
        return KeyVersionRows.page(SqlTx.of(tx), vault, name, after, limit);
    }

    @Override
    public long count(Tx tx, VaultId vault) {
        return SqlTx.of(tx).number("SELECT count(*) FROM vault_key WHERE vault_id = ? AND deleted_at IS NULL", vault);
    }

    @Override
    public List<KeyEntry> page(Tx tx, VaultId vault, boolean deleted, Optional<String> afterName, int limit) {
        return SqlTx.of(tx)
                .list(
                        "SELECT " + COLUMNS + ", " + KeyVersionRows.COLUMNS
                                + " FROM vault_key k JOIN vault_key_version w ON w.key_id = k.id AND w.sequence ="
                                + " (SELECT max(l.sequence) FROM vault_key_version l WHERE l.key_id = k.id)"
                                + " WHERE k.vault_id = ? AND k.name_key > ? AND k.deleted_at IS"
                                + (deleted ? " NOT NULL" : " NULL")
                                + " ORDER BY k.name_key LIMIT ?",
                        row -> new KeyEntry(read(row), KeyVersionRows.read(row)),
                        vault,
                        afterName.map(Heads::lower).orElse(""),
                        limit);
    }

    @Override
    public List<Key> rotationDue(Tx tx, Instant now, int limit) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " JOIN vault v ON v.id = k.vault_id WHERE k.next_rotation <= ?"
                                + " AND k.deleted_at IS NULL AND v.deleted_at IS NULL"
                                + " ORDER BY k.next_rotation, k.id LIMIT ?",
                        SqlKeyStore::read,
                        now,
                        limit);
    }

    @Override
    public List<Key> purgeDue(Tx tx, Instant now, int limit) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE k.purge_at <= ? ORDER BY k.purge_at, k.id LIMIT ?",
                        SqlKeyStore::read,
                        now,
                        limit);
    }

    private static Key read(Row row) throws SQLException {
        VaultId vault = new VaultId(row.uuid());
        String name = row.text();
        Instant created = row.time();
        return new Key(vault, name, created, policy(row), row.optionalTime(), deletion(row));
    }

    private static Optional<RotationPolicy> policy(Row row) throws SQLException {
        Optional<String> actions = row.optionalText();
        Optional<Period> expiry = row.optionalText().map(Period::parse);
        Optional<Instant> created = row.optionalTime();
        Optional<Instant> updated = row.optionalTime();
        return actions.map(text -> new RotationPolicy(
                RotationPolicy.parseActions(text), expiry, created.orElseThrow(), updated.orElseThrow()));
    }

    private static Optional<Deletion> deletion(Row row) throws SQLException {
        Optional<Instant> at = row.optionalTime();
        Optional<Instant> purgeAt = row.optionalTime();
        return at.map(time -> new Deletion(time, purgeAt.orElseThrow()));
    }
}
