package dev.keyturn.core.rotation;

import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import java.time.Instant;
import java.util.Optional;

/**
 * The durable state of one rotation, under the id of its operation, which it outlives. {@code targetKey} is empty until
 * the new set key is stored, and again when it has ended without reaching its target; {@code cursor} is the last artifact that was looked at in this pass; {@code total} what there was to do when
 * it began. {@code from} is the set's active key when it began. {@code endedAt} is never before {@code startedAt},
 * whatever the clock said.
 */
public record Rotation(
        OperationId id,
        ArmId set,
        KeyId from,
        KeyId to,
        Optional<ArmId> toVault,
        boolean deep,
        String requestedBy,
        Optional<SetKeyId> targetKey,
        ArtifactId cursor,
        long total,
        long rewrapped,
        long failed,
        Instant startedAt,
        Optional<Instant> endedAt) {
    public Rotation {
        // a clock that was set back in between
        Instant begin = startedAt;
        endedAt = endedAt.map(end -> end.isBefore(begin) ? begin : end);
    }

    /** With its set key stored and the number of artifacts that there are to re-wrap. */
    public Rotation under(SetKeyId setKey, long toDo) {
        return copy(Optional.of(setKey), cursor, toDo, rewrapped, failed, endedAt);
    }

    /** After a batch: the cursor behind its last artifact, and its counts added. */
    public Rotation past(ArtifactId last, long moreRewrapped, long moreFailed) {
        return copy(targetKey, last, total, rewrapped + moreRewrapped, failed + moreFailed, endedAt);
    }

    /** Over, with everything under the target. */
    public Rotation reached(Instant now) {
        return copy(targetKey, cursor, total, rewrapped, failed, Optional.of(now));
    }

    /** Over, and the set keeps its key. */
    public Rotation failed(Instant now) {
        return copy(Optional.empty(), cursor, total, rewrapped, failed, Optional.of(now));
    }

    /**
     * Whether the row alone, without its operation, proves that everything came under the target. False where it does not
     * know: of one that a failure ended before failures were kept in {@code targetKey}, what it counted must fit as well.
     */
    public boolean hasReached() {
        return endedAt.isPresent() && targetKey.isPresent() && failed == 0 && rewrapped >= total;
    }

    /** What a rotation is about never changes; how far it has come does. */
    private Rotation copy(
            Optional<SetKeyId> newTargetKey,
            ArtifactId newCursor,
            long newTotal,
            long newRewrapped,
            long newFailed,
            Optional<Instant> newEndedAt) {
        return new Rotation(
                id,
                set,
                from,
                to,
                toVault,
                deep,
                requestedBy,
                newTargetKey,
                newCursor,
                newTotal,
                newRewrapped,
                newFailed,
                startedAt,
                newEndedAt);
    }
}
