package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.DomainException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a host can run machines with, once, beside the server's start: its capabilities and, where it offers
 * KVM, whether that really boots something. Thread-safe.
 */
final class PlatformProbe {
    private static final Logger LOG = LoggerFactory.getLogger(PlatformProbe.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final LibvirtSettings settings;
    private final Hypervisor hypervisor;
    private final KvmProbe kvm;
    private Optional<CompletableFuture<Platform>> found = Optional.empty();

    PlatformProbe(LibvirtSettings settings, Hypervisor hypervisor, KvmProbe kvm) {
        this.settings = settings;
        this.hypervisor = hypervisor;
        this.kvm = kvm;
    }

    /** Begins, if it has not, and does not wait. */
    synchronized void begin() {
        var _ = probing();
    }

    private synchronized CompletableFuture<Platform> probing() {
        if (found.filter(f -> !f.isCompletedExceptionally()).isEmpty()) {
            CompletableFuture<Platform> probing = new CompletableFuture<>();
            Thread.ofVirtual().name("platform-probe").start(() -> {
                try {
                    probing.complete(probe());
                } catch (RuntimeException e) {
                    probing.completeExceptionally(e);
                }
            });
            found = Optional.of(probing);
        }
        return found.get();
    }

    /** What is known already; a host that did not answer is asked again by the next start of a VM, not by this. */
    Optional<Platform> known() {
        CompletableFuture<Platform> probing;
        synchronized (this) {
            if (found.isEmpty()) {
                return Optional.empty();
            }
            probing = found.get();
        }
        return probing.isDone() && !probing.isCompletedExceptionally() ? Optional.of(probing.join()) : Optional.empty();
    }

    /** @throws DomainException {@code Unavailable} where the host does not answer */
    Platform require() {
        try {
            return probing().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException told) {
                throw told;
            }
            throw e;
        }
    }

    private Platform probe() {
        return switch (settings.accelerator()) {
            case EMULATION -> new Platform(false, "emulation (asked for)", Optional.empty());
            case KVM -> new Platform(true, "KVM (asked for)", protection());
            case AUTO -> automatic();
        };
    }

    private Platform automatic() {
        if (capabilities().isEmpty()) {
            return new Platform(false, "emulation: this host has no KVM", Optional.empty());
        }
        Optional<String> fault = kvm.fault();
        fault.ifPresent(f -> LOG.warn("host '{}' has KVM, but it does not boot a guest: {}", settings.name(), f));
        return fault.map(f -> new Platform(false, "emulation: KVM does not boot a guest here", Optional.empty()))
                .orElseGet(() -> new Platform(true, "KVM", protection()));
    }

    private Optional<Platform.MemoryProtection> protection() {
        return settings.memoryEncryption() == LibvirtSettings.MemoryEncryption.OFF
                ? Optional.empty()
                : capabilities().flatMap(PlatformProbe::offered);
    }

    /** The capabilities of KVM machines, as {@code virsh domcapabilities} prints them; empty where there is no KVM. */
    private Optional<String> capabilities() {
        Tool.Answer answer = ask();
        if (!answer.well()) {
            // No KVM and no libvirt look the same here: where libvirt answers now, it is asked once more.
            hypervisor.active();
            answer = ask();
        }
        return answer.well() ? Optional.of(answer.said()) : Optional.empty();
    }

    private Tool.Answer ask() {
        return Tool.run(
                LIMIT,
                Optional.empty(),
                "virsh",
                "--connect",
                settings.uri().toString(),
                "domcapabilities",
                "--virttype",
                "kvm",
                "--machine",
                "q35");
    }

    /** What {@code launchSecurity} of these capabilities offers; SEV-SNP before TDX, older SEV does not count. */
    static Optional<Platform.MemoryProtection> offered(String capabilities) {
        List<String> types = XmlDocument.texts(
                capabilities,
                "/domainCapabilities/features/launchSecurity[@supported='yes']/enum[@name='sectype']/value");
        return Stream.of(Platform.MemoryProtection.values())
                .filter(kind -> types.contains(kind.libvirt()))
                .findFirst();
    }
}
