package dev.keyturn.host.remote;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.HostFile;
import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A host that writes down what it is asked, and answers what a test wants. */
final class ScriptedHost implements VmHost {
    static final HostInfo INFO = new HostInfo("h1", "scripted", "a host of a test");

    final List<Object> asked = new CopyOnWriteArrayList<>();
    Consumer<Progress> happens = _ -> {};
    List<ImageProblem> problems = List.of();
    List<HostFile> files = List.of();
    Map<String, String> notes = Map.of();
    Set<UUID> active = Set.of();
    Optional<PowerState> power = Optional.empty();
    Optional<ErrorInfo> crash = Optional.empty();
    Optional<byte[]> console = Optional.empty();
    Fence newest = Fence.NONE;

    private void note(Object... what) {
        asked.addAll(List.of(what));
        happens.accept(Progress.UNHEARD);
    }

    @Override
    public HostInfo info() {
        return INFO;
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(5);
    }

    @Override
    public void provision(Fence fence, Optional<UUID> vmId, Collection<NewImage> images, Progress progress) {
        asked.addAll(List.of(fence, vmId));
        images.forEach(i -> {
            asked.addAll(List.of(i.artifact().image(), i.sizeGb(), i.source()));
            asked.add(i.artifact().dataKey().copy());
        });
        happens.accept(progress);
    }

    @Override
    public void start(Fence fence, Machine machine, List<HostArtifact> artifacts) {
        note(fence, machine, artifacts.size());
    }

    @Override
    public void stop(Fence fence, UUID vmId, Duration limit) {
        note(fence, vmId, limit);
    }

    @Override
    public Fence newestFence() {
        return newest;
    }

    @Override
    public Optional<PowerState> power(UUID vmId) {
        note(vmId);
        return power;
    }

    @Override
    public Set<UUID> active() {
        note();
        return active;
    }

    @Override
    public List<ImageProblem> refusals(Collection<ArtifactImage> images) {
        note(images);
        return problems;
    }

    @Override
    public List<ImageProblem> prove(Collection<HostArtifact> artifacts) {
        note(artifacts.size());
        return problems;
    }

    @Override
    public void attach(Fence fence, ArtifactImage disk, Optional<UUID> vmId) {
        note(fence, disk, vmId);
    }

    @Override
    public void plug(Fence fence, UUID vmId, HostArtifact disk) {
        note(fence, vmId, disk.image());
    }

    @Override
    public void unplug(Fence fence, UUID vmId, ArtifactImage disk) {
        note(fence, vmId, disk);
    }

    @Override
    public void delete(Fence fence, Collection<ArtifactImage> images) {
        note(fence, images);
    }

    @Override
    public void fence(Fence fence, Optional<UUID> vmId, Collection<ArtifactImage> images) {
        note(fence, vmId, images);
    }

    @Override
    public void forget(Fence fence, UUID vmId) {
        note(fence, vmId);
    }

    @Override
    public Optional<ErrorInfo> crash(UUID vmId) {
        return crash;
    }

    @Override
    public Optional<byte[]> console(UUID vmId, int most) {
        note(vmId, most);
        return console;
    }

    @Override
    public void watch(Consumer<UUID> changed) {
        note("watched");
    }

    @Override
    public List<HostFile> files() {
        return files;
    }

    @Override
    public Map<String, String> notes(UUID vmId) {
        return notes;
    }
}
