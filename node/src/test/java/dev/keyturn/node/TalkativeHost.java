package dev.keyturn.node;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.HostCapabilities;
import dev.keyturn.core.host.HostFile;
import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.host.simulated.SimulatedHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The simulated host with what a real one has beyond it: guests that write, crash and end while nobody looks. */
public final class TalkativeHost implements VmHost {
    private final SimulatedHost machines;
    private final Map<UUID, ErrorInfo> crashes = new ConcurrentHashMap<>();
    private final Map<UUID, byte[]> consoles = new ConcurrentHashMap<>();
    private final List<Consumer<UUID>> watchers = new CopyOnWriteArrayList<>();
    /** Whether it passes for a real host. */
    public volatile boolean real;
    /** Whether it changes the disks of machines that run. */
    public volatile boolean plugs = true;
    /** Called at the end of each start, before its answer. */
    public volatile Consumer<UUID> afterStart = _ -> {};
    /** Called at the end of each look at what runs, before its answer. */
    public volatile Runnable afterLook = () -> {};
    /** Called while images are made, with whom to tell how far that has come. */
    public volatile Consumer<Progress> whileFilling = _ -> {};
    /** Called at the beginning of each proof. */
    public volatile Runnable beforeProving = () -> {};
    /** Called at the end of each proof, before its answer. */
    public volatile Runnable whileProving = () -> {};
    /** What happens around a call that reaches the host; to be told which. */
    public volatile BiConsumer<String, Runnable> around = (_, call) -> call.run();
    /** Stops are done, but their answers get lost. */
    public volatile boolean losesStops;
    /** It does not say why a machine ended. */
    public volatile boolean keepsReasons;

    /** The files that it has. */
    public volatile Supplier<List<HostFile>> stored = List::of;

    public TalkativeHost(SimulatedHost machines) {
        this.machines = machines;
    }

    @Override
    public List<HostFile> files() {
        return stored.get();
    }

    /** The guest's kernel panics; the host tells at once. */
    public void crashGuest(UUID vmId, ErrorInfo why) {
        crashes.put(vmId, why);
        shutDownGuest(vmId);
    }

    /** The guest shuts itself down; the host tells at once. */
    public void shutDownGuest(UUID vmId) {
        machines.guestShutdown(vmId);
        watchers.forEach(w -> w.accept(vmId));
    }

    /** From now on the VM has a console, with this on it. */
    public void write(UUID vmId, byte[] text) {
        consoles.put(vmId, text.clone());
    }

    private static RuntimeException silence() {
        return new DomainError.Unavailable(ErrorInfo.of("HostUnreachable", "The host does not answer.")).asException();
    }

    @Override
    public HostInfo info() {
        HostInfo info = machines.info();
        HostCapabilities can = real ? HostCapabilities.CAREFUL.plugging() : info.can();
        return new HostInfo(info.name(), info.kind(), info.label(), plugs ? can : notPlugging(can));
    }

    private static HostCapabilities notPlugging(HostCapabilities can) {
        return new HostCapabilities(can.provesImages(), can.bootsImages(), can.noConsole(), false, can.looksEvery());
    }

    @Override
    public Duration patience() {
        return machines.patience();
    }

    @Override
    public void provision(Fence fence, Optional<UUID> vmId, Collection<NewImage> images, Progress progress) {
        whileFilling.accept(progress);
        around.accept("provision", () -> machines.provision(fence, vmId, images, progress));
    }

    @Override
    public void start(Fence fence, Machine machine, List<HostArtifact> artifacts) {
        crashes.remove(machine.vmId());
        around.accept("start", () -> machines.start(fence, machine, artifacts));
        afterStart.accept(machine.vmId());
    }

    @Override
    public void stop(Fence fence, UUID vmId, Duration limit) {
        around.accept("stop", () -> machines.stop(fence, vmId, limit));
        if (losesStops) {
            throw silence();
        }
    }

    @Override
    public void fence(Fence fence, Optional<UUID> vmId, Collection<ArtifactImage> images) {
        around.accept("fence", () -> machines.fence(fence, vmId, images));
    }

    /** The highest that it has taken, where it keeps count of its own beside the store. */
    public volatile Fence newest = Fence.NONE;

    @Override
    public Fence newestFence() {
        return newest;
    }

    @Override
    public Optional<PowerState> power(UUID vmId) {
        List<PowerState> found = new ArrayList<>();
        around.accept("power", () -> machines.power(vmId).ifPresent(found::add));
        return found.stream().findFirst();
    }

    @Override
    public Set<UUID> active() {
        Set<UUID> seen = machines.active();
        afterLook.run();
        return seen;
    }

    @Override
    public List<ImageProblem> refusals(Collection<ArtifactImage> images) {
        return machines.refusals(images);
    }

    @Override
    public List<ImageProblem> prove(Collection<HostArtifact> artifacts) {
        beforeProving.run();
        List<ImageProblem> problems = machines.prove(artifacts);
        whileProving.run();
        return problems;
    }

    @Override
    public void attach(Fence fence, ArtifactImage disk, Optional<UUID> vmId) {
        around.accept("attach", () -> machines.attach(fence, disk, vmId));
    }

    @Override
    public void plug(Fence fence, UUID vmId, HostArtifact disk) {
        around.accept("plug", () -> machines.plug(fence, vmId, disk));
    }

    @Override
    public void unplug(Fence fence, UUID vmId, ArtifactImage disk) {
        around.accept("unplug", () -> machines.unplug(fence, vmId, disk));
    }

    @Override
    public void delete(Fence fence, Collection<ArtifactImage> images) {
        around.accept("delete", () -> machines.delete(fence, images));
    }

    @Override
    public void forget(Fence fence, UUID vmId) {
        around.accept("forget", () -> machines.forget(fence, vmId));
    }

    @Override
    public Optional<ErrorInfo> crash(UUID vmId) {
        if (keepsReasons) {
            throw silence();
        }
        return Optional.ofNullable(crashes.get(vmId));
    }

    @Override
    public Optional<byte[]> console(UUID vmId, int most) {
        return Optional.ofNullable(consoles.get(vmId))
                .map(all -> Arrays.copyOfRange(all, Math.max(0, all.length - most), all.length));
    }

    @Override
    public void watch(Consumer<UUID> changed) {
        watchers.add(changed);
    }

    @Override
    public Map<String, String> notes(UUID vmId) {
        return machines.notes(vmId);
    }
}
