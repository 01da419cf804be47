package dev.keyturn.core.disk;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.Condemned;
import dev.keyturn.core.artifact.DataKeys;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** What creating and updating a VM have in common: new images, disks attached and detached. Every step idempotent. */
public final class DiskWork {
    public static final String ATTACH = "attach";
    public static final String DETACH = "detach";

    private final DiskParts parts;
    private final DiskRows rows;
    private final NewArtifacts newArtifacts;

    public DiskWork(DiskParts parts) {
        this.parts = parts;
        this.rows = parts.rows();
        this.newArtifacts = new NewArtifacts(parts);
    }

    public static String list(Collection<ArmId> ids) {
        return String.join("\n", ids.stream().map(ArmId::toString).toList());
    }

    public static List<ArmId> listed(Operation operation, String argument) {
        String text = operation.arguments().getOrDefault(argument, "");
        return text.lines().map(l -> ArmId.parse(l).orElseThrow()).toList();
    }

    /**
     * Rows and keys, then images, for the VM's disks that are being created; with its guest state where asked. What an
     * earlier try left on the host is deleted first: it is under keys that are gone.
     */
    public void provision(Lease lease, DiskOwner vm, boolean guestState) {
        delete(lease, lease.read(tx -> parts.artifacts().condemnedOfVm(tx, vm.vmId())));
        List<Disk> fresh = lease.read(tx -> creating(tx, vm.id()));
        List<NewArtifacts.Wanted> wanted = new ArrayList<>();
        if (guestState) {
            wanted.add(new NewArtifacts.Wanted(ArtifactKind.GUEST_STATE, vm.id(), vm.set(), vm.host()));
        }
        fresh.forEach(d -> wanted.add(wanted(d)));
        newArtifacts.ensure(lease, vm.set(), wanted);
        List<Artifact> artifacts = lease.read(tx -> wanted.stream()
                .flatMap(w -> parts.artifacts().ownedBy(tx, w.owner()).stream())
                .toList());
        make(lease, Optional.of(vm), vm.host(), vm.set(), artifacts, fresh);
    }

    /** The image of a disk of its own. */
    public void provision(Lease lease, Disk disk) {
        delete(lease, lease.read(tx -> parts.artifacts().condemnedOfDisk(tx, disk.uniqueId())));
        newArtifacts.ensure(lease, disk.set(), List.of(wanted(disk)));
        Artifact artifact =
                lease.read(tx -> parts.artifacts().ownedBy(tx, disk.id())).orElseThrow();
        make(lease, Optional.empty(), disk.host(), disk.set(), List.of(artifact), List.of(disk));
    }

    private static NewArtifacts.Wanted wanted(Disk disk) {
        ArtifactKind kind = disk.os() ? ArtifactKind.OS_DISK : ArtifactKind.DATA_DISK;
        return new NewArtifacts.Wanted(kind, disk.id(), disk.set(), disk.host());
    }

    private void make(
            Lease lease,
            Optional<DiskOwner> vm,
            String host,
            Optional<ArmId> setId,
            List<Artifact> artifacts,
            List<Disk> disks) {
        Map<UUID, Disk> byUniqueId = new HashMap<>();
        disks.forEach(d -> byUniqueId.put(d.uniqueId(), d));
        Optional<DiskEncryptionSet> set = lease.read(tx -> parts.setRows().of(tx, setId));
        try (DataKeys keys = parts.keys().lend(set.map(DiskEncryptionSet::principal))) {
            List<NewImage> wanted = keys.open(artifacts).stream()
                    .map(a -> wanted(a, a.image().diskId().map(byUniqueId::get)))
                    .toList();
            parts.hosts().named(host).provision(lease.fence(), vm.map(DiskOwner::vmId), wanted, lease::progress);
        }
    }

    private static NewImage wanted(HostArtifact artifact, Optional<Disk> disk) {
        return new NewImage(artifact, disk.map(Disk::sizeGb).orElse(0), disk.flatMap(Disk::source));
    }

    /** Gives the VM the image of a disk that was made before. */
    public void attach(Lease lease, DiskOwner vm, ArmId disk) {
        Artifact artifact =
                lease.read(tx -> parts.artifacts().ownedBy(tx, disk)).orElseThrow();
        ArtifactImage coming = image(lease, artifact).unattached();
        parts.hosts().named(vm.host()).attach(lease.fence(), coming, Optional.of(vm.vmId()));
    }

    /** Takes the image of a disk from the VM. */
    public void detach(Lease lease, DiskOwner vm, ArmId disk) {
        lease.read(tx -> parts.artifacts().ownedBy(tx, disk))
                .ifPresent(
                        a -> parts.hosts().named(vm.host()).attach(lease.fence(), image(lease, a), Optional.empty()));
    }

    /** The disk where it belongs to the VM and is on its way to it or from it; one that has arrived is not. */
    public Optional<Disk> underWay(Tx tx, ArmId vm, ArmId disk) {
        return parts.disks()
                .find(tx, disk)
                .filter(d -> d.vm().equals(Optional.of(vm)))
                .filter(d -> d.head().state() == ProvisioningState.UPDATING);
    }

    /** Keeps out what orders about the disk's image may be on their way; one without an artifact has had none. */
    void fenceOff(Lease lease, Disk disk) {
        List<Artifact> artifacts = lease.read(tx -> parts.artifacts().ownedBy(tx, disk.id())).stream()
                .toList();
        if (!artifacts.isEmpty()) {
            parts.hosts().named(disk.host()).fence(lease.refence(), Optional.empty(), images(lease, artifacts));
        }
    }

    /** Has condemned images deleted by their hosts. */
    public void delete(Lease lease, List<Condemned> condemned) {
        Map<String, List<ArtifactImage>> byHost = condemned.stream()
                .collect(Collectors.groupingBy(
                        Condemned::host, Collectors.mapping(Condemned::image, Collectors.toList())));
        byHost.forEach((host, images) -> {
            parts.hosts().named(host).delete(lease.fence(), images);
            lease.run(tx -> parts.artifacts()
                    .forgetCondemned(
                            tx, images.stream().map(ArtifactImage::artifact).toList()));
        });
    }

    public ArtifactImage image(Lease lease, Artifact artifact) {
        return images(lease, List.of(artifact)).getFirst();
    }

    public List<ArtifactImage> images(Lease lease, List<Artifact> artifacts) {
        return List.copyOf(lease.read(tx -> parts.artifacts()
                        .images(tx, artifacts.stream().map(Artifact::id).toList()))
                .values());
    }

    public List<Disk> creating(Tx tx, ArmId vm) {
        return parts.disks().ofVm(tx, vm).stream()
                .filter(d -> d.head().state() == ProvisioningState.CREATING)
                .toList();
    }

    /** Every disk of the VM that is still on its way there is there. */
    public void settled(Tx tx, ArmId vm) {
        for (Disk disk : parts.disks().ofVm(tx, vm)) {
            if (disk.head().state() != ProvisioningState.SUCCEEDED) {
                rows.to(tx, disk, ProvisioningState.SUCCEEDED);
            }
        }
    }

    /** Moves the disk to the state. */
    public void to(Tx tx, ArmId disk, ProvisioningState state) {
        rows.to(tx, rows.disk(tx, disk), state);
    }

    /** The disk belongs to no VM any more. */
    public void release(Tx tx, ArmId disk) {
        parts.disks()
                .find(tx, disk)
                .ifPresent(d ->
                        rows.attached(tx, d, Optional.empty(), Optional.empty(), false, ProvisioningState.SUCCEEDED));
    }
}
