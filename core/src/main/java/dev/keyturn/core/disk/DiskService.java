package dev.keyturn.core.disk;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Disks by themselves: made empty or from an image, deleted, read. They are attached and detached through their VM. Thread-safe.
 */
public final class DiskService {
    private static final String SET = "properties.securityProfile.secureVMDiskEncryptionSetId";

    private final DiskParts parts;
    private final DiskRows rows;

    public DiskService(DiskParts parts) {
        this.parts = parts;
        this.rows = new DiskRows(parts);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceNotFound} */
    public DiskView get(ArmId id) {
        return parts.transactions().read(tx -> view(tx, rows.disk(tx, id)));
    }

    /** By id, from after the key {@code after}. */
    public List<DiskView> page(String subscription, Optional<String> group, Optional<String> after, int limit) {
        return parts.transactions()
                .read(tx -> parts.disks().page(tx, subscription, group, after, limit).stream()
                        .map(d -> view(tx, d))
                        .toList());
    }

    /** Makes the disk, or changes the present one's tags; nothing else of it can be changed. */
    public Accepted<Disk> save(DiskSpec spec, Precondition when, String requestedBy) {
        Optional<Disk> present = parts.transactions().read(tx -> parts.disks().find(tx, spec.id()));
        when.check(spec.id(), present.map(Disk::head));
        DiskRules.check(spec, present.isPresent());
        if (present.isEmpty() && spec.set().isPresent()) {
            DiskEncryptionSet set = parts.transactions().read(tx -> requireSet(tx, spec));
            parts.gate().requireUsable(set, "Disk '" + spec.id().name() + "' cannot be created");
        }
        Optional<BaseImage> image = present.isEmpty() ? image(spec) : Optional.empty();
        return parts.operations().submit(tx -> {
            Optional<Disk> now = parts.disks().find(tx, spec.id());
            when.check(spec.id(), now.map(Disk::head));
            if (now.isPresent()) {
                return change(tx, now.get(), spec, requestedBy);
            }
            if (present.isPresent()) {
                throw DomainError.notAllowed(
                                "Disk '" + spec.id().name() + "' was deleted by another request meanwhile.")
                        .asException();
            }
            return create(tx, spec, image, requestedBy);
        });
    }

    /** Empty where there is no such disk. Refused while it is attached or its set is being rotated. */
    public Optional<Operation> delete(ArmId id, Precondition when, String requestedBy) {
        return parts.operations().submit(tx -> {
            Optional<Disk> present = parts.disks().find(tx, id);
            when.check(id, present.map(Disk::head));
            return present.map(d -> beginDelete(tx, d, requestedBy));
        });
    }

    private Operation beginDelete(Tx tx, Disk disk, String requestedBy) {
        parts.operations().requireIdle(tx, disk.id());
        disk.vm().ifPresent(vm -> {
            throw DomainError.notAllowed(
                            "Disk '" + disk.id().name() + "' is attached to VM '" + vm.name()
                                    + "' and cannot be deleted. Detach it first, or delete the VM.",
                            List.of(ErrorInfo.at(vm.toString(), "DiskAttached", "Attached to VM '" + vm.name() + "'.")))
                    .asException();
        });
        rows.freeSet(tx, disk.set(), "deleted");
        rows.to(tx, disk, ProvisioningState.DELETING);
        return parts.operations().begin(tx, OperationKind.DELETE_DISK, disk.id(), Map.of(), requestedBy);
    }

    private Accepted<Disk> create(Tx tx, DiskSpec spec, Optional<BaseImage> image, String requestedBy) {
        parts.groups().requireLive(tx, spec.id());
        Optional<ArmId> set = spec.set().map(s -> requireSet(tx, spec).id());
        Resource head = Resource.created(
                spec.id(),
                new Region(spec.location()).name(),
                spec.tags(),
                spec.document(),
                ProvisioningState.CREATING,
                rows.now());
        Disk disk = new Disk(
                head,
                UUID.randomUUID(),
                image.isPresent(),
                spec.sizeGb().or(() -> image.map(BaseImage::sizeGb)).orElseThrow(),
                set,
                parts.hosts()
                        .place(name -> parts.machines().countOn(tx, name))
                        .info()
                        .name(),
                Optional.empty(),
                Optional.empty(),
                false,
                image.map(BaseImage::file));
        if (!parts.disks().insert(tx, disk)) {
            throw new IllegalStateException("a disk appeared inside a write transaction: " + spec.id());
        }
        Operation operation = parts.operations().begin(tx, OperationKind.CREATE_DISK, disk.id(), Map.of(), requestedBy);
        return new Accepted<>(disk, operation, true, List.of());
    }

    private Accepted<Disk> change(Tx tx, Disk disk, DiskSpec spec, String requestedBy) {
        parts.operations().requireIdle(tx, disk.id());
        if (disk.head().state().busy()) {
            throw DomainError.notAllowed("Disk '" + disk.id().name() + "' is in provisioning state "
                            + disk.head().state().wire() + ".")
                    .asException();
        }
        requireUnchangeable(disk, spec);
        Disk written = rows.store(tx, DiskRows.with(disk, disk.head().with(spec.tags(), spec.document(), rows.now())));
        if (disk.head().state() == ProvisioningState.FAILED && disk.vm().isEmpty()) {
            rows.freeSet(tx, disk.set(), "created");
            Disk again = rows.to(tx, written, ProvisioningState.CREATING);
            Map<String, String> arguments =
                    parts.artifacts().ofDisk(tx, disk.id()).isPresent()
                            ? Map.of(CreateDiskHandler.KEY_WAS_THERE, "true")
                            : Map.of();
            return Accepted.of(
                    again, parts.operations().begin(tx, OperationKind.CREATE_DISK, disk.id(), arguments, requestedBy));
        }
        return Accepted.of(written, parts.operations().ended(tx, OperationKind.UPDATE_DISK, disk.id(), requestedBy));
    }

    private static void requireUnchangeable(Disk disk, DiskSpec spec) {
        List<ErrorInfo> problems = new ArrayList<>();
        if (!spec.location().isBlank()
                && !new Region(spec.location()).equals(new Region(disk.head().location()))) {
            problems.add(DomainError.field("location", "'location' cannot be changed."));
        }
        if (spec.sizeGb().filter(gb -> gb != disk.sizeGb()).isPresent()) {
            problems.add(DomainError.field(
                    "properties.diskSizeGB",
                    "The size of disk '" + disk.id().name() + "' is " + disk.sizeGb() + " GB and cannot be changed."));
        }
        if (!spec.set().equals(disk.set())
                && (spec.set().isPresent() || spec.securityType().isPresent())) {
            problems.add(DomainError.field(
                    SET,
                    "A disk of a confidential VM cannot be moved to another disk encryption set, nor between one and"
                            + " the platform's key."));
        }
        if (!problems.isEmpty()) {
            throw DomainError.invalid(problems).asException();
        }
    }

    private Optional<BaseImage> image(DiskSpec spec) {
        return spec.image()
                .filter(_ -> DiskRules.is(spec.createOption(), "FromImage"))
                .map(id -> parts.images().ofDisk(id, spec.location(), spec.osType(), spec.sizeGb(), DiskRules.IMAGE));
    }

    private DiskEncryptionSet requireSet(Tx tx, DiskSpec spec) {
        return SetInterlock.requireJoinable(
                tx, parts.sets(), spec.set().orElseThrow(), spec.location(), SET, "joined by a new disk");
    }

    private DiskView view(Tx tx, Disk disk) {
        Optional<PowerState> power = disk.vm().flatMap(v -> parts.machines().power(tx, v));
        return new DiskView(disk, DiskState.of(power));
    }
}
