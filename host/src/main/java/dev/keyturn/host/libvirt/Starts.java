package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.SecretBytes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.libvirt.DomainInfo;

/** Starts machines: secrets in, domain up, secrets out. */
final class Starts {
    /** Libvirt shows a machine as paused until QEMU has opened everything. */
    private static final Duration COMING_UP = Duration.ofSeconds(30);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final LibvirtSettings settings;
    private final Storage storage;
    private final Hypervisor hypervisor;
    private final EphemeralSecrets secrets;
    private final PlatformProbe platform;

    Starts(
            LibvirtSettings settings,
            Storage storage,
            Hypervisor hypervisor,
            EphemeralSecrets secrets,
            PlatformProbe platform) {
        this.settings = settings;
        this.storage = storage;
        this.hypervisor = hypervisor;
        this.secrets = secrets;
        this.platform = platform;
    }

    /** Whether the machine runs; one that is just coming up, by a server that was killed, is waited for. */
    boolean isUp(UUID vm) {
        long end = System.nanoTime() + COMING_UP.toNanos();
        Optional<Hypervisor.Active> found = hypervisor.find(vm);
        while (found.filter(f -> f.state() == DomainInfo.DomainState.VIR_DOMAIN_PAUSED)
                        .isPresent()
                && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
            found = hypervisor.find(vm);
        }
        return found.isPresent();
    }

    /** @throws LibvirtRefusedException where libvirt does not start it */
    void start(Machine machine, List<HostArtifact> artifacts) {
        Platform on = platform.require();
        if (settings.memoryEncryption() == LibvirtSettings.MemoryEncryption.REQUIRED
                && on.memoryEncryption().isEmpty()) {
            throw new DomainError.Conflict(ErrorInfo.of(
                            "ConfidentialHardwareRequired",
                            "VM '" + machine.name() + "' is not started: this server was told to require confidential"
                                    + " hardware, and the host '" + settings.name()
                                    + "' offers neither SEV-SNP nor TDX (" + Platform.AT_REST + ")."))
                    .asException();
        }
        try (EphemeralSecrets.Lent lent = secrets.lend()) {
            DomainXml.Keys keys = define(artifacts, lent);
            hypervisor.create(new DomainXml(settings, storage, on).of(machine, keys));
        }
    }

    private DomainXml.Keys define(List<HostArtifact> artifacts, EphemeralSecrets.Lent lent) {
        Map<ArtifactImage, UUID> disks = new LinkedHashMap<>();
        HostArtifact state = artifacts.stream()
                .filter(a -> a.image().kind() == ArtifactKind.GUEST_STATE)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a machine without a guest state"));
        for (HostArtifact artifact : artifacts) {
            switch (artifact.image().kind()) {
                case OS_DISK -> disks.put(artifact.image(), define(lent, Passphrases.OS_DISK, artifact));
                case DATA_DISK -> disks.put(artifact.image(), define(lent, Passphrases.DATA_DISK, artifact));
                case GUEST_STATE -> {}
            }
        }
        return new DomainXml.Keys(
                disks, define(lent, Passphrases.UEFI_VARIABLES, state), define(lent, Passphrases.VTPM_STATE, state));
    }

    private static UUID define(EphemeralSecrets.Lent lent, Passphrases use, HostArtifact artifact) {
        try (SecretBytes passphrase = use.of(artifact.dataKey())) {
            return lent.define(use, passphrase);
        }
    }
}
