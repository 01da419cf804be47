package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.host.Refusals;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Who uses an image: its own VM, by libvirt's word; else whoever has it locked, which may be a machine that somebody
 * made without this server. Thread-safe.
 */
final class ImageUsers {
    private final LibvirtSettings settings;
    private final Hypervisor hypervisor;
    private final Proofs proofs;

    ImageUsers(LibvirtSettings settings, Hypervisor hypervisor, Proofs proofs) {
        this.settings = settings;
        this.hypervisor = hypervisor;
        this.proofs = proofs;
    }

    /** The images that are in use, each with by whom; {@code active} is what libvirt says of now. */
    List<ImageProblem> of(Collection<ArtifactImage> images, Map<UUID, Hypervisor.Active> active) {
        return images.stream()
                .flatMap(i -> user(i, active).map(why -> new ImageProblem(i.artifact(), why)).stream())
                .toList();
    }

    private Optional<ErrorInfo> user(ArtifactImage image, Map<UUID, Hypervisor.Active> active) {
        return image.vmId()
                .flatMap(vm -> Optional.ofNullable(active.get(vm)))
                .map(domain -> inUse("the VM runs on " + where() + " as domain '" + domain.name() + "'"))
                .or(() -> proofs.locked(image).map(lock -> inUse(locked(lock))));
    }

    private String locked(Proofs.Lock lock) {
        List<String> domains = hypervisor.using(lock.image());
        if (domains.isEmpty()) {
            return lock.file() + " on the host '" + settings.name() + "': " + lock.why();
        }
        return lock.image() + " is open in the domain" + (domains.size() == 1 ? " '" : "s '")
                + String.join("', '", domains) + "' on " + where();
    }

    private String where() {
        return "the host '" + settings.name() + "' (" + settings.uri() + ")";
    }

    private static ErrorInfo inUse(String how) {
        return ErrorInfo.of(Refusals.IN_USE.code(), "Its image is in use: " + how + ".");
    }
}
