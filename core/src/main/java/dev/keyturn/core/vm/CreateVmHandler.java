package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskWork;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keys, images, start. A creation that fails before all images are there leaves the VM as Failed and without artifacts:
 * a PUT makes it anew, a DELETE removes all that it has (docs/steps.md).
 */
final class CreateVmHandler extends VmHandler {
    private final VmParts parts;
    private final DiskWork disks;
    private final Starting starting;

    CreateVmHandler(VmParts parts) {
        super(parts.rows(), parts.hosts());
        this.parts = parts;
        this.disks = new DiskWork(parts.disk());
        this.starting = parts.starting();
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
            return succeeded(tx, rows.power(tx, operation.target(), PowerEvent.HOST_STARTED, Optional.empty()));
        };
    }

    /** Everything before the start; not again once the start was asked for, because by then the machine may run. */
    private void prepare(Operation operation, Lease lease, ConfidentialVm vm) {
        disks.provision(lease, vm.asOwner(), true);
        for (ArmId id : DiskWork.listed(operation, DiskWork.ATTACH)) {
            if (lease.read(tx -> disks.underWay(tx, vm.id(), id)).isPresent()) {
                disks.attach(lease, vm.asOwner(), id);
                lease.run(tx -> disks.to(tx, id, ProvisioningState.SUCCEEDED));
            }
        }
        lease.run(tx -> {
            disks.settled(tx, vm.id());
            parts.setRows().free(tx, vm.set(), "started");
            rows.power(tx, vm.id(), PowerEvent.START_ASKED, Optional.empty());
        });
    }

    /** Nothing of what it made is known to be whole, so none of it counts; what was attached stays as it is. */
    private void unmake(Tx tx, ConfidentialVm vm) {
        List<Disk> made = disks.creating(tx, vm.id());
        List<ArtifactId> gone = Stream.concat(Stream.of(vm.id()), made.stream().map(Disk::id))
                .flatMap(owner -> parts.artifacts().ownedBy(tx, owner).stream())
                .map(Artifact::id)
                .toList();
        parts.artifacts().condemn(tx, gone, true);
        made.forEach(d -> disks.to(tx, d.id(), ProvisioningState.FAILED));
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        ConfidentialVm vm = rows.vm(tx, operation.target());
        if (vm.power() != PowerState.STARTING) {
            unmake(tx, vm);
        }
        for (ArmId id : DiskWork.listed(operation, DiskWork.ATTACH)) {
            disks.underWay(tx, vm.id(), id).ifPresent(d -> disks.release(tx, id));
        }
        super.failed(tx, operation, error);
    }
}
