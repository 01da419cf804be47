package dev.keyturn.host.simulated;

import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The rows of the simulated host: its machines, and their images. What is asked of many images is one query. */
@CheckReturnValue
public interface SimulatedMachines {
    /**
     * An image; {@code sealed} is its ciphertext, {@code bytes} how long the file of a real one would be, where that is
     * known.
     */
    record Image(ArtifactId artifact, ArtifactKind kind, Optional<UUID> vmId, byte[] sealed, Optional<Long> bytes) {
        public Image(ArtifactId artifact, ArtifactKind kind, Optional<UUID> vmId, byte[] sealed) {
            this(artifact, kind, vmId, sealed, Optional.empty());
        }
    }

    /** Whether the machine of an image runs, and how long the image is. */
    record Use(boolean running, Optional<Long> bytes) {}

    /** Those that exist. */
    Map<ArtifactId, Use> uses(Tx tx, Collection<ArtifactId> ids);

    /** Those that exist, with their ciphertext. */
    Map<ArtifactId, Image> images(Tx tx, Collection<ArtifactId> ids);

    /** Those that exist, and whether their machine runs. */
    Map<ArtifactId, Boolean> inUse(Tx tx, Collection<ArtifactId> ids);

    /** Adds those whose artifact has no image yet; the others stay as they are. */
    void insert(Tx tx, Collection<Image> images);

    /** Missed where there is no such image. */
    Hit move(Tx tx, ArtifactId id, Optional<UUID> vmId);

    void delete(Tx tx, Collection<ArtifactId> ids);

    boolean hasGuestState(Tx tx, UUID vmId);

    /** From now on the machine has these images and no others; they exist. */
    void equip(Tx tx, UUID vmId, Collection<ArtifactId> ids);

    /** Whether the machine runs; empty where it is unknown. */
    Optional<Boolean> running(Tx tx, UUID vmId);

    /** All machines that run. */
    Set<UUID> running(Tx tx);

    /** Adds the machine, switched off, unless it is known. */
    void define(Tx tx, UUID vmId);

    /** Missed where the machine is unknown. */
    Hit switchTo(Tx tx, UUID vmId, boolean running);

    void forget(Tx tx, UUID vmId);

    /**
     * Keeps the fence for each of the subjects; returns one that has had a higher fence, where there is one, and has
     * then changed others, so the transaction must not be committed.
     */
    Optional<String> takeFence(Tx tx, Fence fence, Collection<String> subjects);
}
