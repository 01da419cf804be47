package dev.keyturn.core.rotation;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;

/** The change of a set's key by a rotation. */
public final class RotatingKeyChange implements KeyChange {
    private final RotationService rotations;

    public RotatingKeyChange(RotationService rotations) {
        this.rotations = rotations;
    }

    @Override
    public boolean needed(DiskEncryptionSet set, KeyId key) {
        return rotations.rotates(set, key);
    }

    @Override
    public Operation begin(Request r) {
        return rotations.rotate(
                new RotationRequest(r.set(), r.to(), r.toVault(), r.deep(), r.ifMatch(), r.others(), r.requestedBy()));
    }
}
