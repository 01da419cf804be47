package dev.keyturn.store;

import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Set keys. One that an artifact is under cannot be deleted; a set has one for each key version at most. */
final class SqlSetKeyStore implements SetKeyStore {
    private static final String CUSTOMER = "SELECT k.uuid, r.display, k.key_url, k.wrapped, k.created_at"
            + " FROM set_key k JOIN resource r ON r.id = k.set_id";
    private static final String USED = "EXISTS (SELECT 1 FROM artifact a WHERE a.set_key_id = k.id)";
    static final String KEY_IN_USE = "SELECT 1 FROM set_key k JOIN disk_set s ON s.id = k.set_id"
            + " WHERE k.key_anywhere = ? AND (s.rotation IS NOT NULL OR " + USED + ") LIMIT 1";

    @Override
    public void insert(Tx tx, SetKey key) {
        SqlTx sql = SqlTx.of(tx);
        String into = "INSERT INTO set_key (uuid, set_id, key_url, key_ref, key_anywhere, wrapped, created_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)";
        switch (key) {
            case SetKey.Customer customer ->
                sql.update(
                        into,
                        customer.id(),
                        Heads.number(sql, customer.set()),
                        customer.key().url(),
                        customer.key().reference(),
                        customer.key().referenceInAnyDomain(),
                        customer.wrapped(),
                        customer.createdAt());
            case SetKey.Platform platform ->
                sql.update(into, platform.id(), null, null, null, null, platform.wrapped(), platform.createdAt());
        }
    }

    @Override
    public Optional<SetKey> find(Tx tx, SetKeyId id) {
        SqlTx sql = SqlTx.of(tx);
        Optional<SetKey> found = sql.one(CUSTOMER + " WHERE k.uuid = ?", SqlSetKeyStore::customer, id);
        return found.or(() -> platform(tx).filter(platform -> platform.id().equals(id)));
    }

    @Override
    public Optional<SetKey.Customer> find(Tx tx, ArmId set, KeyId key) {
        return SqlTx.of(tx)
                .one(
                        CUSTOMER + " WHERE r.arm_key = ? AND k.key_ref = ?",
                        SqlSetKeyStore::customer,
                        set,
                        key.reference());
    }

    @Override
    public Optional<SetKey.Platform> platform(Tx tx) {
        return SqlTx.of(tx)
                .one(
                        "SELECT uuid, wrapped, created_at FROM set_key WHERE set_id IS NULL",
                        row -> new SetKey.Platform(row.setKeyId(), row.bytes(), row.time()));
    }

    @Override
    public List<SetKey.Customer> inUse(Tx tx, ArmId set) {
        return SqlTx.of(tx)
                .list(CUSTOMER + " WHERE r.arm_key = ? AND " + USED + " ORDER BY k.id", SqlSetKeyStore::customer, set);
    }

    @Override
    public boolean inUse(Tx tx, KeyId key) {
        return SqlTx.of(tx).exists(KEY_IN_USE, key.referenceInAnyDomain());
    }

    @Override
    public void deleteUnused(Tx tx, ArmId set, Optional<SetKeyId> keep) {
        SqlTx.of(tx).update("""
                        DELETE FROM set_key
                        WHERE set_id = (SELECT id FROM resource WHERE arm_key = ?) AND uuid <> ?
                            AND NOT EXISTS (SELECT 1 FROM artifact a WHERE a.set_key_id = set_key.id)""", set, keep.map(SetKeyId::toString).orElse(""));
    }

    private static SetKey.Customer customer(Row row) throws SQLException {
        return new SetKey.Customer(row.setKeyId(), row.armId(), row.keyId(), row.bytes(), row.time());
    }
}
