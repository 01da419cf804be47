package dev.keyturn.host;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmStore;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The names in the server's own rows. */
public record StoredNames(VmStore vms, ArtifactStore artifacts) implements Names {
    @Override
    public Optional<ConfidentialVm> vm(Tx tx, UUID vmId) {
        return vms.findByVmId(tx, vmId);
    }

    @Override
    public Map<ArtifactId, HeldArtifact> artifacts(Tx tx, Collection<ArtifactId> ids) {
        return artifacts.held(tx, ids);
    }
}
