package dev.keyturn.node.rotation;

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
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.operation.Fence;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A host in memory that knows each image's true data key, so that a wrong one never passes. Outlives a kill. */
final class FakeHost implements VmHost {
    static final String NAME = "fake";
    private final Map<ArtifactId, SecretBytes> trueKeys = new ConcurrentHashMap<>();
    private final Set<UUID> active = ConcurrentHashMap.newKeySet();
    final Set<ArtifactId> refused = ConcurrentHashMap.newKeySet();
    final Set<ArtifactId> corrupted = ConcurrentHashMap.newKeySet();
    /** Those that it was asked to prove. */
    final Set<ArtifactId> proven = ConcurrentHashMap.newKeySet();

    volatile HostCapabilities can = HostCapabilities.CAREFUL.withoutProof();
    volatile boolean silent;

    @Override
    public HostInfo info() {
        return new HostInfo(NAME, "fake", "a fake for tests", can);
    }

    @Override
    public Duration patience() {
        return Duration.ofMillis(1);
    }

    @Override
    public void provision(Fence fence, Optional<UUID> vmId, Collection<NewImage> images, Progress progress) {
        images.stream()
                .map(NewImage::artifact)
                .forEach(a ->
                        trueKeys.putIfAbsent(a.image().artifact(), a.dataKey().copy()));
    }

    @Override
    public void start(Fence fence, Machine machine, List<HostArtifact> artifacts) {
        List<ImageProblem> problems = doNotOpen(artifacts);
        if (!problems.isEmpty()) {
            throw new DomainError.Conflict(ErrorInfo.of("ArtifactDoesNotOpen", "does not open")
                            .with(problems.stream().map(ImageProblem::reason).toList()))
                    .asException();
        }
        active.add(machine.vmId());
    }

    @Override
    public void stop(Fence fence, UUID vmId, Duration limit) {
        active.remove(vmId);
    }

    @Override
    public void fence(Fence fence, Optional<UUID> vmId, Collection<ArtifactImage> images) {}

    @Override
    public Fence newestFence() {
        return Fence.NONE;
    }

    @Override
    public Optional<PowerState> power(UUID vmId) {
        return Optional.of(active.contains(vmId) ? PowerState.RUNNING : PowerState.STOPPED);
    }

    @Override
    public Set<UUID> active() {
        answer();
        return Set.copyOf(active);
    }

    void startBehindOurBack(UUID vmId) {
        active.add(vmId);
    }

    @Override
    public List<ImageProblem> refusals(Collection<ArtifactImage> images) {
        answer();
        return images.stream()
                .map(ArtifactImage::artifact)
                .filter(refused::contains)
                .map(a -> new ImageProblem(a, ErrorInfo.of("InjectedFault", "the host refuses")))
                .toList();
    }

    @Override
    public List<ImageProblem> prove(Collection<HostArtifact> artifacts) {
        answer();
        artifacts.forEach(a -> proven.add(a.image().artifact()));
        return doNotOpen(artifacts);
    }

    private List<ImageProblem> doNotOpen(Collection<HostArtifact> artifacts) {
        return artifacts.stream()
                .filter(a -> !opens(a))
                .map(a -> new ImageProblem(
                        a.image().artifact(), ErrorInfo.of("ImageDoesNotOpen", "its image does not open")))
                .toList();
    }

    /** Whether this is the data key that the image was made with. */
    boolean opens(HostArtifact artifact) {
        ArtifactId id = artifact.image().artifact();
        SecretBytes truth = trueKeys.get(id);
        return truth != null && !corrupted.contains(id) && truth.sameAs(artifact.dataKey());
    }

    private void answer() {
        if (silent) {
            throw new DomainError.Unavailable(ErrorInfo.of("HostUnreachable", "the host does not answer"))
                    .asException();
        }
    }

    @Override
    public void attach(Fence fence, ArtifactImage disk, Optional<UUID> vmId) {}

    @Override
    public void plug(Fence fence, UUID vmId, HostArtifact disk) {
        throw new UnsupportedOperationException("plug");
    }

    @Override
    public void unplug(Fence fence, UUID vmId, ArtifactImage disk) {
        throw new UnsupportedOperationException("unplug");
    }

    @Override
    public void delete(Fence fence, Collection<ArtifactImage> images) {
        images.forEach(i -> trueKeys.remove(i.artifact()));
    }

    @Override
    public void forget(Fence fence, UUID vmId) {
        active.remove(vmId);
    }

    @Override
    public Optional<ErrorInfo> crash(UUID vmId) {
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> console(UUID vmId, int most) {
        return Optional.empty();
    }

    @Override
    public void watch(Consumer<UUID> changed) {}

    @Override
    public Map<String, String> notes(UUID vmId) {
        return Map.of();
    }
}
