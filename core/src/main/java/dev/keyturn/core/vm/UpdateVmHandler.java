package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.disk.DeleteImagesHandler;
import dev.keyturn.core.disk.DiskWork;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/**
 * Data disks made, attached and detached. On a stopped VM, one that fails leaves the VM with the disks it had; what a host
 * believes to be attached follows the store at the next start. On one that runs see {@link RunningDisks}. While this is at
 * work nobody moves the VM's power, so it is one or the other from the first try to the last (docs/steps.md).
 */
final class UpdateVmHandler extends VmHandler {
    private final VmParts parts;
    private final DiskWork disks;
    private final RunningDisks running;

    UpdateVmHandler(VmParts parts) {
        super(parts.rows(), parts.hosts());
        this.parts = parts;
        this.disks = new DiskWork(parts.disk());
        this.running = new RunningDisks(parts, disks);
    }

    @Override
    public OperationKind kind() {
        return OperationKind.UPDATE_VM;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        ConfidentialVm vm = vm(operation, lease);
        List<ArmId> detach = DiskWork.listed(operation, DiskWork.DETACH);
        disks.provision(lease, vm.asOwner(), false);
        if (!vm.power().stopped()) {
            running.unplug(
                    operation, lease, vm, detach); // first, because a disk that comes may take the lun of one that goes
            running.plug(lease, vm, DiskWork.listed(operation, DiskWork.ATTACH));
            return tx -> succeeded(tx, rows.vm(tx, operation.target()));
        }
        DiskWork.listed(operation, DiskWork.ATTACH).forEach(d -> disks.attach(lease, vm.asOwner(), d));
        detach.forEach(d -> disks.detach(lease, vm.asOwner(), d));
        return tx -> {
            detach.forEach(d -> disks.release(tx, d));
            disks.settled(tx, vm.id());
            return succeeded(tx, rows.vm(tx, operation.target()));
        };
    }

    /** A disk that is taken from a machine that runs goes as one that is no VM's. */
    @Override
    protected List<ArtifactImage> apart(Operation operation, Lease lease) {
        List<Artifact> going = lease.read(tx -> DiskWork.listed(operation, DiskWork.DETACH).stream()
                .flatMap(id -> parts.artifacts().ownedBy(tx, id).stream())
                .toList());
        return disks.images(lease, going);
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        ConfidentialVm vm = rows.vm(tx, operation.target());
        if (!vm.power().stopped()) {
            // No fault of the VM's: those are of starts and stops, and go with the next.
            running.failed(tx, vm, operation);
            rows.to(tx, vm, ProvisioningState.FAILED);
            return;
        }
        disks.creating(tx, vm.id())
                .forEach(d -> DeleteImagesHandler.dropped(tx, parts.disk(), d, Optional.empty(), operation));
        DiskWork.listed(operation, DiskWork.ATTACH).forEach(d -> disks.release(tx, d));
        DiskWork.listed(operation, DiskWork.DETACH).forEach(d -> disks.to(tx, d, ProvisioningState.SUCCEEDED));
        super.failed(tx, operation, error);
    }
}
