package dev.keyturn.core.power;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.PowerEvent;
import dev.keyturn.core.vm.VmCreation;
import dev.keyturn.core.vm.VmParts;
import dev.keyturn.core.vm.VmRows;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns confidential VMs on and off. Every request either is refused with nothing changed, or leaves a durable operation
 * that does it; where the VM is as was asked for, one that has ended. {@code requestedBy} is the caller's name, for the
 * record. Thread-safe.
 */
public final class PowerService {
    private final VmParts parts;
    private final VmRows rows;

    public PowerService(VmParts parts) {
        this.parts = parts;
        this.rows = new VmRows(parts);
    }

    /** Refused while the set's key is being rotated or cannot be used, naming the key (kill switch). */
    public Accepted<ConfidentialVm> start(ArmId id, String requestedBy) {
        ConfidentialVm vm = parts.transactions().read(tx -> rows.vm(tx, id));
        Optional<DiskEncryptionSet> set = parts.transactions().read(tx -> rows.set(tx, vm.set()));
        if (set.isPresent() && vm.power().stopped() && set.get().rotation().isEmpty()) {
            parts.gate().requireStartable(set.get(), vm.id());
        }
        return parts.operations().submit(tx -> {
            parts.operations().requireIdle(tx, vm.id());
            Optional<DiskEncryptionSet> now = rows.freeSet(tx, vm.set(), "started");
            requireComplete(tx, rows.vm(tx, id));
            // While any VM of the set runs, only the monitor says that the key is back: else every start would begin
            // the grace of the VMs that are to be shut down anew.
            now.filter(s -> s.keyLostAt().isPresent())
                    .filter(s -> parts.vms().blocking(tx, s.id()).stream()
                            .allMatch(v -> v.power().stopped()))
                    .ifPresent(s -> KeyLoss.clear(tx, parts, s));
            return begin(tx, id, PowerEvent.START_ASKED, OperationKind.START_VM, Map.of(), requestedBy);
        });
    }

    public Accepted<ConfidentialVm> restart(ArmId id, String requestedBy) {
        ConfidentialVm vm = parts.transactions().read(tx -> rows.vm(tx, id));
        parts.transactions()
                .read(tx -> rows.set(tx, vm.set()))
                .filter(s -> s.rotation().isEmpty())
                .ifPresent(s -> parts.gate().requireStartable(s, vm.id()));
        return parts.operations().submit(tx -> {
            parts.operations().requireIdle(tx, vm.id());
            rows.freeSet(tx, vm.set(), "restarted");
            return begin(tx, id, PowerEvent.RESTART_ASKED, OperationKind.RESTART_VM, Map.of(), requestedBy);
        });
    }

    /** Leads to {@code stopped}; the guest is asked to shut down first, but with {@code skipShutdown}. */
    public Accepted<ConfidentialVm> powerOff(ArmId id, boolean skipShutdown, String requestedBy) {
        return stop(
                id,
                PowerEvent.POWER_OFF_ASKED,
                OperationKind.POWER_OFF_VM,
                StopVmHandler.arguments(skipShutdown),
                requestedBy);
    }

    /** Leads to {@code deallocated}. */
    public Accepted<ConfidentialVm> deallocate(ArmId id, String requestedBy) {
        return stop(
                id,
                PowerEvent.DEALLOCATE_ASKED,
                OperationKind.DEALLOCATE_VM,
                StopVmHandler.arguments(false),
                requestedBy);
    }

    private Accepted<ConfidentialVm> stop(
            ArmId id, PowerEvent event, OperationKind kind, Map<String, String> arguments, String requestedBy) {
        return parts.operations().submit(tx -> {
            ConfidentialVm vm = rows.vm(tx, id);
            if (vm.ephemeral()) {
                throw DomainError.notAllowed("VM '" + vm.id().name()
                                + "' has an ephemeral OS disk and can be neither stopped nor deallocated; it can be"
                                + " restarted or deleted.")
                        .asException();
            }
            parts.operations().requireIdle(tx, vm.id());
            return begin(tx, id, event, kind, arguments, requestedBy);
        });
    }

    /**
     * The kill switch's stop, which an ephemeral VM does not escape; empty where the VM does not run or an operation is
     * at work on it.
     */
    Optional<Operation> shutDown(ArmId id, ErrorInfo reason, String requestedBy) {
        return parts.operations().submit(tx -> {
            Optional<ConfidentialVm> vm = parts.vms().find(tx, id).filter(v -> v.power() == PowerState.RUNNING);
            if (vm.isEmpty() || parts.operations().running(tx, id).isPresent()) {
                return Optional.empty();
            }
            return Optional.of(begin(
                            tx,
                            id,
                            PowerEvent.POWER_OFF_ASKED,
                            OperationKind.POWER_OFF_VM,
                            StopVmHandler.arguments(reason),
                            requestedBy)
                    .operation());
        });
    }

    private Accepted<ConfidentialVm> begin(
            Tx tx, ArmId id, PowerEvent event, OperationKind kind, Map<String, String> arguments, String requestedBy) {
        ConfidentialVm before = rows.vm(tx, id);
        ConfidentialVm moved = rows.power(tx, id, event, Optional.empty());
        if (moved.power() == before.power()) {
            return Accepted.of(before, parts.operations().ended(tx, kind, before.id(), requestedBy));
        }
        ConfidentialVm busy = rows.to(tx, moved, ProvisioningState.UPDATING);
        return Accepted.of(busy, parts.operations().begin(tx, kind, before.id(), arguments, requestedBy));
    }

    /** A VM whose creation stopped half-way has nothing to start. */
    private void requireComplete(Tx tx, ConfidentialVm vm) {
        List<Disk> disks = parts.disks().ofVm(tx, vm.id());
        VmCreation.requireOsDisk(vm, disks);
        boolean complete = VmCreation.complete(parts, tx, vm, disks);
        if (!complete) {
            throw DomainError.notAllowed("VM '" + vm.id().name()
                            + "' was not created completely. PUT it again to finish, or delete it.")
                    .asException();
        }
    }

    /** The handlers of the operations on power, for the runner of operations. */
    public List<OperationHandler> handlers() {
        return List.of(
                new StartVmHandler(parts),
                new StopVmHandler(parts, OperationKind.POWER_OFF_VM),
                new StopVmHandler(parts, OperationKind.DEALLOCATE_VM),
                new RestartVmHandler(parts));
    }
}
