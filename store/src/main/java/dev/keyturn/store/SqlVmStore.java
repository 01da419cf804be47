package dev.keyturn.store;

import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.SecurityEncryption;
import dev.keyturn.core.vm.VmStore;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Confidential VMs. One that an artifact or a disk still belongs to cannot be deleted. */
final class SqlVmStore implements VmStore {
    static final String SELECT = "SELECT " + Heads.COLUMNS
            + ", v.vm_uuid, v.size, v.secure_boot, v.encryption, s.display, v.host, v.ephemeral, v.power, v.power_since, v.fault"
            + " FROM resource r JOIN vm v ON v.id = r.id LEFT JOIN resource s ON s.id = v.set_id";
    private static final String ACTIVE = "v.power NOT IN ('STOPPED', 'DEALLOCATED')";

    @Override
    public Hit insert(Tx tx, ConfidentialVm vm) {
        SqlTx sql = SqlTx.of(tx);
        Optional<Long> id = Heads.insert(sql, vm.head());
        id.ifPresent(number -> sql.update(
                """
                INSERT INTO vm
                    (id, arm_key, name, vm_uuid, size, secure_boot, encryption, set_id, host, ephemeral, power, power_since,
                     fault)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                number,
                vm.id(),
                Heads.lower(vm.id().name()),
                vm.vmId(),
                vm.hardware().size(),
                vm.hardware().secureBoot(),
                vm.encryption(),
                Heads.number(sql, vm.set()),
                vm.host(),
                vm.ephemeral(),
                vm.power(),
                vm.powerSince(),
                JsonColumns.ofError(vm.fault())));
        return Hit.of(id.isPresent());
    }

    @Override
    public Optional<ConfidentialVm> find(Tx tx, ArmId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE r.arm_key = ?", SqlVmStore::read, id);
    }

    @Override
    public Optional<ConfidentialVm> findByVmId(Tx tx, UUID vmId) {
        return SqlTx.of(tx).one(SELECT + " WHERE v.vm_uuid = ?", SqlVmStore::read, vmId);
    }

    @Override
    public Hit update(Tx tx, ConfidentialVm vm) {
        SqlTx sql = SqlTx.of(tx);
        if (!Heads.update(sql, vm.head())) {
            return Hit.of(false);
        }
        return Hit.of(sql.update(
                        """
                        UPDATE vm SET size = ?, secure_boot = ?, host = ?, ephemeral = ?, power = ?, power_since = ?, fault = ?
                        WHERE id = ?""",
                        vm.hardware().size(),
                        vm.hardware().secureBoot(),
                        vm.host(),
                        vm.ephemeral(),
                        vm.power(),
                        vm.powerSince(),
                        JsonColumns.ofError(vm.fault()),
                        Heads.number(sql, vm.id()))
                == 1);
    }

    @Override
    public Hit movePower(Tx tx, ArmId id, Set<PowerState> from, PowerState to, Instant now, Optional<ErrorInfo> fault) {
        List<Object> arguments = new ArrayList<>(List.of(to, now, JsonColumns.ofError(fault), id));
        arguments.addAll(from);
        boolean moved = SqlTx.of(tx)
                        .update(
                                "UPDATE vm SET power = ?, power_since = ?, fault = ?"
                                        + " WHERE id = (SELECT id FROM resource WHERE arm_key = ?) AND power IN ("
                                        + String.join(", ", Collections.nCopies(from.size(), "?")) + ")",
                                arguments.toArray())
                == 1;
        if (moved) { // who did not move it has started nothing
            SqlStoppedVmStore.moved(SqlTx.of(tx), id, from, to, now);
        }
        return Hit.of(moved);
    }

    @Override
    public void crashed(Tx tx, ArmId id, Crash crash) {
        SqlTx sql = SqlTx.of(tx);
        long vm = Heads.number(sql, id);
        sql.update(
                "INSERT INTO vm_crash (vm_id, at, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                vm,
                crash.at(),
                JsonColumns.ofError(Optional.of(crash.reason())));
        sql.update(
                "DELETE FROM vm_crash WHERE vm_id = ? AND at NOT IN"
                        + " (SELECT at FROM vm_crash WHERE vm_id = ? ORDER BY at DESC LIMIT ?)",
                vm,
                vm,
                CRASHES);
    }

    @Override
    public List<Crash> crashes(Tx tx, ArmId id) {
        return SqlTx.of(tx)
                .list(
                        "SELECT c.at, c.reason FROM vm_crash c JOIN resource r ON r.id = c.vm_id WHERE r.arm_key = ?"
                                + " ORDER BY c.at DESC",
                        row -> new Crash(
                                row.time(),
                                JsonColumns.error(Optional.of(row.text())).orElseThrow()),
                        id);
    }

    @Override
    public Hit delete(Tx tx, ArmId id) {
        return Hit.of(Heads.deleteForGood(SqlTx.of(tx), id));
    }

    @Override
    public List<ConfidentialVm> page(Tx tx, String subscription, Reach reach, Optional<String> after, int limit) {
        return Heads.pages(SELECT, SqlVmStore::read, ConfidentialVm.TYPE)
                .page(SqlTx.of(tx), subscription, reach, after, limit);
    }

    @Override
    public List<ConfidentialVm> ofSet(Tx tx, ArmId set, Optional<String> after, int limit) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE v.set_id = (SELECT id FROM resource WHERE arm_key = ?) AND v.arm_key > ?"
                                + " ORDER BY v.arm_key LIMIT ?",
                        SqlVmStore::read,
                        set,
                        after.orElse(""),
                        limit);
    }

    @Override
    public List<ConfidentialVm> blocking(Tx tx, ArmId set) {
        SqlTx sql = SqlTx.of(tx);
        Optional<Long> id = sql.one("SELECT id FROM resource WHERE arm_key = ?", Row::number, set);
        // Each half has an index of its own, so this costs what it finds and not what the set has.
        return sql.list(
                SELECT
                        + " WHERE v.id IN (SELECT v.id FROM vm v WHERE v.set_id = ? AND " + ACTIVE
                        + " UNION SELECT v.id FROM vm v WHERE v.set_id = ? AND v.ephemeral = 1"
                        + " UNION SELECT v.id FROM resource b JOIN vm v ON v.id = b.id WHERE b.type = ?"
                        + " AND b.state IN ('CREATING', 'UPDATING', 'DELETING') AND v.set_id = ?)"
                        + " ORDER BY v.arm_key",
                SqlVmStore::read,
                id,
                id,
                Heads.lower(ConfidentialVm.TYPE),
                id);
    }

    @Override
    public long count(Tx tx, ArmId set) {
        return SqlTx.of(tx)
                .number("SELECT count(*) FROM vm WHERE set_id = (SELECT id FROM resource WHERE arm_key = ?)", set);
    }

    @Override
    public long countEphemeral(Tx tx, ArmId set) {
        return SqlTx.of(tx)
                .number(
                        "SELECT count(*) FROM vm WHERE ephemeral = 1"
                                + " AND set_id = (SELECT id FROM resource WHERE arm_key = ?)",
                        set);
    }

    @Override
    public List<ConfidentialVm> notStopped(Tx tx, String host, Optional<String> after, int limit) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE v.host = ? AND " + ACTIVE + " AND v.arm_key > ? ORDER BY v.arm_key LIMIT ?",
                        SqlVmStore::read,
                        host,
                        after.orElse(""),
                        limit);
    }

    @Override
    public long countOn(Tx tx, String host) {
        return SqlTx.of(tx).number("SELECT count(*) FROM vm WHERE host = ?", host);
    }

    static ConfidentialVm read(Row row) throws SQLException {
        return new ConfidentialVm(
                Heads.read(row),
                row.uuid(),
                new Hardware(row.optionalText(), row.truth()),
                row.constant(SecurityEncryption.class),
                row.optionalArmId(),
                row.text(),
                row.truth(),
                row.constant(PowerState.class),
                row.time(),
                JsonColumns.error(row.optionalText()));
    }
}
