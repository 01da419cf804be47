package dev.keyturn.core.vm;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskRows;
import dev.keyturn.core.disk.DiskRules;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Puts down, in the transaction that begins an operation on a VM, which disks it will make and attach. */
final class DiskDrafts {
    private final VmParts parts;
    private final DiskRows rows;

    DiskDrafts(VmParts parts) {
        this.parts = parts;
        this.rows = parts.diskRows();
    }

    /**
     * Data disks: new rows, and disks that exist, whose ids are returned. {@code leaving} of those that the VM has go.
     *
     * @throws DomainException with all that is wrong with any of them; the transaction must not be committed then
     */
    List<ArmId> add(Tx tx, ConfidentialVm vm, List<DataDiskSpec> specs, int leaving) {
        List<ArmId> attach = new ArrayList<>();
        List<DomainError> refused = new ArrayList<>();
        tooMany(tx, vm, specs.size() - leaving).ifPresent(refused::add);
        for (DataDiskSpec spec : specs) {
            try {
                add(tx, vm, spec, attach);
            } catch (DomainException e) {
                refused.add(e.error());
            }
        }
        if (!refused.isEmpty()) {
            throw together(refused).asException();
        }
        return attach;
    }

    /** A request that is wrong by itself is told first: waiting for a better time would not help it. */
    private static DomainError together(List<DomainError> refused) {
        if (refused.size() == 1) {
            return refused.getFirst();
        }
        List<ErrorInfo> details = refused.stream().map(DomainError::info).toList();
        String all = String.join(" ", details.stream().map(ErrorInfo::message).toList());
        return refused.stream().anyMatch(e -> e instanceof DomainError.Invalid)
                ? new DomainError.Invalid(ErrorInfo.of("InvalidParameter", all).with(details))
                : DomainError.notAllowed(all, details);
    }

    /** A VM keeps what it has, whatever its size is by now; it gets no more than that. */
    private Optional<DomainError> tooMany(Tx tx, ConfidentialVm vm, int more) {
        OptionalInt limit = vm.hardware().size().map(DataDiskLimit::of).orElse(OptionalInt.empty());
        long wanted = more
                + parts.disks().ofVm(tx, vm.id()).stream().filter(d -> !d.os()).count();
        if (limit.isEmpty() || more <= 0 || wanted <= limit.getAsInt()) {
            return Optional.empty();
        }
        return Optional.of(DomainError.notAllowed("VM '" + vm.id().name() + "' of size '"
                + vm.hardware().size().orElseThrow() + "' may have " + limit.getAsInt() + " data disks, not " + wanted
                + ". Detach others first, or choose a larger size."));
    }

    private void add(Tx tx, ConfidentialVm vm, DataDiskSpec spec, List<ArmId> attach) {
        String at = "properties.storageProfile.dataDisks (lun " + spec.lun() + ")";
        boolean withVm = VmCreation.deleteWithVm(spec.deleteOption());
        if (DiskRules.is(spec.createOption(), "Attach")) {
            ArmId id = spec.disk().orElseThrow();
            attach(tx, vm, id, false, Optional.of(spec.lun()), withVm, at);
            attach.add(id);
            return;
        }
        int size = spec.sizeGb()
                .orElseThrow(() -> DomainError.invalid(at, "'" + at + ".diskSizeGB' is required for a new data disk.")
                        .asException());
        String name = spec.name()
                .or(() -> spec.disk().map(ArmId::name))
                .orElseGet(() -> vm.id().name() + "_DataDisk_" + spec.lun() + "_" + VmCreation.hex());
        insert(tx, vm, name, false, size, Optional.of(spec.lun()), withVm, Optional.empty());
    }

    void insert(
            Tx tx,
            ConfidentialVm vm,
            String name,
            boolean os,
            int sizeGb,
            Optional<Integer> lun,
            boolean deleteWithVm,
            Optional<ImageFile> source) {
        ArmId id = new ArmId(vm.id().subscription(), vm.id().resourceGroup(), Disk.TYPE, name);
        Resource head =
                Resource.created(id, vm.head().location(), Map.of(), "{}", ProvisioningState.CREATING, rows.now());
        Disk disk = new Disk(
                head,
                UUID.randomUUID(),
                os,
                sizeGb,
                vm.set(),
                vm.host(),
                Optional.of(vm.id()),
                lun,
                deleteWithVm,
                source);
        if (parts.disks().insert(tx, disk).missed()) {
            throw new DomainError.Conflict(ErrorInfo.at(
                            id.toString(),
                            "Conflict",
                            "A disk named '" + name + "' is in the resource group already. Choose another name, or"
                                    + " attach it with createOption Attach."))
                    .asException();
        }
    }

    void attach(
            Tx tx, ConfidentialVm vm, ArmId id, boolean os, Optional<Integer> lun, boolean deleteWithVm, String at) {
        Disk disk = parts.disks()
                .find(tx, id)
                .orElseThrow(
                        () -> DomainError.invalid(at, "'" + at + "' names the disk '" + id + "', which is not there.")
                                .asException());
        parts.operations().requireIdle(tx, disk.id());
        disk.vm().ifPresent(other -> {
            String where = "Disk '" + id.name() + "' is attached to VM '" + other.name() + "'. Detach it there first.";
            throw new DomainError.Conflict(ErrorInfo.at(id.toString(), "OperationNotAllowed", where)
                            .with(List.of(ErrorInfo.at(
                                    other.toString(), "DiskAttached", "Attached to VM '" + other.name() + "'."))))
                    .asException();
        });
        if (disk.head().state() != ProvisioningState.SUCCEEDED) {
            throw DomainError.notAllowed("Disk '" + id.name() + "' is in provisioning state "
                            + disk.head().state().wire() + " and cannot be attached.")
                    .asException();
        }
        if (disk.os() != os) {
            throw DomainError.invalid(
                            at,
                            os
                                    ? "Disk '" + id.name() + "' is a data disk and cannot be an OS disk."
                                    : "Disk '" + id.name() + "' is an OS disk and cannot be a data disk.")
                    .asException();
        }
        if (!disk.set().equals(vm.set())) {
            throw DomainError.invalid(
                            at,
                            "Disk '" + id.name() + "' is under " + under(disk.set()) + ", the VM under "
                                    + under(vm.set())
                                    + ". All disks of a confidential VM are under one disk encryption set, and none can"
                                    + " be moved to another.")
                    .asException();
        }
        if (!disk.host().equals(vm.host())) {
            throw DomainError.notAllowed("Disk '" + id.name() + "' is on another host than VM '"
                            + vm.id().name() + "' and cannot be attached to it.")
                    .asException();
        }
        rows.attached(tx, disk, Optional.of(vm.id()), lun, deleteWithVm, ProvisioningState.UPDATING);
    }

    private static String under(Optional<ArmId> set) {
        return set.map(s -> "disk encryption set '" + s.name() + "'").orElse("the platform's key");
    }
}
