package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.KeyedArtifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskRules;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.Patching;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Confidential VMs: made, changed, deleted. What turns them on and off is {@code core.power}. Every request either is
 * refused with nothing changed, or leaves a durable operation that does it. Thread-safe.
 */
public final class VmService {
    private final VmParts parts;
    private final VmRows rows;
    private final VmCreation creation;
    private final VmUpdate update;
    private final Patching patching = new Patching();

    public VmService(VmParts parts) {
        this.parts = parts;
        this.rows = parts.rows();
        this.creation = new VmCreation(parts);
        this.update = new VmUpdate(parts);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceNotFound} */
    public VmView get(Call call, ArmId id) {
        return read(call, Action.VM_READ, id, (_, view) -> view);
    }

    /** By id, from after the key {@code after}; a group that is asked for must exist. */
    public List<VmView> page(
            Call call, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return parts.groups()
                .listing(
                        call,
                        Action.VM_READ,
                        ConfidentialVm.TYPE,
                        subscription,
                        group,
                        (tx, reach) -> parts.vms().page(tx, subscription, reach, after, limit).stream()
                                .map(vm -> view(tx, vm))
                                .toList());
    }

    private <T> T read(Call call, Action action, ArmId id, BiFunction<Tx, VmView, T> look) {
        parts.doors().require(call, action, Scope.of(id));
        return parts.transactions().read(tx -> look.apply(tx, find(tx, id)));
    }

    private VmView find(Tx tx, ArmId id) {
        return parts.vms()
                .find(tx, id)
                .map(vm -> view(tx, vm))
                .orElseThrow(() -> parts.groups().missing(tx, id));
    }

    private VmView view(Tx tx, ConfidentialVm vm) {
        return new VmView(vm, parts.disks().ofVm(tx, vm.id()));
    }

    /** A VM, and what its set should be warned of for its sake (R7). */
    private record Warned(VmView view, List<ErrorInfo> warnings) {}

    /** Asks the host too; one that does not answer leaves its notes empty. */
    public InstanceView instanceView(Call call, ArmId id) {
        return told(read(call, Action.VM_INSTANCE_VIEW_READ, id, this::warned));
    }

    /** A VM together with what its host says of it, read once. */
    public record Whole(VmView view, InstanceView instance) {}

    /** As {@link #get}, with the instance view. */
    public Whole whole(Call call, ArmId id) {
        Warned warned = read(call, Action.VM_READ, id, this::warned);
        return new Whole(warned.view(), told(warned));
    }

    /** The instance view of a VM that was read for its reader already, such as one of a page. */
    public InstanceView instanceView(VmView seen) {
        return told(parts.transactions().read(tx -> warned(tx, seen)));
    }

    private Warned warned(Tx tx, VmView view) {
        return new Warned(view, EphemeralMix.warnings(tx, parts.vms(), view.vm().set()));
    }

    private InstanceView told(Warned warned) {
        VmView view = warned.view();
        String label;
        Map<String, String> notes;
        Optional<ErrorInfo> unknown = Optional.empty();
        try {
            VmHost host = parts.hosts().named(view.vm().host());
            label = host.info().label();
            notes = host.notes(view.vm().vmId());
        } catch (DomainException e) {
            label = e.error().info().message();
            notes = Map.of();
            unknown = Optional.of(e.error().info());
        }
        return new InstanceView(view.vm(), view.disks(), label, notes, unknown, warned.warnings());
    }

    /** A VM's guest state and disks, each with the key version it is under. */
    public record Artifacts(ConfidentialVm vm, List<KeyedArtifact> artifacts) {
        public Artifacts {
            artifacts = List.copyOf(artifacts);
        }
    }

    public Artifacts artifacts(Call call, ArmId id) {
        return read(call, Action.VM_READ, id, (tx, view) -> {
            ConfidentialVm vm = view.vm();
            return new Artifacts(vm, parts.keys().keyed(tx, parts.artifacts().ofVm(tx, vm.id())));
        });
    }

    /** As {@link ResourceGroupService#place}: to be asked before a body is read. */
    public ArmId place(Call call, ArmId id) {
        return parts.groups().place(call, Action.VM_WRITE, id);
    }

    /**
     * Makes the VM and starts it, or brings the present one to what the spec says. The answer's warnings are R7's, where
     * the VM joins a set that it will get in the way of.
     */
    public Accepted<VmView> save(Call call, VmSpec spec, Precondition when) {
        return save(call, spec.id(), when, _ -> spec);
    }

    /**
     * As {@link #save(Call, VmSpec, Precondition)}, of what {@code wanted} makes of the VM as it is, if it is there: it is
     * asked again where another request was quicker, and must have no effect of its own.
     */
    public Accepted<VmView> save(Call call, ArmId id, Precondition asked, Function<Optional<VmView>, VmSpec> wanted) {
        return parts.doors()
                .act(
                        call,
                        Action.VM_WRITE,
                        Scope.of(id),
                        permit -> patching.untilUnchanged(id, asked, () -> {
                            Optional<VmView> present = parts.transactions()
                                    .read(tx -> parts.vms().find(tx, id).map(vm -> view(tx, vm)));
                            return save(permit, id, present, asked, wanted.apply(present));
                        }));
    }

    /** As {@link #save(Call, ArmId, Precondition, Function)}, of a VM that must be there. */
    public Accepted<VmView> change(Call call, ArmId id, Precondition asked, Function<VmView, VmSpec> wanted) {
        return save(
                call,
                id,
                asked,
                present -> wanted.apply(present.orElseThrow(
                        () -> parts.transactions().read(tx -> parts.groups().missing(tx, id)))));
    }

    private Accepted<VmView> save(Permit permit, ArmId id, Optional<VmView> seen, Precondition asked, VmSpec spec) {
        Optional<ConfidentialVm> present = seen.map(VmView::vm);
        asked.check(id, present.map(ConfidentialVm::head));
        permit.requireLinked(VmLinks.of(parts.doors(), spec));
        // on condition that it is still as it was read
        Precondition when =
                present.map(vm -> Precondition.revision(vm.head().revision())).orElse(Precondition.ABSENT);
        SecurityEncryption encryption =
                VmRules.check(spec, present.flatMap(vm -> vm.hardware().size()));
        boolean newKeys = present.isEmpty()
                || spec.dataDisks().stream().anyMatch(d -> d.disk().isEmpty());
        if (newKeys && spec.osDisk().set().isPresent()) {
            DiskEncryptionSet set = parts.transactions()
                    .read(tx -> SetInterlock.requireJoinable(
                            tx,
                            parts.sets(),
                            spec.osDisk().set().get(),
                            spec.location(),
                            VmRules.SET,
                            present.isEmpty() ? "joined by a new VM" : "given a new disk"));
            parts.gate()
                    .requireUsable(
                            set,
                            "VM '" + spec.id().name() + "' cannot be "
                                    + (present.isEmpty() ? "created" : "given a new disk"));
        }
        present.ifPresent(vm -> requirePluggable(vm, spec));
        String host = parts.transactions().read(tx -> creation.host(tx, spec));
        Optional<BaseImage> image = present.isEmpty() ? image(spec, host) : Optional.empty();
        return parts.operations().submit(permit, tx -> {
            Optional<ConfidentialVm> now = parts.vms().find(tx, spec.id());
            when.check(spec.id(), now.map(ConfidentialVm::head));
            Accepted<ConfidentialVm> accepted = now.isPresent()
                    ? update.update(tx, permit, now.get(), spec, encryption)
                    : creation.create(tx, permit, spec, encryption, host, image);
            return accepted.map(vm -> view(tx, vm));
        });
    }

    /** A machine that runs opens the image of a disk at once, so its key must be there now. */
    private void requirePluggable(ConfidentialVm vm, VmSpec spec) {
        if (vm.power() != PowerState.RUNNING) {
            return;
        }
        List<ArmId> coming = parts.transactions()
                .read(tx -> spec.dataDisks().stream()
                        .filter(d -> !d.toBeDetached() && DiskRules.is(d.createOption(), "Attach"))
                        .flatMap(d -> d.disk().flatMap(id -> parts.disks().find(tx, id)).stream())
                        .filter(d -> d.vm().isEmpty() && d.set().equals(vm.set()))
                        .map(Disk::id)
                        .toList());
        parts.transactions()
                .read(tx -> parts.setRows().of(tx, vm.set()))
                .filter(s -> !coming.isEmpty() && s.rotation().isEmpty())
                .ifPresent(s -> parts.gate().requirePluggable(s, vm.id(), coming));
    }

    /** Empty where there is no such VM. Disks stay unless they are to be deleted with it, as in Azure. */
    public Optional<Accepted<ConfidentialVm>> delete(Call call, ArmId id, Precondition when) {
        return parts.doors()
                .act(
                        call,
                        Action.VM_DELETE,
                        Scope.of(id),
                        permit -> parts.operations().submit(permit, tx -> {
                            Optional<ConfidentialVm> present = parts.vms().find(tx, id);
                            when.check(id, present.map(ConfidentialVm::head));
                            if (present.isEmpty()) {
                                parts.groups().requirePresent(tx, id.group());
                                permit.nothing();
                            }
                            return present.map(vm -> Accepted.of(vm, beginDelete(tx, permit, vm)));
                        }));
    }

    private Operation beginDelete(Tx tx, Permit permit, ConfidentialVm vm) {
        parts.operations().requireIdle(tx, vm.id());
        parts.setRows().free(tx, vm.set(), "deleted");
        for (Disk disk : parts.disks().ofVm(tx, vm.id())) {
            if (disk.head().state().busy()) {
                throw DomainError.notAllowed("Disk '" + disk.id().name() + "' of VM '"
                                + vm.id().name() + "' is in provisioning state "
                                + disk.head().state().wire() + ".")
                        .asException();
            }
        }
        rows.to(tx, vm, ProvisioningState.DELETING);
        return parts.operations().begin(permit, tx, OperationKind.DELETE_VM, vm.id(), Map.of());
    }

    /** None where the VM attaches its OS disk. */
    private Optional<BaseImage> image(VmSpec spec, String host) {
        if (DiskRules.is(spec.osDisk().createOption(), "Attach")) {
            return Optional.empty();
        }
        boolean needed = parts.hosts().named(host).info().can().bootsImages();
        OsDiskSpec os = spec.osDisk();
        return parts.disk().images().ofVm(spec.image(), spec.location(), os.osType(), os.sizeGb(), needed);
    }
}
