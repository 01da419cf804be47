package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskWork;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Stops the VM, keeps the disks that are to be kept, deletes the rest with the guest state. Keys before images: once the
 * keys are gone no set counts the VM, and what the host does not delete is deleted when the VM is deleted again.
 */
final class DeleteVmHandler extends VmHandler {
    private final VmParts parts;
    private final DiskWork disks;

    DeleteVmHandler(VmParts parts) {
        super(parts.rows(), parts.hosts());
        this.parts = parts;
        this.disks = new DiskWork(parts.disk());
    }

    @Override
    public OperationKind kind() {
        return OperationKind.DELETE_VM;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        ConfidentialVm vm = vm(operation, lease);
        VmHost host = host(vm);
        host.stop(lease.fence(), vm.vmId(), Duration.ZERO);
        lease.run(tx -> condemn(tx, rows.vm(tx, vm.id())));
        disks.delete(lease, lease.read(tx -> parts.artifacts().condemnedOfVm(tx, vm.vmId())));
        host.forget(lease.fence(), vm.vmId());
        return tx -> {
            parts.vms().delete(tx, vm.id()).require(vm.id());
            return Optional.empty();
        };
    }

    /** From here on it only goes forward: kept disks are free, and nothing else can be opened any more. */
    private void condemn(Tx tx, ConfidentialVm vm) {
        for (Disk disk : parts.disks().ofVm(tx, vm.id())) {
            Optional<Artifact> artifact = parts.artifacts().ownedBy(tx, disk.id());
            if (artifact.isPresent() && keeps(disk)) {
                disks.release(tx, disk.id());
            } else {
                artifact.ifPresent(a -> parts.artifacts().condemn(tx, List.of(a.id()), true));
                parts.disks().delete(tx, disk.id()).require(disk.id());
            }
        }
        parts.artifacts().ownedBy(tx, vm.id()).ifPresent(a -> parts.artifacts().condemn(tx, List.of(a.id()), true));
        if (vm.power() == PowerState.RUNNING) {
            rows.power(tx, vm.id(), PowerEvent.HOST_SAYS_STOPPED, Optional.empty());
        }
    }

    /** A disk that never got its image has nothing worth keeping. */
    private static boolean keeps(Disk disk) {
        return !disk.deleteWithVm() && disk.head().state() != ProvisioningState.FAILED;
    }
}
