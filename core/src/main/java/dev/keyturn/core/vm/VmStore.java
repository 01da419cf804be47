package dev.keyturn.core.vm;

import dev.keyturn.core.disk.DiskMachines;
import dev.keyturn.core.diskset.SetMembers;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The rows of confidential VMs; the head row goes along with every call. */
@CheckReturnValue
public interface VmStore extends DiskMachines {
    /** Missed, and nothing changed, where the id is taken. */
    Hit insert(Tx tx, ConfidentialVm vm);

    Optional<ConfidentialVm> find(Tx tx, ArmId id);

    /** By the id under which hosts know it. */
    Optional<ConfidentialVm> findByVmId(Tx tx, UUID vmId);

    /** Replaces head and row where the stored revision is one less than the given one; missed where it is not. */
    Hit update(Tx tx, ConfidentialVm vm);

    /**
     * Moves the power state in one step where it is one of {@code from}; missed, and nothing changed, where it is not:
     * then somebody else moved it, and the caller has to look again. Does not touch the revision: power is not part of
     * what a client writes. One that was off and runs is not one that was stopped for a change of a key any more.
     */
    Hit movePower(Tx tx, ArmId id, Set<PowerState> from, PowerState to, Instant now, Optional<ErrorInfo> fault);

    /** How many crashes of a VM are kept. */
    int CRASHES = 5;

    /** That a VM stopped by itself, as it was noticed, and what its host said of it. */
    record Crash(Instant at, ErrorInfo reason) {}

    /** Notes one of a VM that is there; the newest {@value #CRASHES} are kept, as long as the VM is there. */
    void crashed(Tx tx, ArmId id, Crash crash);

    /** Those that are kept, the newest first. */
    List<Crash> crashes(Tx tx, ArmId id);

    Hit delete(Tx tx, ArmId id);

    /** By id, as {@link dev.keyturn.core.resource.ResourceStore#page}. */
    List<ConfidentialVm> page(Tx tx, String subscription, Reach reach, Optional<String> after, int limit);

    /** As the other, of a group, or of all where none is named. */
    default List<ConfidentialVm> page(
            Tx tx, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return page(tx, subscription, Reach.in(group), after, limit);
    }

    /** CVMs of a set by id, from after {@code after}. */
    List<ConfidentialVm> ofSet(Tx tx, ArmId set, Optional<String> after, int limit);

    /** All CVMs of the set that are not stopped, that are ephemeral, or that an operation is at work on, by id. */
    List<ConfidentialVm> blocking(Tx tx, ArmId set);

    long count(Tx tx, ArmId set);

    /** How many of the set's CVMs have an ephemeral OS disk (R7). */
    long countEphemeral(Tx tx, ArmId set);

    /** Those the server believes not to be stopped, on a host, by id: what a reconciliation must look at. */
    List<ConfidentialVm> notStopped(Tx tx, String host, Optional<String> after, int limit);

    @Override
    default Optional<PowerState> power(Tx tx, ArmId vm) {
        return find(tx, vm).map(ConfidentialVm::power);
    }

    /** The VMs as what keeps a set from being deleted. */
    default SetMembers members() {
        return new SetMembers() {
            @Override
            public List<ArmId> under(Tx tx, ArmId set, Optional<String> after, int limit) {
                return ofSet(tx, set, after, limit).stream()
                        .map(ConfidentialVm::id)
                        .toList();
            }

            @Override
            public long count(Tx tx, ArmId set) {
                return VmStore.this.count(tx, set);
            }
        };
    }
}
