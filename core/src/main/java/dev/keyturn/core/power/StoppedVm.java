package dev.keyturn.core.power;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.OperationId;
import java.util.Optional;

/**
 * A VM that ran, was stopped for a change of the key of its set, and has not run since.
 *
 * @param fault what went wrong with it last, such as a start
 */
public record StoppedVm(ArmId vm, Optional<ErrorInfo> fault) {
    /** What became of one that was asked to stop. */
    public enum Now {
        /** It is off and has not run since. */
        OFF,
        /** It is on its way: being started, or stopped. */
        MOVING,
        /** It did not stop. */
        RAN_ON,
        /** It ran again meanwhile, whoever wanted that. */
        STARTED,
        /** It is no more; one of its name is another one. */
        GONE
    }

    /**
     * How many.
     *
     * @param afterRotation the rotation of the set that had begun last when they were asked to stop
     */
    public record Count(Optional<OperationId> afterRotation, Now now, int number) {}
}
