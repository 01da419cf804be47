package dev.keyturn.host;

import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the server calls the things that a host knows by number: for messages, and to aim a fault by name. */
public interface Names {
    Optional<ConfidentialVm> vm(Tx tx, UUID vmId);

    Map<ArtifactId, HeldArtifact> artifacts(Tx tx, Collection<ArtifactId> ids);
}
