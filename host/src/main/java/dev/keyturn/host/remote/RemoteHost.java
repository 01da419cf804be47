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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A host that another node serves: each call goes there, with its fence, and is carried out by the owner. Where it does
 * not answer the call is {@code Unavailable}, whether it was carried out or not; it may be made again, like each call of
 * the port. Thread-safe.
 */
public final class RemoteHost implements VmHost {
    private final HostInfo info;
    private final Duration patience;
    private final Calls calls;

    /** @param patience the owner's; the way there comes on top of it */
    public RemoteHost(HostInfo info, Duration patience, HostWire wire) {
        this(info, Limits.of(patience), wire);
    }

    RemoteHost(HostInfo info, Limits limits, HostWire wire) {
        this.info = info;
        this.patience = limits.question();
        this.calls = new Calls(info.name(), limits, wire);
    }

    @Override
    public HostInfo info() {
        return info;
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public void provision(Fence fence, Optional<UUID> vmId, Collection<NewImage> images, Progress progress) {
        calls.order(WireCall.PROVISION, progress, out -> {
            HostRecords.fence(out, fence);
            out.maybe(vmId, WireWriter::uuid).each(images, HostRecords::newImage);
        });
    }

    @Override
    public void start(Fence fence, Machine machine, List<HostArtifact> artifacts) {
        calls.order(WireCall.START, out -> {
            HostRecords.fence(out, fence);
            HostRecords.machine(out, machine);
            out.each(artifacts, HostRecords::artifact);
        });
    }

    @Override
    public void stop(Fence fence, UUID vmId, Duration limit) {
        calls.order(WireCall.STOP, out -> {
            HostRecords.fence(out, fence);
            out.uuid(vmId).duration(limit);
        });
    }

    @Override
    public void fence(Fence fence, Optional<UUID> vmId, Collection<ArtifactImage> images) {
        calls.order(WireCall.FENCE, out -> {
            HostRecords.fence(out, fence);
            out.maybe(vmId, WireWriter::uuid).each(images, HostRecords::image);
        });
    }

    @Override
    public Fence newestFence() {
        return calls.ask(WireCall.NEWEST_FENCE, _ -> {}, HostRecords::fenceFrom);
    }

    @Override
    public Optional<PowerState> power(UUID vmId) {
        return calls.ask(WireCall.POWER, out -> out.uuid(vmId), in -> in.maybe(i -> i.word(PowerState.class)));
    }

    @Override
    public Set<UUID> active() {
        return new HashSet<>(calls.ask(WireCall.ACTIVE, _ -> {}, in -> in.each(WireReader::uuid)));
    }

    @Override
    public List<ImageProblem> refusals(Collection<ArtifactImage> images) {
        return calls.ask(
                WireCall.REFUSALS,
                out -> out.each(images, HostRecords::image),
                in -> in.each(HostRecords::problemFrom));
    }

    @Override
    public List<ImageProblem> prove(Collection<HostArtifact> artifacts) {
        return calls.ask(
                WireCall.PROVE,
                out -> out.each(artifacts, HostRecords::artifact),
                in -> in.each(HostRecords::problemFrom));
    }

    @Override
    public void attach(Fence fence, ArtifactImage disk, Optional<UUID> vmId) {
        calls.order(WireCall.ATTACH, out -> {
            HostRecords.fence(out, fence);
            HostRecords.image(out, disk);
            out.maybe(vmId, WireWriter::uuid);
        });
    }

    @Override
    public void plug(Fence fence, UUID vmId, HostArtifact disk) {
        calls.order(WireCall.PLUG, out -> {
            HostRecords.fence(out, fence);
            out.uuid(vmId);
            HostRecords.artifact(out, disk);
        });
    }

    @Override
    public void unplug(Fence fence, UUID vmId, ArtifactImage disk) {
        calls.order(WireCall.UNPLUG, out -> {
            HostRecords.fence(out, fence);
            out.uuid(vmId);
            HostRecords.image(out, disk);
        });
    }

    @Override
    public void delete(Fence fence, Collection<ArtifactImage> images) {
        calls.order(WireCall.DELETE, out -> {
            HostRecords.fence(out, fence);
            out.each(images, HostRecords::image);
        });
    }

    @Override
    public void forget(Fence fence, UUID vmId) {
        calls.order(WireCall.FORGET, out -> {
            HostRecords.fence(out, fence);
            out.uuid(vmId);
        });
    }

    @Override
    public Optional<ErrorInfo> crash(UUID vmId) {
        return calls.ask(WireCall.CRASH, out -> out.uuid(vmId), in -> in.maybe(HostRecords::infoFrom));
    }

    @Override
    public Optional<byte[]> console(UUID vmId, int most) {
        return calls.ask(WireCall.CONSOLE, out -> out.uuid(vmId).number(most), in -> in.maybe(WireReader::bytes));
    }

    /** Its own node watches it, and writes down what it sees. */
    @Override
    public void watch(Consumer<UUID> changed) {}

    @Override
    public List<HostFile> files() {
        return calls.ask(WireCall.FILES, _ -> {}, in -> in.each(HostRecords::hostFileFrom));
    }

    @Override
    public Map<String, String> notes(UUID vmId) {
        return calls.ask(WireCall.NOTES, out -> out.uuid(vmId), HostRecords::notesFrom);
    }
}
