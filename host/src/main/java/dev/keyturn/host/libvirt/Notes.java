package dev.keyturn.host.libvirt;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.libvirt.DomainInfo;

/** What a person is told of a machine beyond its power state. */
final class Notes {
    private Notes() {}

    static Map<String, String> of(
            LibvirtSettings settings, Optional<Platform> platform, Optional<Hypervisor.Active> domain) {
        Map<String, String> notes = new TreeMap<>();
        notes.put("host", settings.name());
        notes.put("hypervisor", settings.uri().toString());
        notes.put("accelerator", platform.map(Platform::accelerator).orElse("not known yet"));
        notes.put("memoryEncryption", platform.map(Notes::memory).orElse("not known yet"));
        domain.ifPresent(d -> {
            notes.put("domain", d.name());
            // A machine whose disk is full is paused by QEMU: it is active, and nothing happens in it.
            if (d.state() == DomainInfo.DomainState.VIR_DOMAIN_PAUSED) {
                notes.put("domainState", "paused, by an operator or because a disk of the host is full");
            } else if (d.state() == DomainInfo.DomainState.VIR_DOMAIN_SHUTDOWN) {
                notes.put("domainState", "shutting down");
            }
        });
        return notes;
    }

    private static String memory(Platform platform) {
        return platform.memoryEncryption()
                .map(Platform.MemoryProtection::shown)
                .orElse("none: the host can read the guest's memory");
    }
}
