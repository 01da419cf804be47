package dev.keyturn.store;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Disk encryption sets. One that a VM, a disk or an artifact is in cannot be deleted. */
final class SqlDiskSetStore implements DiskSetStore {
    private static final String SELECT = "SELECT " + Heads.COLUMNS
            + ", d.active_key, d.source_vault, d.principal, d.identity_resource, d.rotation, d.last_rotated_at,"
            + " d.last_rotation_error, d.key_lost_at, d.other_identities FROM resource r JOIN disk_set d ON d.id = r.id";

    @Override
    public Hit insert(Tx tx, DiskEncryptionSet set) {
        SqlTx sql = SqlTx.of(tx);
        Optional<Long> id = Heads.insert(sql, set.head());
        id.ifPresent(number -> sql.update(
                """
                INSERT INTO disk_set (id, active_key, source_vault, principal, identity_resource, rotation,
                    last_rotated_at, last_rotation_error, key_lost_at, other_identities)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                number,
                set.activeKey().url(),
                set.sourceVault().map(ArmId::toString),
                set.principal(),
                SetIdentityColumns.resource(set.identity()),
                set.rotation(),
                set.lastRotatedAt(),
                JsonColumns.ofError(set.lastRotationError()),
                set.keyLostAt(),
                SetIdentityColumns.others(set.identity())));
        return Hit.of(id.isPresent());
    }

    @Override
    public Optional<DiskEncryptionSet> find(Tx tx, ArmId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE r.arm_key = ?", SqlDiskSetStore::read, id);
    }

    @Override
    public Hit update(Tx tx, DiskEncryptionSet set) {
        SqlTx sql = SqlTx.of(tx);
        if (!Heads.update(sql, set.head())) {
            return Hit.of(false);
        }
        return Hit.of(sql.update(
                        """
                        UPDATE disk_set SET active_key = ?, source_vault = ?, principal = ?, identity_resource = ?,
                            rotation = ?, last_rotated_at = ?, last_rotation_error = ?, key_lost_at = ?,
                            other_identities = ?
                        WHERE id = ?""",
                        set.activeKey().url(),
                        set.sourceVault().map(ArmId::toString),
                        set.principal(),
                        SetIdentityColumns.resource(set.identity()),
                        set.rotation(),
                        set.lastRotatedAt(),
                        JsonColumns.ofError(set.lastRotationError()),
                        set.keyLostAt(),
                        SetIdentityColumns.others(set.identity()),
                        Heads.number(sql, set.id()))
                == 1);
    }

    @Override
    public Hit delete(Tx tx, ArmId id) {
        return Hit.of(Heads.deleteForGood(SqlTx.of(tx), id));
    }

    @Override
    public List<DiskEncryptionSet> page(Tx tx, String subscription, Reach reach, Optional<String> after, int limit) {
        return Heads.pages(SELECT, SqlDiskSetStore::read, DiskEncryptionSet.TYPE)
                .page(SqlTx.of(tx), subscription, reach, after, limit);
    }

    @Override
    public List<ArmId> withRunningVms(Tx tx) {
        return SqlTx.of(tx).list("""
                        SELECT r.display FROM disk_set d JOIN resource r ON r.id = d.id
                        WHERE EXISTS (SELECT 1 FROM vm WHERE vm.set_id = d.id
                                      AND vm.power NOT IN ('STOPPED', 'DEALLOCATED'))
                        ORDER BY r.arm_key""", Row::armId);
    }

    @Override
    public List<ArmId> ofPrincipal(Tx tx, PrincipalId principal) {
        // Sets with more identities than the one that they use are few, so those are looked through one by one.
        record Candidate(ArmId set, PrincipalId used, Optional<String> others) {}
        return SqlTx.of(tx)
                .list(
                        "SELECT r.display, d.principal, d.other_identities FROM disk_set d JOIN resource r ON r.id = d.id"
                                + " WHERE d.principal = ? OR d.other_identities IS NOT NULL ORDER BY r.arm_key",
                        row -> new Candidate(row.armId(), row.principal(), row.optionalText()),
                        principal.toString())
                .stream()
                .filter(c -> c.used().equals(principal)
                        || SetIdentityColumns.identities(c.others()).stream()
                                .anyMatch(i -> i.principal().equals(principal)))
                .map(Candidate::set)
                .toList();
    }

    @Override
    public void keyLost(Tx tx, ArmId set, Instant seen) {
        SqlTx.of(tx)
                .update(
                        "INSERT INTO key_loss (set_id, seen_at) SELECT id, ? FROM resource WHERE arm_key = ?"
                                + " ON CONFLICT (set_id) DO UPDATE SET seen_at = excluded.seen_at",
                        seen,
                        set);
    }

    @Override
    public Optional<Instant> keyLost(Tx tx, ArmId set) {
        return SqlTx.of(tx)
                .one(
                        "SELECT l.seen_at FROM key_loss l JOIN resource r ON r.id = l.set_id WHERE r.arm_key = ?",
                        Row::time,
                        set);
    }

    private static DiskEncryptionSet read(Row row) throws SQLException {
        Resource head = Heads.read(row);
        KeyId activeKey = row.keyId();
        Optional<ArmId> sourceVault = row.optionalArmId();
        PrincipalId principal = row.principal();
        Optional<ArmId> resource = row.optionalArmId();
        Optional<OperationId> rotation = row.optionalOperationId();
        Optional<Instant> rotatedAt = row.optionalTime();
        Optional<ErrorInfo> error = JsonColumns.error(row.optionalText());
        Optional<Instant> lostAt = row.optionalTime();
        SetIdentity identity = SetIdentityColumns.read(principal, resource, row.optionalText());
        return new DiskEncryptionSet(head, activeKey, sourceVault, identity, rotation, rotatedAt, error, lostAt);
    }
}
