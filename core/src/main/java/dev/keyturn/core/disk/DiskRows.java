package dev.keyturn.core.disk;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.Optional;

/** Reads and moves rows of disks and sets inside an open transaction. */
public class DiskRows {
    private final DiskParts parts;

    public DiskRows(DiskParts parts) {
        this.parts = parts;
    }

    public final Disk disk(Tx tx, ArmId id) {
        return parts.disks()
                .find(tx, id)
                .orElseThrow(() -> DomainError.notFound(id).asException());
    }

    /** The set with this id, where there is one to look for; it must exist, because rows name it. */
    public final Optional<DiskEncryptionSet> set(Tx tx, Optional<ArmId> id) {
        return id.map(s -> parts.sets()
                .find(tx, s)
                .orElseThrow(() -> new IllegalStateException("a row names a set that is not there: " + s)));
    }

    /** The set, after the check that no rotation is at work on it; the interlock's half of a write transaction. */
    public final Optional<DiskEncryptionSet> freeSet(Tx tx, Optional<ArmId> id, String what) {
        Optional<DiskEncryptionSet> set = set(tx, id);
        set.ifPresent(s -> SetInterlock.requireNoRotation(s, what));
        return set;
    }

    public final Disk store(Tx tx, Disk next) {
        if (parts.disks().update(tx, next).missed()) {
            throw new IllegalStateException("a disk changed inside a write transaction: " + next.id());
        }
        return next;
    }

    public final Disk to(Tx tx, Disk disk, ProvisioningState state) {
        return store(tx, with(disk, disk.head().in(state, now())));
    }

    /** Attached to, or with empty detached from, a VM, and in the state. */
    public final Disk attached(
            Tx tx,
            Disk disk,
            Optional<ArmId> vm,
            Optional<Integer> lun,
            boolean deleteWithVm,
            ProvisioningState state) {
        Resource head = disk.head().in(state, now());
        return store(
                tx,
                new Disk(
                        head,
                        disk.uniqueId(),
                        disk.os(),
                        disk.sizeGb(),
                        disk.set(),
                        disk.host(),
                        vm,
                        lun,
                        deleteWithVm,
                        disk.source()));
    }

    public static Disk with(Disk d, Resource head) {
        return new Disk(
                head,
                d.uniqueId(),
                d.os(),
                d.sizeGb(),
                d.set(),
                d.host(),
                d.vm(),
                d.lun(),
                d.deleteWithVm(),
                d.source());
    }

    public final Instant now() {
        return parts.clock().instant();
    }
}
