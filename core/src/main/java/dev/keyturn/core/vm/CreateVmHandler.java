package dev.keyturn.core.vm;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/**
 * Keys, images, start. A creation that fails leaves the VM as Failed, as Azure does: a PUT takes it up where it
 * stopped, a DELETE removes all that it has.
 */
final class CreateVmHandler extends VmHandler {
    private final DiskWork disks;
    private final Starting starting;

    CreateVmHandler(VmParts parts) {
        super(parts);
        this.disks = new DiskWork(parts);
        this.starting = new Starting(parts);
    }

    @Override
    public OperationKind kind() {
        return OperationKind.CREATE_VM;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        ConfidentialVm vm = vm(operation, lease);
        if (vm.power() != PowerState.STARTING) {
            prepare(operation, lease, vm);
        }
        starting.start(lease, vm);
        return tx -> {
            rows.power(tx, operation.target(), PowerEvent.HOST_STARTED, Optional.empty());
            return succeeded(tx, operation);
        };
    }

    /** Everything before the start; not again once the start was asked for, because by then the machine may run. */
    private void prepare(Operation operation, Lease lease, ConfidentialVm vm) {
        disks.provision(lease, vm, true);
        disks.attach(lease, vm, DiskWork.listed(operation, DiskWork.ATTACH));
        lease.run(tx -> {
            disks.settled(tx, vm);
            rows.freeSet(tx, vm.set(), "started");
            rows.power(tx, vm.id(), PowerEvent.START_ASKED, Optional.empty());
        });
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        ConfidentialVm vm = rows.vm(tx, operation.target());
        for (Disk disk : parts.disks().ofVm(tx, vm.id())) {
            if (disk.head().state() == ProvisioningState.CREATING) {
                rows.to(tx, disk, ProvisioningState.FAILED);
            }
        }
        for (ArmId id : DiskWork.listed(operation, DiskWork.ATTACH)) {
            boolean moved =
                    parts.artifacts().ofDisk(tx, id).flatMap(Artifact::vm).isPresent();
            Optional<Disk> disk = parts.disks().find(tx, id);
            if (disk.isPresent() && disk.get().head().state() == ProvisioningState.UPDATING) {
                if (moved) {
                    rows.to(tx, disk.get(), ProvisioningState.SUCCEEDED);
                } else {
                    disks.release(tx, id);
                }
            }
        }
        super.failed(tx, operation, error);
    }
}
