package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.DataKeys;
import dev.keyturn.core.disk.DeleteImagesHandler;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskWork;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.host.ArtifactImage;
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
import java.util.Set;
import java.util.stream.Stream;

/**
 * Disks that a VM gets and loses while its machine runs. Each goes by itself, first the machine and then the store, and
 * what one of them has become is never taken back for another: the guest may have written to it (docs/steps.md).
 */
final class RunningDisks {
    private final VmParts parts;
    private final DiskWork disks;

    RunningDisks(VmParts parts, DiskWork disks) {
        this.parts = parts;
        this.disks = disks;
    }

    /** Takes those of the disks that the VM still has. */
    void unplug(Operation operation, Lease lease, ConfidentialVm vm, List<ArmId> detach) {
        for (ArmId id : detach) {
            Optional<Disk> going = lease.read(tx -> disks.underWay(tx, vm.id(), id));
            going.ifPresent(disk -> unplug(operation, lease, vm, disk));
        }
    }

    /**
     * That it was asked for is noted before the first order: from then on nobody knows whether the machine has it, but
     * where its host says that the machine keeps it.
     */
    private void unplug(Operation operation, Lease lease, ConfidentialVm vm, Disk disk) {
        ArmId id = disk.id();
        Artifact artifact = lease.read(tx -> parts.artifacts().ownedBy(tx, id)).orElseThrow();
        ArtifactImage image = disks.image(lease, artifact).unattached();
        lease.run(tx ->
                parts.operations().tried(tx, operation.id(), id, disk.head().revision()));
        try {
            parts.hosts().named(vm.host()).unplug(lease.fence(), vm.vmId(), image);
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Conflict) {
                lease.run(tx -> parts.operations().untried(tx, operation.id(), id));
            }
            throw e;
        }
        lease.run(tx -> disks.release(tx, id));
    }

    /** Gives the VM its disks that were just made, and those of {@code attach} that it does not have yet. */
    void plug(Lease lease, ConfidentialVm vm, List<ArmId> attach) {
        List<Disk> coming = lease.read(tx -> Stream.concat(
                        disks.creating(tx, vm.id()).stream(),
                        attach.stream().flatMap(id -> disks.underWay(tx, vm.id(), id).stream()))
                .toList());
        VmHost host = parts.hosts().named(vm.host());
        Optional<DiskEncryptionSet> set = lease.read(tx -> parts.setRows().of(tx, vm.set()));
        try (DataKeys keys = parts.keys().lend(set.map(DiskEncryptionSet::principal))) {
            for (Disk disk : coming) {
                Artifact artifact = lease.read(tx -> parts.artifacts().ownedBy(tx, disk.id()))
                        .orElseThrow();
                host.plug(lease.fence(), vm.vmId(), keys.open(List.of(artifact)).getFirst());
                keys.takeBack();
                lease.run(tx -> disks.to(tx, disk.id(), ProvisioningState.SUCCEEDED));
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
            disks.underWay(tx, vm.id(), id).ifPresent(d -> UnplugDiskHandler.begin(tx, parts, vm, d, operation));
        }
        Set<String> asked = parts.operations().tried(tx, operation.id()).keySet();
        for (ArmId id : DiskWork.listed(operation, DiskWork.DETACH)) {
            disks.underWay(tx, vm.id(), id).ifPresent(d -> {
                if (asked.contains(id.key())) {
                    UnplugDiskHandler.begin(tx, parts, vm, d, operation);
                } else {
                    disks.to(tx, d.id(), ProvisioningState.SUCCEEDED);
                }
            });
        }
    }
}
