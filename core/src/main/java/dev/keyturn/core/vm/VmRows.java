package dev.keyturn.core.vm;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Reads and moves rows of VMs, disks and sets inside an open transaction. */
final class VmRows {
    private final VmParts parts;

    VmRows(VmParts parts) {
        this.parts = parts;
    }

    ConfidentialVm vm(Tx tx, ArmId id) {
        return parts.vms()
                .find(tx, id)
                .orElseThrow(() -> DomainError.notFound(id).asException());
    }

    Disk disk(Tx tx, ArmId id) {
        return parts.disks()
                .find(tx, id)
                .orElseThrow(() -> DomainError.notFound(id).asException());
    }

    /** The set with this id, where there is one to look for; it must exist, because rows name it. */
    Optional<DiskEncryptionSet> set(Tx tx, Optional<ArmId> id) {
        return id.map(s -> parts.sets()
                .find(tx, s)
                .orElseThrow(() -> new IllegalStateException("a row names a set that is not there: " + s)));
    }

    /** The set, after the check that no rotation is at work on it; the interlock's half of a write transaction. */
    Optional<DiskEncryptionSet> freeSet(Tx tx, Optional<ArmId> id, String what) {
        Optional<DiskEncryptionSet> set = set(tx, id);
        set.ifPresent(s -> SetInterlock.requireNoRotation(s, what));
        return set;
    }

    /** Moves the head to {@code state} and returns the VM as stored. */
    ConfidentialVm to(Tx tx, ConfidentialVm vm, ProvisioningState state) {
        return store(tx, vm.with(vm.head().in(state, now())));
    }

    ConfidentialVm store(Tx tx, ConfidentialVm next) {
        if (!parts.vms().update(tx, next)) {
            throw new IllegalStateException("a VM changed inside a write transaction: " + next.id());
        }
        return next;
    }

    Disk store(Tx tx, Disk next) {
        if (!parts.disks().update(tx, next)) {
            throw new IllegalStateException("a disk changed inside a write transaction: " + next.id());
        }
        return next;
    }

    Disk to(Tx tx, Disk disk, ProvisioningState state) {
        return store(tx, with(disk, disk.head().in(state, now())));
    }

    /** Attached to, or with empty detached from, a VM, and in the state. */
    Disk attached(
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

    static Disk with(Disk d, Resource head) {
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

    /** Moves the power state as the table says; refused as {@code Conflict} where it does not. */
    ConfidentialVm power(Tx tx, ArmId id, PowerEvent event, Optional<ErrorInfo> fault) {
        ConfidentialVm vm = vm(tx, id);
        PowerState next = PowerTable.require(vm.id(), vm.power(), event);
        if (next == vm.power()) {
            return vm;
        }
        if (!parts.vms().movePower(tx, vm.id(), Set.of(vm.power()), next, now(), fault)) {
            throw new IllegalStateException("a VM's power changed inside a write transaction: " + id);
        }
        return vm.in(next, now(), fault);
    }

    /** Records why the VM is as it is, without a move. */
    void fault(Tx tx, ConfidentialVm vm, Optional<ErrorInfo> fault) {
        if (!parts.vms().movePower(tx, vm.id(), Set.of(vm.power()), vm.power(), vm.powerSince(), fault)) {
            throw new IllegalStateException("a VM's power changed inside a write transaction: " + vm.id());
        }
    }

    Instant now() {
        return parts.clock().instant();
    }
}
