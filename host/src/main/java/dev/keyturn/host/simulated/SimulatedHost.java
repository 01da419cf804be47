package dev.keyturn.host.simulated;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.HostCapabilities;
import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.VmStore;
import dev.keyturn.host.Names;
import dev.keyturn.host.Refusals;
import dev.keyturn.host.StoredNames;
import dev.keyturn.host.Subjects;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The host on which no real machine runs. A start opens every image with the data key it is given, so what holds for
 * keys here holds on a real host; a guest does nothing. Faults strike where {@link Faults} has some.
 */
public final class SimulatedHost implements VmHost {
    public static final String LABEL = "simulated host: no real machine runs";

    /** What it keeps is rows beside the envelopes, and nothing changes there without the server. */
    private static final HostCapabilities CAN = HostCapabilities.CAREFUL
            .withoutProof()
            .withoutBoot()
            .withoutConsoles("is simulated: no real machine runs there")
            .plugging()
            .lookedAtEvery(Duration.ofSeconds(15));

    private final HostInfo info;
    private final Transactions transactions;
    private final SimulatedMachines machines;
    private final Faults faults;
    private final Names names;
    private final Refusals refusals;
    private final Gate gate;
    private final Images images;
    private final Disks disks;

    /** {@code patience} bounds how long a question to a slow host takes. */
    public SimulatedHost(
            String name,
            Duration patience,
            Transactions transactions,
            SimulatedMachines machines,
            Faults faults,
            VmStore vms,
            ArtifactStore artifacts) {
        this(name, patience, transactions, machines, faults, new StoredNames(vms, artifacts), Sleeper.real());
    }

    SimulatedHost(
            String name,
            Duration patience,
            Transactions transactions,
            SimulatedMachines machines,
            Faults faults,
            Names names,
            Sleeper sleeper) {
        this.info = new HostInfo(name, "simulated", LABEL, CAN);
        this.transactions = transactions;
        this.machines = machines;
        this.faults = faults;
        this.names = names;
        this.refusals = new Refusals(names);
        this.gate = new Gate(name, patience, faults, sleeper);
        this.images = new Images(transactions, machines, faults, names, new ImageCipher(new SecureRandom()));
        this.disks = new Disks(transactions, machines, refusals);
    }

    @Override
    public HostInfo info() {
        return info;
    }

    @Override
    public Duration patience() {
        return gate.patience();
    }

    @Override
    public void provision(Fence fence, Optional<UUID> vmId, Collection<NewImage> wanted, Progress progress) {
        gate.enter(HostCall.PROVISION);
        List<HostArtifact> artifacts = wanted.stream().map(NewImage::artifact).toList();
        List<ArtifactImage> refs = refs(artifacts);
        Map<ArtifactId, SimulatedMachines.Image> there = transactions.read(tx -> machines.images(tx, Images.ids(refs)));
        List<ImageProblem> foreign = artifacts.stream()
                .filter(a -> Optional.ofNullable(there.get(a.image().artifact()))
                        .filter(image -> !images.opens(a, image, false))
                        .isPresent())
                .map(a -> new ImageProblem(a.image().artifact(), Refusals.CLOSED))
                .toList();
        List<SimulatedMachines.Image> made = artifacts.stream()
                .filter(a -> !there.containsKey(a.image().artifact()))
                .map(a -> images.made(vmId, a))
                .toList();
        transactions.run(tx -> {
            take(tx, fence, Subjects.of(vmId, refs));
            refusals.refuse(tx, "There are images already, under other keys.", refs, foreign);
            vmId.ifPresent(id -> machines.define(tx, id));
            machines.insert(tx, made);
        });
    }

    @Override
    public void start(Fence fence, Machine machine, List<HostArtifact> artifacts) {
        UUID vmId = machine.vmId();
        List<Fault> set = gate.enter(HostCall.START);
        List<ArtifactImage> refs = refs(artifacts);
        if (runs(vmId)) {
            transactions.run(tx -> take(tx, fence, Subjects.of(Optional.of(vmId), refs)));
            return;
        }
        List<ImageProblem> closed = images.closed(artifacts, set);
        Optional<Fault> fault = closed.isEmpty() ? struck(set, FaultKind.START_FAILS, vmId) : Optional.empty();
        transactions.run(tx -> {
            take(tx, fence, Subjects.of(Optional.of(vmId), refs));
            String message = refusals.vm(tx, vmId) + " cannot be started.";
            refusals.refuse(tx, message, refs, closed);
            fault.ifPresent(f -> {
                throw refusals.conflict(tx, vmId, "HostStartFailed", "did not start (fault '" + f.id() + "').");
            });
            refusals.refuse(tx, message, refs, disks.elsewhere(tx, vmId, refs));
            machines.equip(tx, vmId, Images.ids(refs));
            require(tx, vmId, machines.switchTo(tx, vmId, true));
        });
    }

    @Override
    public void stop(Fence fence, UUID vmId, Duration limit) {
        List<Fault> set = gate.enter(HostCall.STOP);
        Optional<Fault> fault = runs(vmId) ? struck(set, FaultKind.STOP_FAILS, vmId) : Optional.empty();
        transactions.run(tx -> {
            take(tx, fence, Subjects.of(vmId));
            if (machines.running(tx, vmId).orElse(false)) {
                fault.ifPresent(f -> {
                    throw refusals.conflict(tx, vmId, "HostStopFailed", "does not stop (fault '" + f.id() + "').");
                });
                require(tx, vmId, machines.switchTo(tx, vmId, false));
            }
        });
    }

    @Override
    public void fence(Fence fence, Optional<UUID> vmId, Collection<ArtifactImage> refs) {
        gate.enter(HostCall.FENCE);
        transactions.run(tx -> take(tx, fence, Subjects.of(vmId, refs)));
    }

    /** Its numbers are in the store that they come from, so they are restored together. */
    @Override
    public Fence newestFence() {
        return Fence.NONE;
    }

    @Override
    public Optional<PowerState> power(UUID vmId) {
        gate.enter(HostCall.POWER);
        return transactions
                .read(tx -> machines.running(tx, vmId))
                .map(running -> running ? PowerState.RUNNING : PowerState.STOPPED);
    }

    @Override
    public Set<UUID> active() {
        gate.enter(HostCall.ACTIVE);
        return transactions.read(machines::running);
    }

    @Override
    public List<ImageProblem> refusals(Collection<ArtifactImage> refs) {
        return images.refusals(refs, gate.enter(HostCall.REFUSALS));
    }

    @Override
    public List<ImageProblem> prove(Collection<HostArtifact> artifacts) {
        return images.closed(artifacts, gate.enter(HostCall.PROVE));
    }

    @Override
    public void attach(Fence fence, ArtifactImage disk, Optional<UUID> vmId) {
        gate.enter(HostCall.ATTACH);
        disks.attach(fence, disk, vmId);
    }

    @Override
    public void plug(Fence fence, UUID vmId, HostArtifact disk) {
        List<Fault> set = gate.enter(HostCall.PLUG);
        List<ImageProblem> closed = runs(vmId) ? images.closed(List.of(disk), set) : List.of();
        disks.plug(fence, vmId, disk.image(), closed);
    }

    @Override
    public void unplug(Fence fence, UUID vmId, ArtifactImage disk) {
        List<Fault> set = gate.enter(HostCall.UNPLUG);
        Optional<Fault> fault = runs(vmId) ? struck(set, FaultKind.UNPLUG_FAILS, vmId) : Optional.empty();
        disks.unplug(fence, vmId, disk, fault);
    }

    @Override
    public void delete(Fence fence, Collection<ArtifactImage> refs) {
        gate.enter(HostCall.DELETE);
        transactions.run(tx -> {
            take(tx, fence, Subjects.of(Optional.empty(), refs));
            refusals.refuse(tx, "The images cannot be deleted.", refs, disks.inUse(tx, refs));
            machines.delete(tx, Images.ids(refs));
        });
    }

    @Override
    public void forget(Fence fence, UUID vmId) {
        gate.enter(HostCall.FORGET);
        transactions.run(tx -> {
            take(tx, fence, Subjects.of(vmId));
            if (machines.running(tx, vmId).orElse(false)) {
                throw refusals.conflict(tx, vmId, "VmRunning", "runs on the host: it cannot be forgotten.");
            }
            if (machines.hasGuestState(tx, vmId)) {
                throw refusals.conflict(tx, vmId, "VmHasImages", "still has images on the host.");
            }
            machines.equip(tx, vmId, List.of());
            machines.forget(tx, vmId);
        });
    }

    @Override
    public Optional<ErrorInfo> crash(UUID vmId) {
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> console(UUID vmId, int most) {
        return Optional.empty();
    }

    /** Nothing starts or stops here by itself; what {@link #startOutside} does is found by reconciliation alone. */
    @Override
    public void watch(Consumer<UUID> changed) {}

    @Override
    public Map<String, String> notes(UUID vmId) {
        return Map.of("host", info.name(), "accelerator", "none (" + LABEL + ")");
    }

    /** The guest shuts itself down: what an administrator does inside of it. Nothing where it does not run. */
    public void guestShutdown(UUID vmId) {
        transactions.run(tx -> require(tx, vmId, machines.switchTo(tx, vmId, false)));
    }

    /** Somebody starts the VM on the host, past the server: no key is asked for and no fault strikes. */
    public void startOutside(UUID vmId) {
        transactions.run(tx -> require(tx, vmId, machines.switchTo(tx, vmId, true)));
    }

    private void take(Tx tx, Fence fence, Collection<String> subjects) {
        disks.take(tx, fence, subjects);
    }

    private boolean runs(UUID vmId) {
        return transactions.read(tx -> machines.running(tx, vmId)).orElse(false);
    }

    private Optional<Fault> struck(List<Fault> set, FaultKind kind, UUID vmId) {
        return set.stream()
                .filter(f -> f.kind() == kind)
                .filter(f -> transactions.read(tx -> f.hits(names.vm(tx, vmId))))
                .filter(faults::strikes)
                .findFirst();
    }

    private void require(Tx tx, UUID vmId, Hit known) {
        if (known.missed()) {
            throw refusals.conflict(tx, vmId, "VmUnknown", "is not known to the host '" + info.name() + "'.");
        }
    }

    private static List<ArtifactImage> refs(Collection<HostArtifact> artifacts) {
        return artifacts.stream().map(HostArtifact::image).toList();
    }
}
