package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.SecretBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passphrases in libvirt's memory for the length of a start: ephemeral (never on its disk), private (nobody reads them
 * back), gone once QEMU has opened the images. Those that a killed server left are found by their usage, which names
 * installation and host. Thread-safe.
 */
final class EphemeralSecrets {
    private static final Logger LOG = LoggerFactory.getLogger(EphemeralSecrets.class);

    /** Longer than a connection that libvirt does not answer on lasts; no call comes later. */
    private static final Duration LATE = Duration.ofSeconds(60);

    private final Hypervisor hypervisor;
    private final String prefix;
    private final Set<UUID> lent = ConcurrentHashMap.newKeySet();
    private volatile long doubtfulSince;
    private volatile boolean doubtful;

    EphemeralSecrets(Hypervisor hypervisor, UUID installation, String host) {
        this.hypervisor = hypervisor;
        this.prefix = "keyturn:" + installation + ":" + host + ":";
    }

    /** The secrets of one start. Closing it takes them back, whatever became of the start. */
    final class Lent implements AutoCloseable {
        private final List<UUID> ids = new ArrayList<>();

        /** Defines a secret and says under which id the domain finds it. */
        UUID define(Passphrases use, SecretBytes passphrase) {
            UUID id = UUID.randomUUID();
            lent.add(id);
            ids.add(id);
            try {
                hypervisor.putSecret(xml(id, use), passphrase);
            } catch (RuntimeException e) {
                // Not answered in time is not the same as not done: it may be there later.
                doubt();
                throw e;
            }
            return id;
        }

        @Override
        public void close() {
            for (UUID id : ids) {
                try {
                    hypervisor.dropSecret(id);
                } catch (RuntimeException e) {
                    // Whatever it was, the others are taken back.
                    doubt();
                    LOG.warn("secret {} could not be taken back from libvirt now: {}", id, e.getMessage());
                } finally {
                    lent.remove(id);
                }
            }
        }
    }

    Lent lend() {
        return new Lent();
    }

    /** Sweeps where one could not be taken back, or may still come from a call that was not waited for. */
    void tidy() {
        if (doubtful) {
            boolean settled = System.nanoTime() - doubtfulSince > LATE.toNanos();
            sweep();
            doubtful = !settled;
        }
    }

    private void doubt() {
        doubtfulSince = System.nanoTime();
        doubtful = true;
    }

    /** Takes back what no start of this process is using. */
    void sweep() {
        for (Map.Entry<UUID, String> secret : hypervisor.secrets().entrySet()) {
            if (secret.getValue().startsWith(prefix) && !lent.contains(secret.getKey())) {
                hypervisor.dropSecret(secret.getKey());
                LOG.warn("took back secret {}, left by a start that was cut off", secret.getKey());
            }
        }
    }

    private String xml(UUID id, Passphrases use) {
        String usage = prefix + id;
        return Xml.document("secret", secret -> {
            secret.attribute("ephemeral", "yes").attribute("private", "yes");
            secret.text("uuid", id.toString());
            boolean vtpm = use == Passphrases.VTPM_STATE;
            secret.element(
                    "usage", u -> u.attribute("type", vtpm ? "vtpm" : "volume").text(vtpm ? "name" : "volume", usage));
        });
    }
}
