package dev.keyturn.core.artifact;

import dev.keyturn.core.envelope.EnvelopeDamagedException;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyCipher;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.SecretBytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens the envelopes of artifacts for one use: each set key is unwrapped once, through the vault as the set's
 * identity, and closed with this. Not thread-safe; never inside a transaction.
 */
public final class DataKeys implements AutoCloseable {
    /** What is said of an artifact whose envelope does not open. */
    public static final ErrorInfo DAMAGED =
            ErrorInfo.of("EnvelopeDamaged", "its stored data key does not open under its set key.");

    private final ArtifactKeys parts;
    private final Optional<PrincipalId> as;
    private final Map<SetKeyId, SetKeyCipher> ciphers = new HashMap<>();
    private final List<SecretBytes> lent = new ArrayList<>();

    DataKeys(ArtifactKeys parts, Optional<PrincipalId> as) {
        this.parts = parts;
        this.as = as;
    }

    /** An artifact's data key; zeroed when this is closed, or by {@link #takeBack} earlier. */
    public SecretBytes open(Artifact artifact) {
        SecretBytes key = cipher(artifact.envelope().setKey()).open(artifact.id(), artifact.set(), artifact.envelope());
        lent.add(key);
        return key;
    }

    /**
     * All of them, as a host takes them.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} with a detail per artifact whose envelope does
     *     not open
     */
    public List<HostArtifact> open(List<Artifact> artifacts) {
        Map<ArtifactId, ArtifactImage> images = parts.transactions()
                .read(tx -> parts.artifacts()
                        .images(tx, artifacts.stream().map(Artifact::id).toList()));
        List<HostArtifact> opened = new ArrayList<>();
        List<ArtifactId> damaged = new ArrayList<>();
        for (Artifact artifact : artifacts) {
            ArtifactImage image = images.get(artifact.id());
            if (image == null) {
                throw new IllegalStateException("artifact " + artifact.id() + " is gone");
            }
            try {
                opened.add(new HostArtifact(image, open(artifact)));
            } catch (EnvelopeDamagedException e) {
                damaged.add(artifact.id());
            }
        }
        if (!damaged.isEmpty()) {
            throw new DomainError.Conflict(
                            ErrorInfo.of("EnvelopeDamaged", damaged.size() + " data keys of the VM do not open.")
                                    .with(named(damaged)))
                    .asException();
        }
        return opened;
    }

    private List<ErrorInfo> named(List<ArtifactId> damaged) {
        return parts.transactions().read(tx -> parts.artifacts().held(tx, damaged)).values().stream()
                .sorted(Comparator.comparing(h -> h.artifact().id()))
                .map(h -> h.problem(DAMAGED))
                .toList();
    }

    /** Zeroes what was opened so far and keeps the set keys. */
    public void takeBack() {
        lent.forEach(SecretBytes::close);
        lent.clear();
    }

    private SetKeyCipher cipher(SetKeyId id) {
        SetKeyCipher open = ciphers.get(id);
        if (open == null) {
            open = switch (parts.transactions()
                    .read(tx -> parts.setKeyStore().find(tx, id))
                    .orElseThrow(() -> new IllegalStateException("an artifact is under a set key that is not there"))) {
                case SetKey.Customer c -> parts.setKeys().open(c, as.orElseThrow());
                case SetKey.Platform p -> parts.setKeys().open(p);
            };
            ciphers.put(id, open);
        }
        return open;
    }

    @Override
    public void close() {
        takeBack();
        ciphers.values().forEach(SetKeyCipher::close);
        ciphers.clear();
    }
}
