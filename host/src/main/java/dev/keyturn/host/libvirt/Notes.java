package dev.keyturn.host.libvirt;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.libvirt.DomainInfo;

/** What a person is told of a machine beyond its power state. */
final class Notes {
    private static final String NONE = "none: the host can read the guest's memory";

    private Notes() {}

    static Map<String, String> of(
            LibvirtSettings settings,
            Optional<Platform> platform,
            Optional<Hypervisor.Active> domain,
            Optional<String> xml) {
        Map<String, String> notes = new TreeMap<>();
        notes.put("host", settings.name());
        notes.put("hypervisor", settings.uri().toString());
        // A machine that runs is what it was started as, whatever the host would start now.
        String atNextStart = platform.map(Platform::accelerator).orElse("not known yet");
        notes.put(
                "accelerator",
                xml.map(x -> XmlDocument.text(x, "/domain/@type").equals("kvm") ? "KVM" : emulated(atNextStart))
                        .orElse(atNextStart));
        notes.put(
                "memoryEncryption",
                xml.map(Notes::memory)
                        .orElseGet(() -> platform.map(Notes::memory).orElse("not known yet")));
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

    private static String emulated(String atNextStart) {
        return atNextStart.startsWith("emulation") ? atNextStart : "emulation";
    }

    private static String memory(String xml) {
        String kind = XmlDocument.text(xml, "/domain/launchSecurity/@type");
        return kind.isEmpty() ? NONE : kind;
    }

    private static String memory(Platform platform) {
        return platform.memoryEncryption().map(Platform.MemoryProtection::shown).orElse(NONE);
    }
}
