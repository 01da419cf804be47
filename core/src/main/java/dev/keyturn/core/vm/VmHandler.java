package dev.keyturn.core.vm;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** What the operations on one VM have in common. */
public abstract class VmHandler implements OperationHandler {
    protected final VmRows rows;
    private final Hosts hosts;

    protected VmHandler(VmRows rows, Hosts hosts) {
        this.rows = rows;
        this.hosts = hosts;
    }

    protected ConfidentialVm vm(Operation operation, Lease lease) {
        return lease.read(tx -> rows.vm(tx, operation.target()));
    }

    protected VmHost host(ConfidentialVm vm) {
        return hosts.named(vm.host());
    }

    /** The images that orders of it are about which are not about the VM too; none, unless it says so. */
    protected List<ArtifactImage> apart(Operation operation, Lease lease) {
        return List.of();
    }

    @Override
    public void fenceOff(Operation operation, Lease lease) {
        ConfidentialVm vm = vm(operation, lease);
        VmHost host = host(vm);
        host.fence(lease.refence(), Optional.of(vm.vmId()), apart(operation, lease));
        if (vm.power() == PowerState.STARTING && host.power(vm.vmId()).equals(Optional.of(PowerState.RUNNING))) {
            // An earlier claim's order came just before the fence: the row must not say that the VM is stopped.
            throw new DomainError.Conflict(
                            ErrorInfo.of("VmRuns", "VM '" + vm.id() + "' runs by an earlier order to its host"))
                    .asException();
        }
    }

    /** The last step of one that went well: the head is Succeeded. */
    protected Optional<ErrorInfo> succeeded(Tx tx, ConfidentialVm vm) {
        rows.to(tx, vm, ProvisioningState.SUCCEEDED);
        return Optional.empty();
    }

    /** Ends a start or a stop that is under way as the table says, with the reason; a VM at rest gets the reason. */
    protected void powerFailed(Tx tx, Operation operation, ErrorInfo error) {
        ConfidentialVm vm = rows.vm(tx, operation.target());
        switch (vm.power()) {
            case STARTING -> rows.power(tx, vm.id(), PowerEvent.START_FAILED, Optional.of(error));
            case STOPPING, DEALLOCATING -> rows.power(tx, vm.id(), PowerEvent.STOP_FAILED, Optional.of(error));
            case RUNNING, STOPPED, DEALLOCATED -> rows.fault(tx, vm, Optional.of(error));
        }
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        powerFailed(tx, operation, error);
        rows.to(tx, rows.vm(tx, operation.target()), ProvisioningState.FAILED);
    }
}
