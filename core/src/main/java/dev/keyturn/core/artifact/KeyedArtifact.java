package dev.keyturn.core.artifact;

import dev.keyturn.core.model.KeyId;
import java.util.Optional;

/** An artifact and the key version it is under; empty where that is the platform's key (R1). */
public record KeyedArtifact(Artifact artifact, Optional<KeyId> key) {}
