package dev.keyturn.core.power;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which VMs ran and were stopped for a change of the key of their set. That one of them runs again is noted with the move
 * of its power ({@link dev.keyturn.core.vm.VmStore#movePower}).
 */
@CheckReturnValue
public interface StoppedVmStore {
    /** So long something is said of them. */
    Duration KEPT = Duration.ofDays(30);

    /** Notes it in the place of an earlier note of the VM. */
    void stopped(Tx tx, ArmId set, ConfidentialVm vm, Instant now);

    /** How many VMs of the set were stopped at or after {@code since}, and what became of them. */
    List<StoppedVm.Count> counts(Tx tx, ArmId set, Instant since);

    /** The first of those that are {@link StoppedVm.Now#OFF}, by id, and were stopped after one of these rotations. */
    List<StoppedVm> off(Tx tx, ArmId set, Instant since, Set<Optional<OperationId>> afterRotations, int limit);
}
