package dev.keyturn.store;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.diskset.SetIdentity.SystemAssigned;
import dev.keyturn.core.diskset.SetIdentity.UserAssigned;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Disk encryption sets. One that a VM, a disk or an artifact is in cannot be deleted. */
final class SqlDiskSetStore implements DiskSetStore {
    private static final String SELECT = "SELECT " + Heads.COLUMNS
            + ", d.active_key, d.source_vault, d.principal, d.identity_resource, d.rotation, d.last_rotated_at,"
            + " d.last_rotation_error, d.key_lost_at FROM resource r JOIN disk_set d ON d.id = r.id";

    @Override
    public boolean insert(Tx tx, DiskEncryptionSet set) {
        SqlTx sql = SqlTx.of(tx);
        Optional<Long> id = Heads.insert(sql, set.head());
        id.ifPresent(number -> sql.update(
                """
                INSERT INTO disk_set (id, active_key, source_vault, principal, identity_resource, rotation,
                    last_rotated_at, last_rotation_error, key_lost_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                number,
                set.activeKey().url(),
                set.sourceVault().map(ArmId::toString),
                set.principal(),
                userAssigned(set.identity()),
                set.rotation(),
                set.lastRotatedAt(),
                JsonColumns.ofError(set.lastRotationError()),
                set.keyLostAt()));
        return id.isPresent();
    }

    @Override
    public Optional<DiskEncryptionSet> find(Tx tx, ArmId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE r.arm_key = ?", SqlDiskSetStore::read, id);
    }

    @Override
    public boolean update(Tx tx, DiskEncryptionSet set) {
        SqlTx sql = SqlTx.of(tx);
        if (!Heads.update(sql, set.head())) {
            return false;
        }
        return sql.update(
                        """
                        UPDATE disk_set SET active_key = ?, source_vault = ?, principal = ?, identity_resource = ?,
                            rotation = ?, last_rotated_at = ?, last_rotation_error = ?, key_lost_at = ?
                        WHERE id = ?""",
                        set.activeKey().url(),
                        set.sourceVault().map(ArmId::toString),
                        set.principal(),
                        userAssigned(set.identity()),
                        set.rotation(),
                        set.lastRotatedAt(),
                        JsonColumns.ofError(set.lastRotationError()),
                        set.keyLostAt(),
                        Heads.number(sql, set.id()))
                == 1;
    }

    @Override
    public boolean delete(Tx tx, ArmId id) {
        return Heads.deleteForGood(SqlTx.of(tx), id);
    }

    @Override
    public List<DiskEncryptionSet> page(
            Tx tx, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return Heads.page(
                SqlTx.of(tx), SELECT, SqlDiskSetStore::read, DiskEncryptionSet.TYPE, subscription, group, after, limit);
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
        return SqlTx.of(tx)
                .list(
                        "SELECT r.display FROM disk_set d JOIN resource r ON r.id = d.id"
                                + " WHERE d.principal = ? ORDER BY r.arm_key",
                        Row::armId,
                        principal.toString());
    }

    private static Optional<String> userAssigned(SetIdentity identity) {
        return switch (identity) {
            case SystemAssigned own -> Optional.empty();
            case UserAssigned user -> Optional.of(user.resource().toString());
        };
    }

    private static DiskEncryptionSet read(Row row) throws SQLException {
        return new DiskEncryptionSet(
                Heads.read(row),
                row.keyId(),
                row.optionalArmId(),
                identity(row),
                row.optionalOperationId(),
                row.optionalTime(),
                JsonColumns.error(row.optionalText()),
                row.optionalTime());
    }

    private static SetIdentity identity(Row row) throws SQLException {
        PrincipalId principal = row.principal();
        Optional<ArmId> resource = row.optionalArmId();
        return resource.isPresent() ? new UserAssigned(resource.get(), principal) : new SystemAssigned(principal);
    }
}
