package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.tx.Tx;

/**
 * A verification gives way: it changes nothing, so it never refuses what the owner of a set wants to do. What would
 * make its answer worthless (another key, another identity, no set any more) ends it, in the very transaction that
 * begins that; everything else goes on beside it.
 */
public final class VerificationYield {
    /** The code of a verification that ended so. */
    public static final String CODE = "VerificationCanceled";

    private VerificationYield() {}

    /** @param what what takes over, as in "... was cancelled, because the set <em>is being rotated</em>" */
    public static void to(Tx tx, OperationService operations, ArmId set, String what, String requestedBy) {
        operations.cancel(
                tx,
                set,
                OperationKind.VERIFY_DISK_SET,
                ErrorInfo.at(
                        set.toString(),
                        CODE,
                        "The verification of disk encryption set '" + set.name() + "' was cancelled, because the set "
                                + what + " (asked for by '" + requestedBy
                                + "'), which goes first. It says nothing about"
                                + " the artifacts; ask for it again afterwards."));
    }
}
