package dev.keyturn.core.vm;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stops the VM, keeps the disks that are to be kept, deletes the rest with the guest state. Images before keys. */
final class DeleteVmHandler extends VmHandler {
    private final DiskWork disks;

    DeleteVmHandler(VmParts parts) {
        super(parts);
        this.disks = new DiskWork(parts);
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
        List<Disk> all = lease.read(tx -> parts.disks().ofVm(tx, vm.id()));
        List<Disk> kept = all.stream().filter(d -> keeps(lease, d)).toList();
        disks.detach(lease, vm, kept.stream().map(Disk::id).toList());
        List<Artifact> gone = lease.read(tx -> leftOver(tx, vm, kept));
        host.delete(lease.fence(), disks.images(lease, gone));
        host.forget(lease.fence(), vm.vmId());
        return tx -> finish(tx, vm, kept);
    }

    /** A disk that never got its image has nothing worth keeping. */
    private boolean keeps(Lease lease, Disk disk) {
        return !disk.deleteWithVm()
                && disk.head().state() != ProvisioningState.FAILED
                && lease.read(tx -> parts.artifacts().ofDisk(tx, disk.id())).isPresent();
    }

    private List<Artifact> leftOver(Tx tx, ConfidentialVm vm, List<Disk> kept) {
        List<Artifact> all = new ArrayList<>(parts.artifacts().ofVm(tx, vm.id()));
        all.removeIf(a -> a.disk()
                .filter(d -> kept.stream().anyMatch(k -> k.id().equals(d)))
                .isPresent());
        return all;
    }

    /** The VM stays, so its disks stay its own: it can be deleted again, or started with all of its keys. */
    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        ConfidentialVm vm = rows.vm(tx, operation.target());
        for (Disk disk : parts.disks().ofVm(tx, vm.id())) {
            parts.artifacts()
                    .ofDisk(tx, disk.id())
                    .ifPresent(a -> parts.artifacts().moveTo(tx, a.id(), Optional.of(vm.id())));
        }
        super.failed(tx, operation, error);
    }

    private Optional<ErrorInfo> finish(Tx tx, ConfidentialVm vm, List<Disk> kept) {
        List<Artifact> gone = leftOver(tx, vm, kept);
        parts.artifacts().delete(tx, gone.stream().map(Artifact::id).toList());
        for (Disk disk : parts.disks().ofVm(tx, vm.id())) {
            if (kept.stream().anyMatch(k -> k.id().equals(disk.id()))) {
                disks.release(tx, disk.id());
            } else {
                parts.disks().delete(tx, disk.id());
            }
        }
        parts.vms().delete(tx, vm.id());
        return Optional.empty();
    }
}
