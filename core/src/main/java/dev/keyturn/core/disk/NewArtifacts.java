package dev.keyturn.core.disk;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyCipher;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives artifacts their rows and data keys. The row, with its envelope, is stored before any image is made: a kill in
 * between leaves a key without an image, which the next run uses, never an image without a key.
 */
final class NewArtifacts {
    private final DiskParts parts;

    NewArtifacts(DiskParts parts) {
        this.parts = parts;
    }

    /** An artifact to be made. */
    record Wanted(ArtifactKind kind, ArmId owner, Optional<ArmId> set, String host) {}

    /** Makes those that are not there yet, all under the set's present key, or the platform's without a set. */
    void ensure(Lease lease, Optional<ArmId> setId, List<Wanted> wanted) {
        List<Wanted> missing = lease.read(tx -> wanted.stream()
                .filter(w -> parts.artifacts().ownedBy(tx, w.owner()).isEmpty())
                .toList());
        if (missing.isEmpty()) {
            return;
        }
        Optional<DiskEncryptionSet> set = lease.read(tx -> parts.setRows().of(tx, setId));
        Optional<SetKey.Customer> customer = set.map(s -> parts.setKeys().ensure(s.id(), s.activeKey(), s.principal()));
        ArtifactId first = lease.write(tx -> parts.artifacts().reserveIds(tx, missing.size()));
        List<Artifact> made = new ArrayList<>();
        try (SetKeyCipher cipher = open(customer, set)) {
            for (int i = 0; i < missing.size(); i++) {
                made.add(seal(missing.get(i), new ArtifactId(first.value() + i), cipher));
            }
        }
        lease.run(tx -> insert(tx, setId, customer, made));
    }

    private SetKeyCipher open(Optional<SetKey.Customer> customer, Optional<DiskEncryptionSet> set) {
        return customer.isPresent()
                ? parts.setKeys().open(customer.get(), set.orElseThrow().principal())
                : parts.setKeys().open(parts.setKeys().ensurePlatform());
    }

    private Artifact seal(Wanted w, ArtifactId id, SetKeyCipher cipher) {
        try (SecretBytes key = SetKeyCipher.newDataKey(parts.random())) {
            return new Artifact(id, w.kind(), w.owner(), w.set(), w.host(), cipher.seal(id, w.set(), key), 1);
        }
    }

    private void insert(Tx tx, Optional<ArmId> setId, Optional<SetKey.Customer> customer, List<Artifact> made) {
        Optional<DiskEncryptionSet> now = parts.setRows().free(tx, setId, "given new keys");
        if (customer.isPresent()) {
            // A rotation that began and ended meanwhile may have changed the key and deleted the unused set key.
            boolean same = now.orElseThrow().activeKey().equals(customer.get().key())
                    && parts.setKeys()
                            .keep(tx, customer.get())
                            .id()
                            .equals(customer.get().id());
            if (!same) {
                throw DomainError.notAllowed("The key of disk encryption set '"
                                + now.get().id().name() + "' was changed at the same time. Try again.")
                        .asException();
            }
        }
        parts.artifacts().insert(tx, made);
    }
}
