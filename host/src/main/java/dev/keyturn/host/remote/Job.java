package dev.keyturn.host.remote;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.operation.Fence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A call that was read whole: asks the host, and writes what it returns. */
@FunctionalInterface
interface Job {
    void run(VmHost host, WireWriter out);

    static Job of(WireCall call, WireReader in, Lent lent, Answering answering) throws WireFormatException {
        return switch (call) {
            case PROVISION -> {
                Fence fence = HostRecords.fenceFrom(in);
                Optional<UUID> vm = in.maybe(WireReader::uuid);
                List<NewImage> images = in.each(lent::newImage);
                yield (host, _) -> host.provision(fence, vm, images, answering::at);
            }
            case START -> {
                Fence fence = HostRecords.fenceFrom(in);
                var machine = HostRecords.machineFrom(in);
                List<HostArtifact> artifacts = in.each(lent::artifact);
                yield (host, _) -> host.start(fence, machine, artifacts);
            }
            case STOP -> {
                Fence fence = HostRecords.fenceFrom(in);
                UUID vm = in.uuid();
                Duration limit = in.duration();
                yield (host, _) -> host.stop(fence, vm, limit);
            }
            case FENCE -> {
                Fence fence = HostRecords.fenceFrom(in);
                Optional<UUID> vm = in.maybe(WireReader::uuid);
                var images = in.each(HostRecords::imageFrom);
                yield (host, _) -> host.fence(fence, vm, images);
            }
            case NEWEST_FENCE -> (host, out) -> HostRecords.fence(out, host.newestFence());
            case POWER -> {
                UUID vm = in.uuid();
                yield (host, out) -> out.<PowerState>maybe(host.power(vm), WireWriter::word);
            }
            case ACTIVE -> (host, out) -> out.<UUID>each(host.active(), WireWriter::uuid);
            case REFUSALS -> {
                var images = in.each(HostRecords::imageFrom);
                yield (host, out) -> out.each(host.refusals(images), HostRecords::problem);
            }
            case PROVE -> {
                List<HostArtifact> artifacts = in.each(lent::artifact);
                yield (host, out) -> out.each(host.prove(artifacts), HostRecords::problem);
            }
            case ATTACH -> {
                Fence fence = HostRecords.fenceFrom(in);
                var disk = HostRecords.imageFrom(in);
                Optional<UUID> vm = in.maybe(WireReader::uuid);
                yield (host, _) -> host.attach(fence, disk, vm);
            }
            case PLUG -> {
                Fence fence = HostRecords.fenceFrom(in);
                UUID vm = in.uuid();
                HostArtifact disk = lent.artifact(in);
                yield (host, _) -> host.plug(fence, vm, disk);
            }
            case UNPLUG -> {
                Fence fence = HostRecords.fenceFrom(in);
                UUID vm = in.uuid();
                var disk = HostRecords.imageFrom(in);
                yield (host, _) -> host.unplug(fence, vm, disk);
            }
            case DELETE -> {
                Fence fence = HostRecords.fenceFrom(in);
                var images = in.each(HostRecords::imageFrom);
                yield (host, _) -> host.delete(fence, images);
            }
            case FORGET -> {
                Fence fence = HostRecords.fenceFrom(in);
                UUID vm = in.uuid();
                yield (host, _) -> host.forget(fence, vm);
            }
            case CRASH -> {
                UUID vm = in.uuid();
                yield (host, out) -> out.maybe(host.crash(vm), HostRecords::info);
            }
            case CONSOLE -> {
                UUID vm = in.uuid();
                int most = in.number();
                yield (host, out) -> out.maybe(host.console(vm, most), WireWriter::bytes);
            }
            case FILES -> (host, out) -> out.each(host.files(), HostRecords::hostFile);
            case NOTES -> {
                UUID vm = in.uuid();
                yield (host, out) -> HostRecords.notes(out, host.notes(vm));
            }
        };
    }
}
