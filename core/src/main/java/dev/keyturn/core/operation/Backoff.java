package dev.keyturn.core.operation;

import java.time.Duration;

/** How long an operation rests before it is claimed again (docs/steps.md, "Tries"). */
public final class Backoff {
    /** So many failures end an operation that may be given up. */
    static final int MOST_FAILURES = 5;
    /** Losses in a row that are put down to the server's being stopped and started. */
    static final int UNREMARKABLE_LOSSES = 10;

    private static final Duration MOST_BEFORE_GIVING_UP = Duration.ofSeconds(16);
    private static final Duration MOST = Duration.ofMinutes(5);
    private static final Duration FIRST_AFTER_LOSSES = Duration.ofSeconds(10);

    private Backoff() {}

    /** After the n-th failure; {@code givenUp} of an operation that ends with the last of them. */
    static Duration afterFailure(int failures, boolean givenUp) {
        return doubled(Duration.ofSeconds(1), failures - 1, givenUp ? MOST_BEFORE_GIVING_UP : MOST);
    }

    /**
     * After the n-th loss in a row: the process was killed while it had the operation, or it lost the lease. At once at
     * first, because crash and resume is the usual way; then ever later, because the operation may be what kills.
     */
    public static Duration afterLoss(int losses) {
        return losses <= UNREMARKABLE_LOSSES
                ? Duration.ZERO
                : doubled(FIRST_AFTER_LOSSES, losses - UNREMARKABLE_LOSSES - 1, MOST);
    }

    private static Duration doubled(Duration first, int times, Duration most) {
        Duration delay = first.multipliedBy(1L << Math.min(times, 20));
        return delay.compareTo(most) > 0 ? most : delay;
    }
}
