package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.KeyedArtifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskRules;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Confidential VMs: made, changed, started, stopped, deleted. Every request either is refused with nothing changed, or
 * leaves a durable operation that does it. {@code requestedBy} is the caller's name, for the record. Thread-safe.
 */
public final class VmService {
    private final VmParts parts;
    private final VmRows rows;
    private final VmCreation creation;
    private final VmUpdate update;

    public VmService(VmParts parts) {
        this.parts = parts;
        this.rows = new VmRows(parts);
        this.creation = new VmCreation(parts);
        this.update = new VmUpdate(parts);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceNotFound} */
    public VmView get(ArmId id) {
        return find(id).orElseThrow(() -> DomainError.notFound(id).asException());
    }

    public Optional<VmView> find(ArmId id) {
        return parts.transactions()
                .read(tx -> parts.vms()
                        .find(tx, id)
                        .map(vm -> new VmView(vm, parts.disks().ofVm(tx, vm.id()))));
    }

    /** By id, from after the key {@code after}. */
    public List<VmView> page(String subscription, Optional<String> group, Optional<String> after, int limit) {
        return parts.transactions()
                .read(tx -> parts.vms().page(tx, subscription, group, after, limit).stream()
                        .map(vm -> new VmView(vm, parts.disks().ofVm(tx, vm.id())))
                        .toList());
    }

    /** Asks the host too; one that does not answer leaves its notes empty. */
    public InstanceView instanceView(ArmId id) {
        VmView view = get(id);
        List<ErrorInfo> warnings = parts.transactions()
                .read(tx -> EphemeralMix.warnings(tx, parts.vms(), view.vm().set()));
        String label;
        Map<String, String> notes;
        try {
            VmHost host = parts.hosts().named(view.vm().host());
            label = host.info().label();
            notes = host.notes(view.vm().vmId());
        } catch (DomainException e) {
            label = e.error().info().message();
            notes = Map.of();
        }
        return new InstanceView(view.vm(), view.disks(), label, notes, warnings);
    }

    /** Guest state and disks, each with the key version it is under. */
    public List<KeyedArtifact> artifacts(ArmId id) {
        return parts.transactions()
                .read(tx -> parts.artifacts().ofVm(tx, rows.vm(tx, id).id()).stream()
                        .map(a -> new KeyedArtifact(
                                a,
                                parts.keys()
                                        .setKeyStore()
                                        .find(tx, a.envelope().setKey())
                                        .filter(k -> k instanceof SetKey.Customer)
                                        .map(k -> ((SetKey.Customer) k).key())))
                        .toList());
    }

    /**
     * Makes the VM and starts it, or brings the present one to what the spec says. The answer's warnings are R7's, where
     * the VM joins a set that it will get in the way of.
     */
    public Accepted<ConfidentialVm> save(VmSpec spec, Precondition when, String requestedBy) {
        Optional<ConfidentialVm> present =
                parts.transactions().read(tx -> parts.vms().find(tx, spec.id()));
        when.check(spec.id(), present.map(ConfidentialVm::head));
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
        return parts.operations().submit(tx -> {
            Optional<ConfidentialVm> now = parts.vms().find(tx, spec.id());
            when.check(spec.id(), now.map(ConfidentialVm::head));
            if (now.isPresent()) {
                return update.update(tx, now.get(), spec, encryption, requestedBy);
            }
            if (present.isPresent()) {
                throw DomainError.notAllowed("VM '" + spec.id().name() + "' was deleted by another request meanwhile.")
                        .asException();
            }
            return creation.create(tx, spec, encryption, host, image, requestedBy);
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
                .read(tx -> rows.set(tx, vm.set()))
                .filter(s -> !coming.isEmpty() && s.rotation().isEmpty())
                .ifPresent(s -> parts.gate().requirePluggable(s, vm.id(), coming));
    }

    /** Empty where there is no such VM. Disks stay unless they are to be deleted with it, as in Azure. */
    public Optional<Operation> delete(ArmId id, Precondition when, String requestedBy) {
        return parts.operations().submit(tx -> {
            Optional<ConfidentialVm> present = parts.vms().find(tx, id);
            when.check(id, present.map(ConfidentialVm::head));
            return present.map(vm -> beginDelete(tx, vm, requestedBy));
        });
    }

    private Operation beginDelete(Tx tx, ConfidentialVm vm, String requestedBy) {
        parts.operations().requireIdle(tx, vm.id());
        rows.freeSet(tx, vm.set(), "deleted");
        for (Disk disk : parts.disks().ofVm(tx, vm.id())) {
            if (disk.head().state().busy()) {
                throw DomainError.notAllowed("Disk '" + disk.id().name() + "' of VM '"
                                + vm.id().name() + "' is in provisioning state "
                                + disk.head().state().wire() + ".")
                        .asException();
            }
        }
        rows.to(tx, vm, ProvisioningState.DELETING);
        return parts.operations().begin(tx, OperationKind.DELETE_VM, vm.id(), Map.of(), requestedBy);
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
