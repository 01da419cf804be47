package dev.keyturn.core.artifact;

import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lends the data keys of artifacts: what their envelopes, their set keys and the customer's keys give together. */
public record ArtifactKeys(
        Transactions transactions, ArtifactStore artifacts, SetKeyStore setKeyStore, SetKeys setKeys) {

    /** Each with the key version it is under. Each set key is read once, however many artifacts are under it. */
    public List<KeyedArtifact> keyed(Tx tx, List<Artifact> some) {
        Map<SetKeyId, Optional<KeyId>> keys = new HashMap<>();
        return some.stream()
                .map(a -> new KeyedArtifact(
                        a,
                        keys.computeIfAbsent(
                                a.envelope().setKey(),
                                k -> setKeyStore.find(tx, k).flatMap(SetKey::customerKey))))
                .toList();
    }

    /** For one use; {@code as} is who unwraps set keys of customers, which the platform's own do not need. */
    public DataKeys lend(Optional<PrincipalId> as) {
        return new DataKeys(this, as);
    }
}
