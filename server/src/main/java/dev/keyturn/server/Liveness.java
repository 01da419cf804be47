package dev.keyturn.server;

import dev.keyturn.core.vital.VitalThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Whether the process does its work, as far as it can tell without doing any: its vital threads live, no call has waited
 * long for the store, and the operation runner has looked for work lately. What this finds wrong no waiting mends, but
 * another start does (docs/faults.md). Costs nothing, so anybody may ask. Thread-safe.
 */
final class Liveness {
    /** A call gives up after half a minute; the store is stuck before that. */
    static final Duration OLDEST_CALL = Duration.ofSeconds(20);
    /** It looks every second, and waits for the store for half a minute at most. */
    static final Duration LAST_LOOK = Duration.ofSeconds(60);

    private final VitalThreads vital;
    private final Supplier<Duration> oldestCall;
    private final Supplier<Duration> lastLook;

    /**
     * @param oldestCall how long the call to the store that has waited longest has waited
     * @param lastLook how long ago the operation runner, where it has room for one, last looked for an operation
     */
    Liveness(VitalThreads vital, Supplier<Duration> oldestCall, Supplier<Duration> lastLook) {
        this.vital = vital;
        this.oldestCall = oldestCall;
        this.lastLook = lastLook;
    }

    /** A sentence each; none where all is well. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (String ended : vital.ended()) {
            problems.add("The thread '" + ended + "' has ended.");
        }
        Duration oldest = oldestCall.get();
        if (oldest.compareTo(OLDEST_CALL) > 0) {
            problems.add("A call has waited for the database for " + oldest.toSeconds() + " s.");
        }
        Duration look = lastLook.get();
        if (look.compareTo(LAST_LOOK) > 0) {
            problems.add("The operation runner has not looked for work for " + look.toSeconds() + " s.");
        }
        return problems;
    }
}
