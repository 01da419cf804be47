package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.DataKeys;
import dev.keyturn.core.disk.DeleteImagesHandler;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskWork;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Disks that a VM gets and loses while its machine runs. Each goes by itself, first the machine and then the store, and
 * what one of them has become is never taken back for another: the guest may have written to it (docs/steps.md).
 */
final class RunningDisks {
    private final VmParts parts;
    private final VmRows rows;
    private final DiskWork disks;

    RunningDisks(VmParts parts, DiskWork disks) {
        this.parts = parts;
        this.rows = new VmRows(parts);
        this.disks = disks;
    }

    /** Takes those of the disks that the VM still has. */
    void unplug(Lease lease, ConfidentialVm vm, List<ArmId> detach) {
        for (ArmId id : detach) {
            if (lease.read(tx -> underWay(tx, vm, id)).isPresent()) {
                unplug(lease, vm, id);
            }
        }
    }

    /** From the first order on it is none of the VM's artifacts, but where its host says that the machine keeps it. */
    private void unplug(Lease lease, ConfidentialVm vm, ArmId id) {
        Artifact artifact = lease.read(tx -> parts.artifacts().ofDisk(tx, id)).orElseThrow();
        lease.run(tx -> parts.artifacts().moveTo(tx, artifact.id(), Optional.empty()));
        try {
            parts.hosts().named(vm.host()).unplug(lease.fence(), vm.vmId(), disks.image(lease, artifact));
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Conflict) {
                lease.run(tx -> parts.artifacts().moveTo(tx, artifact.id(), Optional.of(vm.id())));
            }
            throw e;
        }
        lease.run(tx -> disks.release(tx, id));
    }

    /** Gives the VM its disks that were just made, and those of {@code attach} that it does not have yet. */
    void plug(Lease lease, ConfidentialVm vm, List<ArmId> attach) {
        List<Disk> coming = lease.read(tx -> Stream.concat(
                        disks.creating(tx, vm.id()).stream(),
                        attach.stream().flatMap(id -> underWay(tx, vm, id).stream()))
                .toList());
        VmHost host = parts.hosts().named(vm.host());
        Optional<DiskEncryptionSet> set = lease.read(tx -> rows.set(tx, vm.set()));
        try (DataKeys keys = parts.keys().lend(set.map(DiskEncryptionSet::principal))) {
            for (Disk disk : coming) {
                Artifact artifact = lease.read(tx -> parts.artifacts().ofDisk(tx, disk.id()))
                        .orElseThrow();
                host.plug(lease.fence(), vm.vmId(), keys.open(List.of(artifact)).getFirst());
                keys.takeBack();
                lease.run(tx -> {
                    parts.artifacts().moveTo(tx, artifact.id(), Optional.of(vm.id()));
                    rows.to(tx, rows.disk(tx, disk.id()), ProvisioningState.SUCCEEDED);
                });
            }
        }
    }

    /**
     * What the operation did not bring to its end. Of a disk that was to come, and of one that may have gone, nobody knows
     * whether the machine has it, so an operation of its own takes it from there: it is deleted with its image where it
     * was new, and otherwise free after that. A disk that was to go and was not asked for yet, or is kept, stays.
     */
    void failed(Tx tx, ConfidentialVm vm, Operation operation) {
        disks.creating(tx, vm.id())
                .forEach(d -> DeleteImagesHandler.dropped(tx, parts.disk(), d, Optional.of(vm.vmId()), operation));
        for (ArmId id : DiskWork.listed(operation, DiskWork.ATTACH)) {
            underWay(tx, vm, id).ifPresent(d -> UnplugDiskHandler.begin(tx, parts, vm, d, operation));
        }
        for (ArmId id : DiskWork.listed(operation, DiskWork.DETACH)) {
            underWay(tx, vm, id).ifPresent(d -> {
                if (parts.artifacts().ofDisk(tx, id).flatMap(Artifact::vm).isPresent()) {
                    rows.to(tx, d, ProvisioningState.SUCCEEDED);
                } else {
                    UnplugDiskHandler.begin(tx, parts, vm, d, operation);
                }
            });
        }
    }

    /** The disk where it still belongs to the VM and is on its way; one that has arrived may be anybody's by now. */
    private Optional<Disk> underWay(Tx tx, ConfidentialVm vm, ArmId id) {
        return parts.disks()
                .find(tx, id)
                .filter(d -> d.vm().equals(Optional.of(vm.id())))
                .filter(d -> d.head().state() == ProvisioningState.UPDATING);
    }
}
