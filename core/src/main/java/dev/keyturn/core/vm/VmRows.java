package dev.keyturn.core.vm;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Reads and moves rows of VMs inside an open transaction. */
public record VmRows(VmStore vms, Clock clock) {
    public ConfidentialVm vm(Tx tx, ArmId id) {
        return vms.find(tx, id).orElseThrow(() -> DomainError.notFound(id).asException());
    }

    /** Moves the head to {@code state} and returns the VM as stored. */
    public ConfidentialVm to(Tx tx, ConfidentialVm vm, ProvisioningState state) {
        return store(tx, vm.with(vm.head().in(state, now())));
    }

    public ConfidentialVm store(Tx tx, ConfidentialVm next) {
        if (vms.update(tx, next).missed()) {
            throw new IllegalStateException("a VM changed inside a write transaction: " + next.id());
        }
        return next;
    }

    /** Moves the power state as the table says; refused as {@code Conflict} where it does not. */
    public ConfidentialVm power(Tx tx, ArmId id, PowerEvent event, Optional<ErrorInfo> fault) {
        return power(tx, vm(tx, id), event, fault);
    }

    /** As {@link #power(Tx, ArmId, PowerEvent, Optional)}, of a VM that this transaction has read. */
    public ConfidentialVm power(Tx tx, ConfidentialVm vm, PowerEvent event, Optional<ErrorInfo> fault) {
        PowerState next = PowerTable.require(vm.id(), vm.power(), event);
        if (next == vm.power()) {
            return vm;
        }
        if (vms.movePower(tx, vm.id(), Set.of(vm.power()), next, now(), fault).missed()) {
            throw new IllegalStateException("a VM's power changed inside a write transaction: " + vm.id());
        }
        return vm.in(next, now(), fault);
    }

    public Instant now() {
        return clock.instant();
    }

    /** Records why the VM is as it is, without a move. */
    public void fault(Tx tx, ConfidentialVm vm, Optional<ErrorInfo> fault) {
        if (vms.movePower(tx, vm.id(), Set.of(vm.power()), vm.power(), vm.powerSince(), fault)
                .missed()) {
            throw new IllegalStateException("a VM's power changed inside a write transaction: " + vm.id());
        }
    }
}
