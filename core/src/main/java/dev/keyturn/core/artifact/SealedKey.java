package dev.keyturn.core.artifact;

import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import java.util.Optional;

/**
 * An artifact's data key in its envelope, and what binds it: all that a re-wrap knows of an {@link Artifact}, because it
 * reads a million of them. {@code set} is empty where it is under the platform's key (R1).
 */
public record SealedKey(ArtifactId artifact, Optional<ArmId> set, String host, Envelope envelope, long revision) {}
