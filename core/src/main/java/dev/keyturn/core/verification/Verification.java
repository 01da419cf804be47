package dev.keyturn.core.verification;

import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A verification of a set that has ended, under the id of its operation, which it outlives.
 *
 * @param error what it failed with: that something does not open, or why there is no answer
 * @param answer empty where it came to none: nothing is known of any artifact then
 */
public record Verification(
        OperationId id,
        String requestedBy,
        Instant startedAt,
        Instant endedAt,
        Optional<ErrorInfo> error,
        Optional<Answer> answer) {

    /**
     * What it found, and of what.
     *
     * @param activeKey the key version that the set had
     * @param otherKeys how many other key versions artifacts of the set were under
     * @param through every artifact of the set with an id up to this one was looked at, but those left out
     * @param closed which artifacts did not open: all of the {@code failed}, or the first thousand
     * @param leftOut of which artifacts up to {@code through} it says nothing: they were in the making, or about to be
     *     deleted; at most {@link #LEFT_OUT}
     * @param unseen of which it does not know whether they open
     */
    public record Answer(
            KeyId activeKey,
            int otherKeys,
            ArtifactId through,
            long opened,
            long failed,
            Set<ArtifactId> closed,
            Set<ArtifactId> leftOut,
            Unseen unseen) {
        /** So many that are left out are known one by one; with more, {@code through} ends before the next one. */
        public static final int LEFT_OUT = 1_000;

        public Answer {
            closed = Set.copyOf(closed);
            leftOut = Set.copyOf(leftOut);
        }

        /** One for which every host answered. */
        public Answer(
                KeyId activeKey,
                int otherKeys,
                ArtifactId through,
                long opened,
                long failed,
                Set<ArtifactId> closed,
                Set<ArtifactId> leftOut) {
            this(activeKey, otherKeys, through, opened, failed, closed, leftOut, Unseen.NONE);
        }

        /** Whether it says that this artifact opened; never of one that it may have left out. */
        public boolean opened(ArtifactId artifact) {
            return artifact.compareTo(through) <= 0
                    && failed == closed.size()
                    && !closed.contains(artifact)
                    && !leftOut.contains(artifact)
                    && unseen.count() == unseen.artifacts().size()
                    && !unseen.artifacts().contains(artifact);
        }
    }

    /**
     * What was not looked at, because a host did not answer: nothing speaks against it, and nothing for it.
     *
     * @param count of artifacts
     * @param artifacts all of them, or the first thousand
     * @param hosts those that did not answer, by name, with the reason of each
     */
    public record Unseen(long count, Set<ArtifactId> artifacts, Map<String, ErrorInfo> hosts) {
        public static final Unseen NONE = new Unseen(0, Set.of(), Map.of());

        public Unseen {
            artifacts = Set.copyOf(artifacts);
            hosts = Collections.unmodifiableMap(new TreeMap<>(hosts));
        }

        /** A sentence for each host. */
        public List<ErrorInfo> reasons() {
            return hosts.entrySet().stream()
                    .map(h -> ErrorInfo.at(
                            h.getKey(),
                            "HostNotLookedAt",
                            "What is on host '" + h.getKey() + "' was not looked at: "
                                    + h.getValue().message()))
                    .toList();
        }
    }

    /**
     * A verification with an answer, and what may have made it stale.
     *
     * @param rotatedSince whether a rotation of the set has begun since it ended
     * @param later how many artifacts of the set are there that came behind {@link Answer#through}
     * @param leftOut how many of {@link Answer#leftOut} are there
     */
    public record Proof(Verification verification, Answer answer, boolean rotatedSince, long later, long leftOut) {}

    /** What is known of a set: its last answer, and a verification behind that which came to none. */
    public record Known(Optional<Proof> proof, Optional<Verification> unanswered) {}
}
