package dev.keyturn.node;

import dev.keyturn.core.vital.VitalThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Whether the process does its work, as far as it can tell without doing any: its vital threads live and do not hang, no
 * call has waited long for the store, the operation runner has looked for work lately and has room for it or works, and
 * the listener answers. What this finds wrong no waiting mends, but another start does (docs/faults.md). Costs nothing,
 * so anybody may ask. Thread-safe.
 */
public final class Liveness {
    /** A call gives up after half a minute; the store is stuck before that. */
    public static final Duration OLDEST_CALL = Duration.ofSeconds(20);
    /** It looks every second, and waits for the store for half a minute at most. */
    public static final Duration LAST_LOOK = Duration.ofSeconds(60);
    /** Each of the tasks that come again is done in seconds; a hundred RSA keys for rotation policies take longest. */
    public static final Duration LONGEST_ROUND = Duration.ofMinutes(10);
    /** Without a sign of life. The longest single step of an operation that tells nothing is a guest's shutdown. */
    public static final Duration LONGEST_STEP = Duration.ofMinutes(30);
    /** In a row; one or two may be a moment without processor time. */
    public static final int SILENT_PROBES = 3;

    private final VitalThreads vital;
    private final Signs signs;

    /**
     * What is looked at.
     *
     * @param oldestCall how long the call to the store that has waited longest has waited
     * @param lastLook how long ago the operation runner, where it has room for one, last looked for an operation
     * @param stuck how long no operation has given a sign of life, where they take all the places there are
     * @param longestStep how long that may be
     * @param silentProbes how often in a row the listener has not answered the server's own call
     */
    public record Signs(
            Supplier<Duration> oldestCall,
            Supplier<Duration> lastLook,
            Supplier<Duration> stuck,
            Duration longestStep,
            IntSupplier silentProbes) {}

    public Liveness(VitalThreads vital, Signs signs) {
        this.vital = vital;
        this.signs = signs;
    }

    /** A sentence each; none where all is well. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (String ended : vital.ended()) {
            problems.add("The thread '" + ended + "' has ended.");
        }
        for (String hanging : vital.overdue(LONGEST_ROUND)) {
            problems.add("The thread '" + hanging + "' has been at one run of its task for more than "
                    + LONGEST_ROUND.toMinutes() + " minutes.");
        }
        Duration oldest = signs.oldestCall().get();
        if (oldest.compareTo(OLDEST_CALL) > 0) {
            problems.add("A call has waited for the database for " + oldest.toSeconds() + " s.");
        }
        Duration look = signs.lastLook().get();
        if (look.compareTo(LAST_LOOK) > 0) {
            problems.add("The operation runner has not looked for work for " + look.toSeconds() + " s.");
        }
        Duration stuck = signs.stuck().get();
        if (stuck.compareTo(signs.longestStep()) > 0) {
            problems.add("As many operations as there may be are at work, and none of them has done anything for "
                    + stuck.toMinutes() + " minutes.");
        }
        int silent = signs.silentProbes().getAsInt();
        if (silent >= SILENT_PROBES) {
            problems.add("The listener has not answered the server's own last " + silent + " calls.");
        }
        return problems;
    }
}
