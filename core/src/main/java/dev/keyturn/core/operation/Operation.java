package dev.keyturn.core.operation;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One durable operation on one resource. {@code arguments} are what its handler needs to run it again from nothing
 * after a kill (never a secret); {@code correlation} is that of the request it was begun by; {@code fence} is the number of the newest claim ({@link Fence}), so that a runner that
 * lost its lease can write nothing more; {@code attempts} counts the claims, {@code failures} those that ended in an
 * error, {@code losses} the latest ones in a row that came to no end because the process was killed or the lease lost.
 * {@code error} of one that has not ended is what it waits for. {@code endedAt} is never before {@code startedAt}, whatever the clock said.
 */
public record Operation(
        OperationId id,
        OperationKind kind,
        ArmId target,
        Map<String, String> arguments,
        String requestedBy,
        UUID correlation,
        OperationStatus status,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<ErrorInfo> error,
        Optional<Integer> percentComplete,
        int attempts,
        int failures,
        int losses,
        long fence) {
    public Operation {
        arguments = Map.copyOf(arguments);
        // a clock that was set back in between
        Instant begin = startedAt;
        endedAt = endedAt.map(end -> end.isBefore(begin) ? begin : end);
    }

    public boolean running() {
        return status == OperationStatus.IN_PROGRESS;
    }

    /** Whether somebody took it up: one that found everything as was asked for was done with its request, by nobody. */
    public boolean worked() {
        return attempts > 0;
    }

    /** The same, as one that was not left to end by itself. */
    public Operation canceled() {
        return new Operation(
                id,
                kind,
                target,
                arguments,
                requestedBy,
                correlation,
                OperationStatus.CANCELED,
                startedAt,
                endedAt,
                error,
                percentComplete,
                attempts,
                failures,
                losses,
                fence);
    }

    /** The argument that whoever asked for the operation must have given. */
    public String argument(String name) {
        String value = arguments.get(name);
        if (value == null) {
            throw new IllegalStateException("operation " + id + " of kind " + kind + " has no argument " + name);
        }
        return value;
    }
}
