package dev.keyturn.core.disk;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Resource;
import java.util.Optional;
import java.util.UUID;

/**
 * A managed disk of a CVM: its OS disk or a data disk, which may be attached to none. {@code set} is empty for one
 * under the platform's key. {@code host} has its image. {@code lun} is present for an attached data disk.
 * {@code source} is what the disk was filled from when it was made.
 */
public record Disk(
        Resource head,
        UUID uniqueId,
        boolean os,
        int sizeGb,
        Optional<ArmId> set,
        String host,
        Optional<ArmId> vm,
        Optional<Integer> lun,
        boolean deleteWithVm,
        Optional<ImageFile> source) {
    public static final String TYPE = "Microsoft.Compute/disks";

    public ArmId id() {
        return head.id();
    }

    public Disk with(Resource other) {
        return new Disk(other, uniqueId, os, sizeGb, set, host, vm, lun, deleteWithVm, source);
    }

    /** Attached to, or with empty detached from, a VM. */
    public Disk attached(Optional<ArmId> to, Optional<Integer> at, boolean deletedWithVm) {
        return new Disk(head, uniqueId, os, sizeGb, set, host, to, at, deletedWithVm, source);
    }
}
