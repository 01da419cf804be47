package dev.keyturn.store;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.power.StoppedVm;
import dev.keyturn.core.power.StoppedVmStore;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.store.engine.SqlTx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Notes about VMs that were stopped for a change of a key: one of a VM. */
final class SqlStoppedVmStore implements StoppedVmStore {
    private static final Set<PowerState> OFF_OR_STARTING =
            Collections.unmodifiableSet(EnumSet.of(PowerState.STOPPED, PowerState.DEALLOCATED, PowerState.STARTING));
    private static final String FATE = """
            CASE WHEN v.id IS NULL THEN 'GONE'
                WHEN s.started_at IS NOT NULL THEN 'STARTED'
                WHEN v.power IN ('STOPPED', 'DEALLOCATED') THEN 'OFF'
                WHEN v.power = 'RUNNING' THEN 'RAN_ON'
                ELSE 'MOVING' END""";

    @Override
    public void stopped(Tx tx, ArmId set, ConfidentialVm vm, Instant now) {
        SqlTx sql = SqlTx.of(tx);
        sql.update("DELETE FROM stopped_for_key WHERE set_ref = ? AND stopped_at < ?", set, now.minus(KEPT));
        sql.update("DELETE FROM stopped_for_key WHERE vm_key = ?", vm.id());
        sql.update("""
                INSERT INTO stopped_for_key (vm_key, vm, vm_uuid, set_ref, stopped_at, after_rotation)
                VALUES (?, ?, ?, ?, ?, (SELECT id FROM rotation WHERE set_ref = ? ORDER BY sequence DESC LIMIT 1))""", vm.id(), vm.id().toString(), vm.vmId(), set, now, set);
    }

    @Override
    public List<StoppedVm.Count> counts(Tx tx, ArmId set, Instant since) {
        return SqlTx.of(tx)
                .list(
                        "SELECT after_rotation, fate, count(*) FROM (SELECT s.after_rotation, " + FATE + """
                         AS fate FROM stopped_for_key s LEFT JOIN vm v ON v.vm_uuid = s.vm_uuid
                        WHERE s.set_ref = ? AND s.stopped_at >= ?) n GROUP BY after_rotation, fate""",
                        row -> new StoppedVm.Count(
                                row.optionalOperationId(), row.constant(StoppedVm.Now.class), row.integer()),
                        set,
                        since);
    }

    @Override
    public List<StoppedVm> off(Tx tx, ArmId set, Instant since, Set<Optional<OperationId>> afterRotations, int limit) {
        List<OperationId> ids =
                afterRotations.stream().flatMap(Optional::stream).toList();
        List<String> after = new ArrayList<>();
        if (!ids.isEmpty()) {
            after.add("s.after_rotation IN (" + String.join(", ", Collections.nCopies(ids.size(), "?")) + ")");
        }
        if (afterRotations.contains(Optional.<OperationId>empty())) {
            after.add("s.after_rotation IS NULL");
        }
        if (after.isEmpty()) {
            return List.of();
        }
        List<Object> arguments = new ArrayList<>(List.of(set, since));
        arguments.addAll(ids);
        arguments.add(limit);
        return SqlTx.of(tx)
                .list(
                        "SELECT s.vm, v.fault FROM stopped_for_key s JOIN vm v ON v.vm_uuid = s.vm_uuid"
                                + " WHERE s.set_ref = ? AND s.stopped_at >= ? AND s.started_at IS NULL"
                                + " AND v.power IN ('STOPPED', 'DEALLOCATED') AND (" + String.join(" OR ", after)
                                + ") ORDER BY s.vm_key LIMIT ?",
                        row -> new StoppedVm(row.armId(), JsonColumns.error(row.optionalText())),
                        arguments.toArray());
    }

    /** The VM goes from one of those states to that one. A start that fails is none, and neither is a stop that does. */
    static void moved(SqlTx sql, ArmId vm, Set<PowerState> from, PowerState to, Instant now) {
        if (to == PowerState.RUNNING && OFF_OR_STARTING.containsAll(from)) {
            sql.update("UPDATE stopped_for_key SET started_at = ? WHERE vm_key = ? AND started_at IS NULL", now, vm);
        }
    }
}
