package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Refusals;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Disks of machines that run: secret in, disk in, secret out; and out again. What a machine has is libvirt's word.
 * Thread-safe.
 */
final class Plugs {
    /** SCSI disks go at once, whatever the guest does; QEMU then closes the image. */
    private static final Duration LETTING_GO = Duration.ofSeconds(20);

    static final String NOT_GIVEN = "The machine, which runs, cannot be given the disk.";

    private static final String DISKS = "/domain/devices/disk[source/@file]";
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final LibvirtSettings settings;
    private final Storage storage;
    private final Hypervisor hypervisor;
    private final EphemeralSecrets secrets;
    private final Proofs proofs;
    private final ImageUsers users;
    private final Refuse refuse;

    /** Refuses with a detail per problem; does nothing where there is none. */
    interface Refuse {
        void refuse(String message, Collection<ArtifactImage> images, List<ImageProblem> problems);
    }

    Plugs(
            LibvirtSettings settings,
            Storage storage,
            Hypervisor hypervisor,
            EphemeralSecrets secrets,
            Proofs proofs,
            ImageUsers users,
            Refuse refuse) {
        this.settings = settings;
        this.storage = storage;
        this.hypervisor = hypervisor;
        this.secrets = secrets;
        this.proofs = proofs;
        this.users = users;
        this.refuse = refuse;
    }

    /** The name under which the machine has the disk; empty where it does not have it, or does not run. */
    private Optional<String> target(UUID vm, ArtifactImage disk) {
        return description(vm).flatMap(xml -> target(xml, disk));
    }

    private Optional<String> target(String xml, ArtifactImage disk) {
        String file = storage.disk(disk.diskId().orElseThrow()).toString();
        List<String> files = XmlDocument.texts(xml, DISKS + "/source/@file");
        List<String> targets = XmlDocument.texts(xml, DISKS + "/target/@dev"); // each disk has one
        int at = files.indexOf(file);
        return at < 0 ? Optional.empty() : Optional.of(targets.get(at));
    }

    private Optional<String> description(UUID vm) {
        return hypervisor.find(vm).flatMap(_ -> hypervisor.xml(vm));
    }

    boolean has(UUID vm, ArtifactImage disk) {
        return target(vm, disk).isPresent();
    }

    /**
     * False where no machine runs (any more).
     *
     * @throws DomainException {@code Conflict} that says what is against it
     */
    boolean plug(UUID vm, HostArtifact disk) {
        try {
            return attach(vm, disk);
        } catch (LibvirtRefusedException e) {
            if (has(vm, disk.image())) {
                return true; // by a server that was killed
            }
            if (hypervisor.find(vm).isEmpty()) {
                return false;
            }
            // its VM runs, which is not what is asked of its users
            List<ArtifactImage> one = List.of(disk.image().unattached());
            refuse.refuse(NOT_GIVEN, one, proofs.closed(List.of(disk)));
            refuse.refuse(NOT_GIVEN, one, users.of(one, Map.of()));
            throw notGiven("The host '" + settings.name() + "' says: " + e.getMessage());
        }
    }

    private boolean attach(UUID vm, HostArtifact disk) {
        Optional<String> xml = description(vm);
        if (xml.isEmpty()) {
            return false;
        }
        if (target(xml.get(), disk.image()).isPresent()) {
            return true;
        }
        requireController(xml.get());
        try (EphemeralSecrets.Lent lent = secrets.lend();
                SecretBytes passphrase = Passphrases.DATA_DISK.of(disk.dataKey())) {
            UUID secret = lent.define(Passphrases.DATA_DISK, passphrase);
            hypervisor.attach(vm, DiskXml.attached(storage, disk.image(), secret));
        }
        return has(vm, disk.image());
    }

    private static RuntimeException notGiven(String why) {
        return new DomainError.Conflict(ErrorInfo.of("HostPlugFailed", NOT_GIVEN + " " + why)).asException();
    }

    private void requireController(String xml) {
        List<String> models = XmlDocument.texts(xml, "/domain/devices/controller[@type='scsi']/@model");
        if (!models.contains(DiskXml.CONTROLLER)) {
            throw notGiven("It was started, on the host '" + settings.name()
                    + "', without a controller for disks that come while it runs. Stop the VM and start it once; from"
                    + " then on it has one.");
        }
    }

    /** Afterwards the machine does not have the disk, and nothing has its image open. */
    void unplug(UUID vm, ArtifactImage disk) {
        Optional<String> target = target(vm, disk);
        if (target.isEmpty()) {
            return;
        }
        try {
            hypervisor.detach(vm, DiskXml.detached(target.get()));
        } catch (LibvirtRefusedException e) {
            if (has(vm, disk)) {
                throw kept("The host '" + settings.name() + "' says: " + e.getMessage());
            }
        }
        if (!settled(() -> !has(vm, disk) && proofs.locked(disk).isEmpty())) {
            throw kept("Its guest does not let go of it, " + LETTING_GO.toSeconds()
                    + " s after it was asked. Unmount the disk in the guest and try again, or stop the VM.");
        }
    }

    private static RuntimeException kept(String why) {
        return new DomainError.Conflict(ErrorInfo.of(
                        Refusals.NOT_RELEASED, "The disk is not taken from the machine, which runs. " + why))
                .asException();
    }

    private static boolean settled(BooleanSupplier done) {
        long end = System.nanoTime() + LETTING_GO.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
