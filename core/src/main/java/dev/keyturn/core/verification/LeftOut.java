package dev.keyturn.core.verification;

import dev.keyturn.core.model.ArtifactId;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a verification says nothing of. The lowest {@link Verification.Answer#LEFT_OUT} ids are kept; of what comes behind
 * the first that is not kept, nothing is said either. Not thread-safe.
 */
final class LeftOut {
    private final TreeSet<Long> lowest = new TreeSet<>();
    private long notKept = Long.MAX_VALUE;

    LeftOut copy() {
        LeftOut copy = new LeftOut();
        copy.lowest.addAll(lowest);
        copy.notKept = notKept;
        return copy;
    }

    void add(long id) {
        if (lowest.add(id) && lowest.size() > Verification.Answer.LEFT_OUT) {
            notKept = Math.min(notKept, lowest.removeLast());
        }
    }

    /** As {@link Verification.Answer} has it, where everything up to {@code last} was come to. */
    ArtifactId through(long last) {
        return new ArtifactId(Math.min(last, notKept - 1));
    }

    Set<ArtifactId> ids() {
        return lowest.stream().map(ArtifactId::new).collect(Collectors.toUnmodifiableSet());
    }
}
