package dev.keyturn.core.disk;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Reads and moves rows of disks inside an open transaction. */
public record DiskRows(DiskStore disks, Clock clock) {
    public Disk disk(Tx tx, ArmId id) {
        return disks.find(tx, id).orElseThrow(() -> DomainError.notFound(id).asException());
    }

    public Disk store(Tx tx, Disk next) {
        if (disks.update(tx, next).missed()) {
            throw new IllegalStateException("a disk changed inside a write transaction: " + next.id());
        }
        return next;
    }

    public Disk to(Tx tx, Disk disk, ProvisioningState state) {
        return store(tx, disk.with(disk.head().in(state, now())));
    }

    /** Attached to, or with empty detached from, a VM, and in the state. */
    public Disk attached(
            Tx tx,
            Disk disk,
            Optional<ArmId> vm,
            Optional<Integer> lun,
            boolean deleteWithVm,
            ProvisioningState state) {
        return to(tx, disk.attached(vm, lun, deleteWithVm), state);
    }

    public Instant now() {
        return clock.instant();
    }
}
