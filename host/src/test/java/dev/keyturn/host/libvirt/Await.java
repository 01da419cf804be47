package dev.keyturn.host.libvirt;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what another process does. */
final class Await {
    private Await() {}

    /** The first answer that is enough; fails with the last one when {@code limit} is over. */
    static <T> T until(Duration limit, Supplier<T> question, Predicate<T> enough) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            T answer = question.get();
            if (enough.test(answer)) {
                return answer;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit.toSeconds() + " s; the last answer: " + answer);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
