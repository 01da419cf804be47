package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** Reads the rows of sets that other rows name, inside an open transaction. */
public record SetRows(DiskSetStore sets) {
    /** The set with this id, where there is one to look for; it must exist, because rows name it. */
    public Optional<DiskEncryptionSet> of(Tx tx, Optional<ArmId> id) {
        return id.map(s -> sets.find(tx, s)
                .orElseThrow(() -> new IllegalStateException("a row names a set that is not there: " + s)));
    }

    /** The set, after the check that no rotation is at work on it; the interlock's half of a write transaction. */
    public Optional<DiskEncryptionSet> free(Tx tx, Optional<ArmId> id, String what) {
        Optional<DiskEncryptionSet> set = of(tx, id);
        set.ifPresent(s -> SetInterlock.requireNoRotation(s, what));
        return set;
    }
}
