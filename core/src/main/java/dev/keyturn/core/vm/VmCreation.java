package dev.keyturn.core.vm;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskRules;
import dev.keyturn.core.disk.DiskWork;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Begins the creation of a VM: its rows and its disks' rows in one transaction, the rest by the operation. */
public final class VmCreation {
    static final int DEFAULT_OS_GB = 30;

    private final VmParts parts;
    private final DiskDrafts drafts;

    VmCreation(VmParts parts) {
        this.parts = parts;
        this.drafts = new DiskDrafts(parts);
    }

    /** {@code host} and {@code image} are what {@link #host} and the catalogue said of the spec. */
    Accepted<ConfidentialVm> create(
            Tx tx, Permit permit, VmSpec spec, SecurityEncryption encryption, String host, Optional<BaseImage> image) {
        parts.groups().requireLive(tx, spec.id());
        Optional<DiskEncryptionSet> set = spec.osDisk()
                .set()
                .map(s -> SetInterlock.requireJoinable(
                        tx, parts.sets(), s, spec.location(), VmRules.SET, "joined by a new VM"));
        Instant now = parts.clock().instant();
        boolean ephemeral = spec.osDisk().diffDiskOption().isPresent();
        ConfidentialVm vm = new ConfidentialVm(
                Resource.created(
                        spec.id(),
                        new Region(spec.location()).name(),
                        spec.tags(),
                        spec.document(),
                        ProvisioningState.CREATING,
                        now),
                UUID.randomUUID(),
                spec.hardware(),
                encryption,
                set.map(DiskEncryptionSet::id),
                host,
                ephemeral,
                PowerState.DEALLOCATED,
                now,
                Optional.empty());
        if (parts.vms().insert(tx, vm).missed()) {
            throw DomainError.notAllowed("VM '" + spec.id().name() + "' was created by another request meanwhile.")
                    .asException();
        }
        List<ArmId> attach = new ArrayList<>();
        osDisk(tx, vm, spec.osDisk(), image, attach);
        attach.addAll(drafts.add(
                tx, vm, spec.dataDisks().stream().filter(d -> !d.toBeDetached()).toList(), 0));
        Operation operation = parts.operations()
                .begin(permit, tx, OperationKind.CREATE_VM, vm.id(), Map.of(DiskWork.ATTACH, DiskWork.list(attach)));
        return new Accepted<>(vm, operation, true, EphemeralMix.warnings(tx, parts.vms(), vm.set()));
    }

    /** Takes a creation up again that failed half-way. */
    Accepted<ConfidentialVm> resume(
            Tx tx, Permit permit, ConfidentialVm vm, List<Disk> disks, List<DataDiskSpec> attached) {
        for (Disk disk : disks) {
            if (disk.head().state() == ProvisioningState.FAILED) {
                parts.diskRows().to(tx, disk, ProvisioningState.CREATING);
            }
        }
        List<ArmId> attach = drafts.add(tx, vm, attached, 0);
        ConfidentialVm creating = parts.rows().to(tx, vm, ProvisioningState.CREATING);
        Operation operation = parts.operations()
                .begin(permit, tx, OperationKind.CREATE_VM, vm.id(), Map.of(DiskWork.ATTACH, DiskWork.list(attach)));
        return new Accepted<>(creating, operation, false, EphemeralMix.warnings(tx, parts.vms(), vm.set()));
    }

    private void osDisk(Tx tx, ConfidentialVm vm, OsDiskSpec spec, Optional<BaseImage> image, List<ArmId> attach) {
        if (DiskRules.is(spec.createOption(), "Attach")) {
            ArmId id = spec.disk().orElseThrow();
            drafts.attach(tx, vm, id, true, Optional.empty(), deleteWithVm(spec.deleteOption()), VmRules.OS_DISK);
            attach.add(id);
            return;
        }
        String name = spec.name()
                .or(() -> spec.disk().map(ArmId::name))
                .orElseGet(() -> vm.id().name() + "_OsDisk_1_" + hex());
        boolean withVm = vm.ephemeral() || deleteWithVm(spec.deleteOption());
        drafts.insert(
                tx,
                vm,
                name,
                true,
                spec.sizeGb().or(() -> image.map(BaseImage::sizeGb)).orElse(DEFAULT_OS_GB),
                Optional.empty(),
                withVm,
                image.map(BaseImage::file));
    }

    /** A VM goes where the disks are that it attaches. */
    String host(Tx tx, VmSpec spec) {
        List<ArmId> attached = new ArrayList<>();
        if (DiskRules.is(spec.osDisk().createOption(), "Attach")) {
            spec.osDisk().disk().ifPresent(attached::add);
        }
        spec.dataDisks().stream()
                .filter(d -> DiskRules.is(d.createOption(), "Attach"))
                .forEach(d -> d.disk().ifPresent(attached::add));
        return attached.stream()
                .flatMap(id -> parts.disks().find(tx, id).stream())
                .map(Disk::host)
                .findFirst()
                .orElseGet(() -> parts.hosts()
                        .place(name -> parts.vms().countOn(tx, name))
                        .info()
                        .name());
    }

    static boolean deleteWithVm(Optional<String> deleteOption) {
        return DiskRules.is(deleteOption, "Delete");
    }

    static String hex() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
