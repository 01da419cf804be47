package dev.keyturn.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.vital.VitalThreads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PeriodicTasksTest {
    private static final Duration OFTEN = Duration.ofMillis(1);
    private final LinkedBlockingQueue<String> deaths = new LinkedBlockingQueue<>();
    private final VitalThreads vital = new VitalThreads(
            (thread, cause) -> deaths.add(thread + ": " + cause.getClass().getSimpleName()));

    @Test
    void run_thatFails_isFollowedByAnother_untilOneRunsOutOfMemory() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (PeriodicTasks tasks = new PeriodicTasks(vital)) {
            tasks.every(OFTEN, "key access monitor", () -> {
                switch (runs.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("the vault is slow");
                    case 2 -> throw new StackOverflowError();
                    default -> throw new OutOfMemoryError();
                }
            });
            assertThat(deaths.poll(60, TimeUnit.SECONDS)).isEqualTo("key access monitor: OutOfMemoryError");
        }
        assertThat(runs).hasValue(3);
    }

    @Test
    void run_whoseReportOfAFailureFails_isADeath() throws Exception {
        try (PeriodicTasks tasks = new PeriodicTasks(vital)) {
            tasks.every(OFTEN, "purge", () -> {
                throw new IllegalStateException() {
                    @Override
                    public String getMessage() {
                        throw new OutOfMemoryError();
                    }

                    @Override
                    public String toString() {
                        throw new OutOfMemoryError();
                    }
                };
            });
            assertThat(deaths.poll(60, TimeUnit.SECONDS)).isEqualTo("purge: OutOfMemoryError");
        }
    }

    @Test
    void run_thatNeverReturns_isSeen() throws Exception {
        AtomicLong now = new AtomicLong();
        VitalThreads timed = new VitalThreads((_, _) -> {}, now::get);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (PeriodicTasks tasks = new PeriodicTasks(timed)) {
            tasks.every(OFTEN, "key access monitor", () -> {
                begun.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            now.addAndGet(Liveness.LONGEST_ROUND.toNanos() + 1);
            assertThat(timed.overdue(Liveness.LONGEST_ROUND)).containsExactly("key access monitor");
            released.countDown();
        }
    }

    @Test
    void close_isNoDeath() {
        PeriodicTasks tasks = new PeriodicTasks(vital);
        tasks.every(OFTEN, "purge", () -> {});
        tasks.close();
        assertThat(deaths).isEmpty();
        assertThat(vital.ended()).containsExactly("purge");
    }
}
