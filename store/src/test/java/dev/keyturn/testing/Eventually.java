package dev.keyturn.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for what another thread or process does and nobody can be told of; where the test can be told (a latch, a
 * future), it waits for that instead.
 */
public final class Eventually {
    private static final long PAUSE_MILLIS = 5;

    private Eventually() {}

    /** What is asked again and again. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** @throws AssertionError naming {@code what}, where it does not hold within {@code limit} */
    public static void holds(String what, Duration limit, Condition condition) {
        String missing = until(
                limit,
                () -> {
                    try {
                        return condition.holds() ? "" : what;
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new AssertionError(what, e);
                    }
                },
                String::isEmpty);
        if (!missing.isEmpty()) {
            throw new AssertionError(missing);
        }
    }

    /** The first answer that is enough; fails with the last one when {@code limit} is over. */
    public static <T> T until(Duration limit, Supplier<T> question, Predicate<T> enough) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            T answer = question.get();
            if (enough.test(answer)) {
                return answer;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit.toSeconds() + " s; the last answer: " + answer);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
