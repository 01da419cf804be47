package dev.keyturn.core.power;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
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
import dev.keyturn.core.vm.VmRows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Turns confidential VMs on and off. Every request either is refused with nothing changed, or leaves a durable operation
 * that does it; where the VM is as was asked for, one that has ended. Thread-safe.
 */
public final class PowerService {
    private final PowerParts parts;
    private final VmRows rows;

    public PowerService(PowerParts parts) {
        this.parts = parts;
        this.rows = parts.rows();
    }

    /** Refused while the set's key is being rotated or cannot be used, naming the key (kill switch). */
    public Accepted<ConfidentialVm> start(Call call, ArmId id) {
        return parts.doors().act(call, Action.VM_START, Scope.of(id), permit -> {
            SetOf of = parts.transactions().read(tx -> setOf(tx, id));
            of.set()
                    .filter(s -> of.vm().power().stopped() && s.rotation().isEmpty())
                    .ifPresent(s -> parts.gate().requireStartable(s, of.vm().id()));
            return parts.operations().submit(permit, tx -> {
                ConfidentialVm vm = rows.vm(tx, id);
                parts.operations().requireIdle(tx, vm.id());
                Optional<DiskEncryptionSet> now = parts.setRows().free(tx, vm.set(), "started");
                parts.complete().require(tx, vm);
                // While any VM of the set runs, only the monitor says that the key is back: else every start would
                // begin the grace of the VMs that are to be shut down anew.
                now.filter(s -> s.keyLostAt().isPresent())
                        .filter(s -> parts.vms().blocking(tx, s.id()).stream()
                                .allMatch(v -> v.power().stopped()))
                        .ifPresent(s -> KeyLoss.clear(tx, parts, s));
                return begin(tx, permit, vm, PowerEvent.START_ASKED, OperationKind.START_VM, Map.of());
            });
        });
    }

    public Accepted<ConfidentialVm> restart(Call call, ArmId id) {
        return parts.doors().act(call, Action.VM_RESTART, Scope.of(id), permit -> {
            SetOf of = parts.transactions().read(tx -> setOf(tx, id));
            of.set()
                    .filter(s -> s.rotation().isEmpty())
                    .ifPresent(s -> parts.gate().requireStartable(s, of.vm().id()));
            return parts.operations().submit(permit, tx -> {
                ConfidentialVm vm = rows.vm(tx, id);
                parts.operations().requireIdle(tx, vm.id());
                parts.setRows().free(tx, vm.set(), "restarted");
                return begin(tx, permit, vm, PowerEvent.RESTART_ASKED, OperationKind.RESTART_VM, Map.of());
            });
        });
    }

    /** A VM and the set it is under, as they were when the request looked. */
    private record SetOf(ConfidentialVm vm, Optional<DiskEncryptionSet> set) {}

    private SetOf setOf(Tx tx, ArmId id) {
        ConfidentialVm vm = find(tx, id);
        return new SetOf(vm, parts.setRows().of(tx, vm.set()));
    }

    private ConfidentialVm find(Tx tx, ArmId id) {
        return parts.vms().find(tx, id).orElseThrow(() -> parts.groups().missing(tx, id));
    }

    /**
     * As {@link #powerOff} with a shutdown, for a change of the key of the VM's set: that it ran is noted, so that it can
     * be started again when that is done ({@code rotation.StoppedVms}).
     */
    public Accepted<ConfidentialVm> powerOffForKey(Call call, ArmId id, ArmId set) {
        return stop(
                call,
                Action.VM_POWER_OFF,
                id,
                PowerEvent.POWER_OFF_ASKED,
                OperationKind.POWER_OFF_VM,
                StopVmHandler.arguments(false),
                (tx, vm) -> {
                    if (vm.power() == PowerState.RUNNING && vm.set().equals(Optional.of(set))) {
                        parts.stopped().stopped(tx, set, vm, parts.clock().instant());
                    }
                });
    }

    /** Leads to {@code stopped}; the guest is asked to shut down first, but with {@code skipShutdown}. */
    public Accepted<ConfidentialVm> powerOff(Call call, ArmId id, boolean skipShutdown) {
        return stop(
                call,
                Action.VM_POWER_OFF,
                id,
                PowerEvent.POWER_OFF_ASKED,
                OperationKind.POWER_OFF_VM,
                StopVmHandler.arguments(skipShutdown),
                (_, _) -> {});
    }

    /** Leads to {@code deallocated}. */
    public Accepted<ConfidentialVm> deallocate(Call call, ArmId id) {
        return stop(
                call,
                Action.VM_DEALLOCATE,
                id,
                PowerEvent.DEALLOCATE_ASKED,
                OperationKind.DEALLOCATE_VM,
                StopVmHandler.arguments(false),
                (_, _) -> {});
    }

    private Accepted<ConfidentialVm> stop(
            Call call,
            Action action,
            ArmId id,
            PowerEvent event,
            OperationKind kind,
            Map<String, String> arguments,
            BiConsumer<Tx, ConfidentialVm> noted) {
        return parts.doors()
                .act(
                        call,
                        action,
                        Scope.of(id),
                        permit -> parts.operations().submit(permit, tx -> {
                            ConfidentialVm vm = find(tx, id);
                            if (vm.ephemeral()) {
                                throw DomainError.notAllowed("VM '" + vm.id().name()
                                                + "' has an ephemeral OS disk and can be neither stopped nor deallocated; it can"
                                                + " be restarted or deleted.")
                                        .asException();
                            }
                            parts.operations().requireIdle(tx, vm.id());
                            noted.accept(tx, vm);
                            return begin(tx, permit, vm, event, kind, arguments);
                        }));
    }

    /**
     * The kill switch's stop, which an ephemeral VM does not escape; empty where the VM does not run or an operation is
     * at work on it.
     */
    Optional<Operation> shutDown(Call call, ArmId id, ErrorInfo reason) {
        boolean idle = parts.transactions().read(tx -> runningAndIdle(tx, id)).isPresent();
        return idle
                ? parts.doors()
                        .act(
                                call,
                                Action.VM_POWER_OFF,
                                Scope.of(id),
                                permit -> parts.operations().submit(permit, tx -> shutDown(tx, permit, id, reason)))
                : Optional.empty();
    }

    private Optional<Operation> shutDown(Tx tx, Permit permit, ArmId id, ErrorInfo reason) {
        Optional<ConfidentialVm> vm = runningAndIdle(tx, id);
        if (vm.isEmpty()) {
            permit.nothing();
            return Optional.empty();
        }
        return Optional.of(begin(
                        tx,
                        permit,
                        vm.get(),
                        PowerEvent.POWER_OFF_ASKED,
                        OperationKind.POWER_OFF_VM,
                        StopVmHandler.arguments(reason))
                .operation());
    }

    private Optional<ConfidentialVm> runningAndIdle(Tx tx, ArmId id) {
        return parts.vms()
                .find(tx, id)
                .filter(v -> v.power() == PowerState.RUNNING
                        && parts.operations().running(tx, id).isEmpty());
    }

    private Accepted<ConfidentialVm> begin(
            Tx tx,
            Permit permit,
            ConfidentialVm before,
            PowerEvent event,
            OperationKind kind,
            Map<String, String> arguments) {
        ConfidentialVm moved = rows.power(tx, before, event, Optional.empty());
        if (moved.power() == before.power()) {
            return Accepted.of(before, parts.operations().ended(permit, tx, kind, before.id()));
        }
        ConfidentialVm busy = rows.to(tx, moved, ProvisioningState.UPDATING);
        return Accepted.of(busy, parts.operations().begin(permit, tx, kind, before.id(), arguments));
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
