package dev.keyturn.host.libvirt;

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
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.host.Names;
import dev.keyturn.host.Refusals;
import dev.keyturn.host.Subjects;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.libvirt.event.DomainEvent;

/**
 * The host on which CVMs really run (docs/libvirt-host.md). A machine is a transient domain: it is in libvirt from its
 * start to its stop, and nothing of it before or after. What runs is libvirt's word, what is used also that of the
 * images' locks.
 */
public final class LibvirtHost implements VmHost, AutoCloseable {
    private final LibvirtSettings settings;
    private final Transactions transactions;
    private final Refusals refusals;
    private final Storage storage;
    private final StorageLock lock;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Fences fences;
    private final Hypervisor hypervisor;
    private final Provisioning provisioning;
    private final Proofs proofs;
    private final Starts starts;
    private final Stops stops;
    private final Plugs plugs;
    private final ImageUsers users;
    private final EphemeralSecrets secrets;
    private final KvmProbe probe;
    private final PlatformProbe platform;
    private final StorageOrders orders;
    private final Crashes crashes = new Crashes();
    private final CopyOnWriteArrayList<Consumer<UUID>> watchers = new CopyOnWriteArrayList<>();

    private LibvirtHost(LibvirtSettings settings, Transactions transactions, Names names, Setup setup) {
        this.settings = settings;
        this.transactions = transactions;
        this.refusals = new Refusals(names);
        this.storage = setup.storage();
        this.lock = setup.lock();
        this.fences = setup.fences();
        this.hypervisor =
                new Hypervisor(settings.name(), settings.uri(), settings.patience(), this::connected, this::happened);
        this.secrets = new EphemeralSecrets(hypervisor, settings.installation(), settings.name());
        this.proofs = new Proofs(storage, setup.vtpms());
        this.provisioning = new Provisioning(settings, storage, setup.vtpms());
        this.probe = new KvmProbe(hypervisor, storage.root(), settings.installation());
        this.platform = new PlatformProbe(settings, hypervisor, probe);
        this.orders = new StorageOrders(settings, storage, fences);
        this.starts = new Starts(settings, storage, hypervisor, secrets, platform);
        this.stops = new Stops(hypervisor);
        this.users = new ImageUsers(settings, hypervisor, proofs);
        this.plugs = new Plugs(settings, storage, hypervisor, secrets, proofs, users, this::refuse);
    }

    /**
     * The host, not connected yet: one that does not answer now may answer later.
     *
     * @throws HostUnusableException with all that is wrong with this machine or the storage directory
     */
    public static LibvirtHost open(LibvirtSettings settings, Transactions transactions, Names names)
            throws HostUnusableException {
        LibvirtHost host = new LibvirtHost(settings, transactions, names, Setup.of(settings));
        host.platform.begin();
        return host;
    }

    /** Whether a host was set up in the storage directory before; one that is not mounted has nothing in it. */
    public static boolean used(Path storage) {
        return Setup.used(storage);
    }

    /**
     * The directory of a libvirt storage pool of type dir.
     *
     * @throws HostUnusableException where libvirt does not answer, or has no such pool
     */
    public static Path poolDirectory(URI uri, String pool, String host) throws HostUnusableException {
        return Pools.directory(uri, pool, host);
    }

    @Override
    public HostInfo info() {
        return new HostInfo(
                settings.name(),
                "libvirt",
                platform.known().map(Platform::label).orElse(Platform.AT_REST),
                HostCapabilities.CAREFUL.plugging());
    }

    @Override
    public Duration patience() {
        return settings.patience();
    }

    @Override
    public void provision(Fence fence, Optional<UUID> vmId, Collection<NewImage> images, Progress progress) {
        List<ArtifactImage> refs =
                images.stream().map(i -> i.artifact().image()).toList();
        orders.ordered(fence, Subjects.of(vmId, refs), () -> provision(vmId, images, refs, progress));
    }

    private void provision(
            Optional<UUID> vmId, Collection<NewImage> images, List<ArtifactImage> refs, Progress progress) {
        List<HostArtifact> there = images.stream()
                .map(NewImage::artifact)
                .filter(a -> storage.has(a.image()))
                .toList();
        refuse("There are images already that do not open with these keys.", refs, proofs.closed(there));
        vmId.ifPresent(storage::define);
        provisioning.make(images, progress);
    }

    @Override
    public void start(Fence fence, Machine machine, List<HostArtifact> artifacts) {
        List<ArtifactImage> refs = artifacts.stream().map(HostArtifact::image).toList();
        orders.ordered(fence, Subjects.of(Optional.of(machine.vmId()), refs), () -> start(machine, artifacts, refs));
    }

    private void start(Machine machine, List<HostArtifact> artifacts, List<ArtifactImage> refs) {
        if (starts.isUp(machine.vmId())) {
            return;
        }
        String message = "VM '" + machine.name() + "' cannot be started.";
        // Libvirt would make a missing file of variables anew, in the clear.
        refuse(message, refs, orders.stored(() -> proofs.missing(refs)));
        crashes.forget(machine.vmId());
        try {
            starts.start(machine, artifacts);
        } catch (LibvirtRefusedException e) {
            Map<UUID, Hypervisor.Active> active = hypervisor.active();
            if (active.containsKey(machine.vmId())) {
                // A start by a server that was killed went on in libvirt, and was quicker.
                return;
            }
            refuse(message, refs, proofs.closed(artifacts));
            refuse(message, refs, users.of(refs, active));
            throw new DomainError.Conflict(ErrorInfo.of(
                            "HostStartFailed", message + " The host '" + settings.name() + "' says: " + e.getMessage()))
                    .asException();
        }
    }

    @Override
    public void stop(Fence fence, UUID vmId, Duration limit) {
        orders.ordered(fence, Subjects.of(vmId), () -> stops.stop(vmId, limit));
    }

    /** Waits for its turn: an order that is being carried out is none that is on its way. */
    @Override
    public void fence(Fence fence, Optional<UUID> vmId, Collection<ArtifactImage> images) {
        orders.briefly("fence", fence, Subjects.of(vmId, images), () -> {});
    }

    @Override
    public Fence newestFence() {
        return fences.newest();
    }

    @Override
    public Optional<PowerState> power(UUID vmId) {
        if (hypervisor.find(vmId).isPresent()) {
            return Optional.of(PowerState.RUNNING);
        }
        return orders.stored(() -> storage.knows(vmId)) ? Optional.of(PowerState.STOPPED) : Optional.empty();
    }

    @Override
    public Set<UUID> active() {
        secrets.tidy();
        Set<UUID> all = hypervisor.active().keySet();
        return orders.stored(() -> all.stream().filter(storage::knows).collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public List<ImageProblem> refusals(Collection<ArtifactImage> images) {
        Map<UUID, Hypervisor.Active> active = hypervisor.active();
        List<ImageProblem> missing = orders.stored(() -> proofs.missing(images));
        Set<ArtifactId> gone = missing.stream().map(ImageProblem::artifact).collect(Collectors.toSet());
        List<ImageProblem> problems = new ArrayList<>(missing);
        List<ArtifactImage> there =
                images.stream().filter(i -> !gone.contains(i.artifact())).toList();
        problems.addAll(orders.stored(() -> users.of(there, active)));
        return problems;
    }

    @Override
    public List<ImageProblem> prove(Collection<HostArtifact> artifacts) {
        var _ = orders.stored(storage::answers);
        return proofs.closed(artifacts);
    }

    /** A domain has the disks it is started with, so there is nothing to do but to see that the disk is free. */
    @Override
    public void attach(Fence fence, ArtifactImage disk, Optional<UUID> vmId) {
        orders.briefly("attach", fence, Subjects.of(vmId, List.of(disk)), () -> attach(disk, vmId));
    }

    private void attach(ArtifactImage disk, Optional<UUID> vmId) {
        List<ArtifactImage> one = List.of(disk);
        String message = "The disk cannot be moved.";
        refuse(message, one, refusals(one));
        boolean busy = vmId.flatMap(hypervisor::find).isPresent();
        refuse(message, one, Refusals.where(one, _ -> busy, Refusals.VM_RUNS));
        vmId.ifPresent(storage::define);
    }

    @Override
    public void plug(Fence fence, UUID vmId, HostArtifact disk) {
        List<ArtifactImage> one = List.of(disk.image());
        orders.ordered(fence, Subjects.of(Optional.of(vmId), one), () -> {
            refuse(Plugs.NOT_GIVEN, one, orders.stored(() -> proofs.missing(one)));
            if (!starts.isUp(vmId) || !plugs.plug(vmId, disk)) {
                attach(disk.image(), Optional.of(vmId));
            }
        });
    }

    @Override
    public void unplug(Fence fence, UUID vmId, ArtifactImage disk) {
        orders.ordered(fence, Subjects.of(Optional.empty(), List.of(disk)), () -> plugs.unplug(vmId, disk));
    }

    @Override
    public void delete(Fence fence, Collection<ArtifactImage> images) {
        orders.briefly("delete", fence, Subjects.of(Optional.empty(), images), () -> {
            refuse("The images cannot be deleted.", images, users.of(images, hypervisor.active()));
            images.forEach(storage::delete);
        });
    }

    @Override
    public void forget(Fence fence, UUID vmId) {
        orders.briefly("forget", fence, Subjects.of(vmId), () -> forget(vmId));
    }

    private void forget(UUID vmId) {
        if (hypervisor.find(vmId).isPresent()) {
            throw transactions.read(
                    tx -> refusals.conflict(tx, vmId, "VmRunning", "runs on the host: it cannot be forgotten."));
        }
        if (storage.hasGuestState(vmId)) {
            throw transactions.read(tx -> refusals.conflict(tx, vmId, "VmHasImages", "still has images on the host."));
        }
        storage.forget(vmId);
        crashes.forget(vmId);
    }

    @Override
    public Optional<ErrorInfo> crash(UUID vmId) {
        return crashes.of(vmId);
    }

    @Override
    public Optional<byte[]> console(UUID vmId, int most) {
        return orders.read(
                "ConsoleNotReadable",
                "The console cannot be read",
                () -> ConsoleLog.newest(storage.console(vmId), most));
    }

    @Override
    public void watch(Consumer<UUID> changed) {
        watchers.add(changed);
    }

    @Override
    public List<HostFile> files() {
        return orders.read(
                "HostStorageFailed", "The storage directory cannot be listed", () -> StoredFiles.in(storage));
    }

    @Override
    public Map<String, String> notes(UUID vmId) {
        Optional<Hypervisor.Active> domain = hypervisor.find(vmId);
        return Notes.of(settings, platform.known(), domain, hypervisor.xml(vmId));
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        hypervisor.close();
        orders.close();
        lock.close();
    }

    private void refuse(String message, Collection<ArtifactImage> images, List<ImageProblem> problems) {
        transactions.run(tx -> refusals.refuse(tx, message, images, problems));
    }

    private void connected() {
        secrets.sweep();
        probe.sweep();
    }

    private void happened(UUID vm, DomainEvent event) {
        crashes.note(vm, event);
        watchers.forEach(w -> w.accept(vm));
    }
}
