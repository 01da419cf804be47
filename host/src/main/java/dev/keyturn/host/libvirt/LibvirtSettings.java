package dev.keyturn.host.libvirt;

import dev.keyturn.host.ImageFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * How a libvirt host is reached and what its machines are.
 *
 * @param name the host's name among the hosts of one server
 * @param uri libvirt's, for example {@code qemu:///system}
 * @param storage where the encrypted images are, on a file system that this process and the hypervisor both see under
 *     this path
 * @param images the operator's image files
 * @param installation whose machines these are: two servers on one hypervisor do not touch each other's
 * @param accelerator how machines are run
 * @param memoryEncryption whether it is asked for where the host offers it, and whether machines start without it
 * @param vcpus what every machine gets instead of what its size says
 * @param memoryMib likewise, in MiB
 * @param network the libvirt network that machines are on; on none where it is empty
 * @param uefiVariables what a new machine's UEFI variables are a copy of: whose keys its secure boot trusts
 * @param patience the longest that a question takes
 */
public record LibvirtSettings(
        String name,
        URI uri,
        Path storage,
        ImageFiles images,
        UUID installation,
        Accelerator accelerator,
        MemoryEncryption memoryEncryption,
        Optional<Integer> vcpus,
        Optional<Integer> memoryMib,
        Optional<String> network,
        Path uefiVariables,
        Duration patience) {

    /** {@code AUTO} is KVM where it was seen to boot a guest, and emulation elsewhere. */
    public enum Accelerator {
        AUTO,
        KVM,
        EMULATION
    }

    public enum MemoryEncryption {
        OFF,
        WHERE_OFFERED,
        REQUIRED
    }

    boolean system() {
        return uri.getPath() == null || !uri.getPath().startsWith("/session");
    }
}
