package dev.keyturn.core.artifact;

import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import java.util.Optional;

/**
 * One encrypted thing and its envelope. {@code owner} is the resource that it is a part of and that cannot be deleted
 * before it: the VM of a guest state, the disk of a disk's image. An owner has one artifact. {@code set} is empty where
 * it is under the platform's key (R1). {@code host} is the name of the host that has its image. {@code revision} grows
 * with each new envelope: a re-wrap is a compare-and-set on it.
 */
public record Artifact(
        ArtifactId id,
        ArtifactKind kind,
        ArmId owner,
        Optional<ArmId> set,
        String host,
        Envelope envelope,
        long revision) {}
