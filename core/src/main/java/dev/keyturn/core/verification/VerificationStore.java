package dev.keyturn.core.verification;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;

/** The last verification of each set: one row with an answer, and one without. They go with their set. */
@CheckReturnValue
public interface VerificationStore {
    /**
     * Takes the place of the last one of its sort; one with an answer also of one that came to none. Notes which rotation
     * of the set has begun last. Nothing where there is no such set.
     */
    void ended(Tx tx, ArmId set, Verification verification);

    Verification.Known of(Tx tx, ArmId set);
}
