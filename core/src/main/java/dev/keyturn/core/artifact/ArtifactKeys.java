package dev.keyturn.core.artifact;

import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.tx.Transactions;
import java.util.Optional;

/** Lends the data keys of artifacts: what their envelopes, their set keys and the customer's keys give together. */
public record ArtifactKeys(
        Transactions transactions, ArtifactStore artifacts, SetKeyStore setKeyStore, SetKeys setKeys) {

    /** For one use; {@code as} is who unwraps set keys of customers, which the platform's own do not need. */
    public DataKeys lend(Optional<PrincipalId> as) {
        return new DataKeys(this, as);
    }
}
