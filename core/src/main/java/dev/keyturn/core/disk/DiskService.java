package dev.keyturn.core.disk;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.KeyedArtifact;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.Patching;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Disks by themselves: made empty or from an image, deleted, read. They are attached and detached through their VM. Thread-safe.
 */
public final class DiskService {
    private static final String SET = "properties.securityProfile.secureVMDiskEncryptionSetId";

    private final DiskParts parts;
    private final DiskRows rows;
    private final Patching patching = new Patching();

    public DiskService(DiskParts parts) {
        this.parts = parts;
        this.rows = parts.rows();
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceNotFound} */
    public DiskView get(Call call, ArmId id) {
        parts.doors().require(call, Action.DISK_READ, Scope.of(id));
        return parts.transactions().read(tx -> view(tx, find(tx, id)));
    }

    /** A disk, and what is encrypted of it with the key version that it is under; nothing while it is being made. */
    public record Keyed(DiskView view, Optional<KeyedArtifact> artifact) {}

    /** As {@link #get}, with its artifact. */
    public Keyed keyed(Call call, ArmId id) {
        parts.doors().require(call, Action.DISK_READ, Scope.of(id));
        return parts.transactions().read(tx -> {
            Disk disk = find(tx, id);
            List<Artifact> own =
                    parts.artifacts().ownedBy(tx, disk.id()).stream().toList();
            return new Keyed(
                    view(tx, disk), parts.keys().keyed(tx, own).stream().findFirst());
        });
    }

    /** By id, from after the key {@code after}; a group that is asked for must exist. */
    public List<DiskView> page(
            Call call, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return parts.groups()
                .listing(
                        call,
                        Action.DISK_READ,
                        Disk.TYPE,
                        subscription,
                        group,
                        (tx, reach) -> parts.disks().page(tx, subscription, reach, after, limit).stream()
                                .map(d -> view(tx, d))
                                .toList());
    }

    /** As {@link #page}, of those that {@code filter} lets through, and without what their VMs do. */
    public List<Disk> find(
            Call call,
            String subscription,
            Optional<String> group,
            DiskFilter filter,
            Optional<String> after,
            int limit) {
        return parts.groups()
                .listing(
                        call,
                        Action.DISK_READ,
                        Disk.TYPE,
                        subscription,
                        group,
                        (tx, reach) -> parts.disks().find(tx, subscription, reach, filter, after, limit));
    }

    /** As {@link ResourceGroupService#place}: to be asked before a body is read. */
    public ArmId place(Call call, ArmId id) {
        return parts.groups().place(call, Action.DISK_WRITE, id);
    }

    /** Makes the disk, or changes the present one's tags; nothing else of it can be changed. */
    public Accepted<DiskView> save(Call call, DiskSpec spec, Precondition when) {
        return parts.doors().act(call, Action.DISK_WRITE, Scope.of(spec.id()), permit -> {
            Optional<Disk> present =
                    parts.transactions().read(tx -> parts.disks().find(tx, spec.id()));
            return save(permit, present, spec, when);
        });
    }

    /**
     * Changes the present disk as {@link #save} does. {@code change} is given it as it is, and again where another request
     * was quicker; it must have no effect of its own.
     */
    public Accepted<DiskView> change(Call call, ArmId id, Precondition asked, Function<DiskView, DiskSpec> change) {
        return parts.doors()
                .act(
                        call,
                        Action.DISK_WRITE,
                        Scope.of(id),
                        permit -> patching.untilUnchanged(id, asked, () -> {
                            DiskView found = parts.transactions().read(tx -> view(tx, find(tx, id)));
                            Resource head = found.disk().head();
                            asked.check(id, Optional.of(head));
                            return save(
                                    permit,
                                    Optional.of(found.disk()),
                                    change.apply(found),
                                    Precondition.revision(head.revision()));
                        }));
    }

    private Accepted<DiskView> save(Permit permit, Optional<Disk> present, DiskSpec spec, Precondition when) {
        permit.requireLinked(links(spec));
        when.check(spec.id(), present.map(Disk::head));
        DiskRules.check(spec, present.isPresent());
        if (present.isEmpty() && spec.set().isPresent()) {
            DiskEncryptionSet set = parts.transactions().read(tx -> requireSet(tx, spec));
            parts.gate().requireUsable(set, "Disk '" + spec.id().name() + "' cannot be created");
        }
        Optional<BaseImage> image = present.isEmpty() ? image(spec) : Optional.empty();
        return parts.operations().submit(permit, tx -> {
            Optional<Disk> now = parts.disks().find(tx, spec.id());
            when.check(spec.id(), now.map(Disk::head));
            if (now.isPresent()) {
                return viewed(tx, change(tx, permit, now.get(), spec));
            }
            if (present.isPresent()) {
                throw DomainError.notAllowed(
                                "Disk '" + spec.id().name() + "' was deleted by another request meanwhile.")
                        .asException();
            }
            return viewed(tx, create(tx, permit, spec, image));
        });
    }

    /** Azure's linked checks: what a disk is made of, its maker must be allowed to use. */
    private List<Ask> links(DiskSpec spec) {
        List<Ask> all = new ArrayList<>();
        spec.set().ifPresent(s -> all.add(parts.doors().roles(Action.DISK_SET_READ, Scope.of(s))));
        spec.image().ifPresent(i -> all.add(parts.doors().roles(Action.IMAGE_READ, Scope.of(i))));
        return all;
    }

    /**
     * Begins the deletion; empty where there is no such disk. Refused while it is attached or its set is being rotated.
     */
    public Optional<Accepted<Disk>> delete(Call call, ArmId id, Precondition when) {
        return parts.doors()
                .act(
                        call,
                        Action.DISK_DELETE,
                        Scope.of(id),
                        permit -> parts.operations().submit(permit, tx -> {
                            Optional<Disk> present = parts.disks().find(tx, id);
                            when.check(id, present.map(Disk::head));
                            if (present.isEmpty()) {
                                parts.groups().requirePresent(tx, id.group());
                                permit.nothing();
                            }
                            return present.map(d -> Accepted.of(d, beginDelete(tx, permit, d)));
                        }));
    }

    private Operation beginDelete(Tx tx, Permit permit, Disk disk) {
        parts.operations().requireIdle(tx, disk.id());
        disk.vm().ifPresent(vm -> {
            throw DomainError.notAllowed(
                            "Disk '" + disk.id().name() + "' is attached to VM '" + vm.name()
                                    + "' and cannot be deleted. Detach it first, or delete the VM.",
                            List.of(ErrorInfo.at(vm.toString(), "DiskAttached", "Attached to VM '" + vm.name() + "'.")))
                    .asException();
        });
        parts.setRows().free(tx, disk.set(), "deleted");
        rows.to(tx, disk, ProvisioningState.DELETING);
        return parts.operations().begin(permit, tx, OperationKind.DELETE_DISK, disk.id(), Map.of());
    }

    private Accepted<Disk> create(Tx tx, Permit permit, DiskSpec spec, Optional<BaseImage> image) {
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
        if (parts.disks().insert(tx, disk).missed()) {
            throw new IllegalStateException("a disk appeared inside a write transaction: " + spec.id());
        }
        Operation operation = parts.operations().begin(permit, tx, OperationKind.CREATE_DISK, disk.id(), Map.of());
        return new Accepted<>(disk, operation, true, List.of());
    }

    private Accepted<Disk> change(Tx tx, Permit permit, Disk disk, DiskSpec spec) {
        parts.operations().requireIdle(tx, disk.id());
        if (disk.head().state().busy()) {
            throw DomainError.notAllowed("Disk '" + disk.id().name() + "' is in provisioning state "
                            + disk.head().state().wire() + ".")
                    .asException();
        }
        requireUnchangeable(disk, spec);
        Disk written = rows.store(tx, disk.with(disk.head().with(spec.tags(), spec.document(), rows.now())));
        if (disk.head().state() == ProvisioningState.FAILED && disk.vm().isEmpty()) {
            parts.setRows().free(tx, disk.set(), "created");
            Disk again = rows.to(tx, written, ProvisioningState.CREATING);
            Map<String, String> arguments =
                    parts.artifacts().ownedBy(tx, disk.id()).isPresent()
                            ? Map.of(CreateDiskHandler.KEY_WAS_THERE, "true")
                            : Map.of();
            return Accepted.of(
                    again, parts.operations().begin(permit, tx, OperationKind.CREATE_DISK, disk.id(), arguments));
        }
        return Accepted.of(written, parts.operations().ended(permit, tx, OperationKind.UPDATE_DISK, disk.id()));
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

    private Disk find(Tx tx, ArmId id) {
        return parts.disks().find(tx, id).orElseThrow(() -> parts.groups().missing(tx, id));
    }

    private Accepted<DiskView> viewed(Tx tx, Accepted<Disk> accepted) {
        return accepted.map(d -> view(tx, d));
    }

    private DiskView view(Tx tx, Disk disk) {
        Optional<PowerState> power = disk.vm().flatMap(v -> parts.machines().power(tx, v));
        return new DiskView(disk, DiskState.of(power));
    }
}
