package dev.keyturn.core.vm;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskRules;
import dev.keyturn.core.disk.DiskWork;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Brings a VM that exists to what a spec says: tags at once, data disks by an operation; the rest cannot be changed. */
final class VmUpdate {
    private final VmParts parts;
    private final VmRows rows;
    private final DiskDrafts drafts;
    private final VmCreation creation;

    VmUpdate(VmParts parts) {
        this.parts = parts;
        this.rows = parts.rows();
        this.drafts = new DiskDrafts(parts);
        this.creation = new VmCreation(parts);
    }

    Accepted<ConfidentialVm> update(
            Tx tx, Permit permit, ConfidentialVm vm, VmSpec spec, SecurityEncryption encryption) {
        parts.operations().requireIdle(tx, vm.id());
        List<Disk> disks = parts.disks().ofVm(tx, vm.id());
        CompleteVms.requireOsDisk(vm, disks);
        requireUnchangeable(vm, disks, spec, encryption);
        List<Disk> removed = new ArrayList<>();
        List<DataDiskSpec> added = new ArrayList<>();
        compare(disks, spec, removed, added);
        boolean complete = parts.complete().complete(tx, vm, disks);
        boolean disksChange = !removed.isEmpty() || !added.isEmpty();
        if (disksChange || !complete) {
            parts.setRows().free(tx, vm.set(), "changed");
        }
        boolean onlyAttaches =
                removed.isEmpty() && added.stream().allMatch(d -> DiskRules.is(d.createOption(), "Attach"));
        if (!complete && !onlyAttaches) { // a creation that failed has freed the disks that it was to attach
            throw DomainError.notAllowed("VM '" + vm.id().name()
                            + "' was not created completely, so its data disks cannot be changed. PUT it with the disks"
                            + " it was asked for, or delete it.")
                    .asException();
        }
        if (disksChange && complete) {
            requireChangeable(vm);
        }
        ConfidentialVm written = rows.store(
                tx,
                vm.with(vm.head().with(spec.tags(), spec.document(), rows.now()))
                        .with(spec.hardware()));
        if (!complete) {
            return creation.resume(tx, permit, written, disks, added);
        }
        deleteOptions(tx, disks, removed, spec);
        return disksChange
                ? change(tx, permit, written, removed, added)
                : Accepted.of(
                        rows.to(tx, written, ProvisioningState.SUCCEEDED),
                        parts.operations().ended(permit, tx, OperationKind.UPDATE_VM, vm.id()));
    }

    /** Stopped, or running on a host that changes the disks of machines that run. */
    private void requireChangeable(ConfidentialVm vm) {
        boolean running = vm.power() == PowerState.RUNNING;
        boolean changeable = vm.power().stopped()
                || (running && parts.hosts().named(vm.host()).info().can().plugs());
        if (!changeable) {
            throw DomainError.notAllowed("VM '" + vm.id().name() + "' is in PowerState/"
                            + vm.power().wire() + ". Data disks are attached and detached while it is stopped"
                            + (running ? ": its host does not change those of a machine that runs." : " or running."))
                    .asException();
        }
    }

    private Accepted<ConfidentialVm> change(
            Tx tx, Permit permit, ConfidentialVm vm, List<Disk> removed, List<DataDiskSpec> added) {
        for (Disk disk : removed) {
            parts.diskRows().to(tx, disk, ProvisioningState.UPDATING);
        }
        List<ArmId> attach = drafts.add(tx, vm, added, removed.size());
        ConfidentialVm busy = rows.to(tx, vm, ProvisioningState.UPDATING);
        Map<String, String> arguments = Map.of(
                DiskWork.ATTACH,
                DiskWork.list(attach),
                DiskWork.DETACH,
                DiskWork.list(removed.stream().map(Disk::id).toList()));
        Operation operation = parts.operations().begin(permit, tx, OperationKind.UPDATE_VM, vm.id(), arguments);
        return Accepted.of(busy, operation);
    }

    /** An entry is a disk the VM has where it names it, or names none and has its lun. */
    private static void compare(List<Disk> disks, VmSpec spec, List<Disk> removed, List<DataDiskSpec> added) {
        Set<ArmId> kept = new HashSet<>();
        for (DataDiskSpec wanted : spec.dataDisks()) {
            if (wanted.toBeDetached()) {
                continue;
            }
            Optional<Disk> present = disks.stream()
                    .filter(d -> !d.os())
                    .filter(d -> wanted.disk().isPresent()
                            ? d.id().equals(wanted.disk().get())
                            : d.lun().equals(Optional.of(wanted.lun()))
                                    && wanted.name()
                                            .map(n -> n.equalsIgnoreCase(d.id().name()))
                                            .orElse(true))
                    .findFirst();
            if (present.isEmpty()) {
                added.add(wanted);
                continue;
            }
            Disk disk = present.get();
            String at = "properties.storageProfile.dataDisks (lun " + wanted.lun() + ")";
            if (!disk.lun().equals(Optional.of(wanted.lun()))) {
                throw DomainError.invalid(
                                at,
                                "Disk '" + disk.id().name() + "' has lun "
                                        + disk.lun().orElse(0) + ", which cannot be changed; detach it first.")
                        .asException();
            }
            if (wanted.sizeGb().filter(gb -> gb != disk.sizeGb()).isPresent()) {
                throw DomainError.invalid(
                                at,
                                "The size of disk '" + disk.id().name() + "' is " + disk.sizeGb()
                                        + " GB and cannot be changed.")
                        .asException();
            }
            kept.add(disk.id());
        }
        disks.stream().filter(d -> !d.os() && !kept.contains(d.id())).forEach(removed::add);
    }

    private void deleteOptions(Tx tx, List<Disk> disks, List<Disk> removed, VmSpec spec) {
        for (Disk disk : disks) {
            Optional<String> wanted = disk.os()
                    ? spec.osDisk().deleteOption()
                    : spec.dataDisks().stream()
                            .filter(d -> disk.lun().equals(Optional.of(d.lun())))
                            .findFirst()
                            .flatMap(DataDiskSpec::deleteOption);
            boolean withVm = wanted.map(w -> w.equalsIgnoreCase("Delete")).orElse(disk.deleteWithVm());
            if (withVm != disk.deleteWithVm() && !removed.contains(disk)) {
                parts.diskRows()
                        .attached(
                                tx,
                                disk,
                                disk.vm(),
                                disk.lun(),
                                withVm,
                                disk.head().state());
            }
        }
    }

    private static void requireUnchangeable(
            ConfidentialVm vm, List<Disk> disks, VmSpec spec, SecurityEncryption encryption) {
        List<ErrorInfo> problems = new ArrayList<>();
        if (!new Region(spec.location()).equals(new Region(vm.head().location()))) {
            problems.add(DomainError.field(
                    "location",
                    "'location' cannot be changed; this VM is in '" + vm.head().location() + "'."));
        }
        if (!spec.osDisk().set().equals(vm.set())) {
            problems.add(DomainError.field(
                    VmRules.SET,
                    "A confidential VM cannot be moved to another disk encryption set, nor between one and the"
                            + " platform's key; this one is under "
                            + vm.set().map(s -> "'" + s + "'").orElse("the platform's key") + "."));
        } else if (encryption != vm.encryption()) {
            problems.add(DomainError.field(
                    VmRules.SECURITY + ".securityEncryptionType",
                    "'securityEncryptionType' cannot be changed after creation; this VM's is "
                            + vm.encryption().wire() + "."));
        }
        if (spec.osDisk().diffDiskOption().isPresent() != vm.ephemeral()) {
            problems.add(DomainError.field(
                    VmRules.OS_DISK + ".diffDiskSettings",
                    "Whether the OS disk is ephemeral cannot be changed after creation."));
        }
        if (vm.ephemeral() && DiskRules.is(spec.osDisk().deleteOption(), "Detach")) {
            problems.add(DomainError.field(
                    VmRules.OS_DISK + ".deleteOption", "An ephemeral OS disk is always deleted with its VM."));
        }
        disks.stream().filter(Disk::os).findFirst().ifPresent(os -> {
            boolean other = spec.osDisk().disk().filter(d -> !d.equals(os.id())).isPresent()
                    || spec.osDisk()
                            .name()
                            .filter(n -> !n.equalsIgnoreCase(os.id().name()))
                            .isPresent();
            if (other) {
                problems.add(DomainError.field(
                        VmRules.OS_DISK, "The OS disk of a VM, here '" + os.id().name() + "', cannot be changed."));
            }
            if (spec.osDisk().sizeGb().filter(gb -> gb != os.sizeGb()).isPresent()) {
                problems.add(DomainError.field(
                        VmRules.OS_DISK + ".diskSizeGB",
                        "The size of the OS disk is " + os.sizeGb() + " GB and cannot be changed."));
            }
        });
        if (!problems.isEmpty()) {
            throw DomainError.invalid(problems).asException();
        }
    }
}
