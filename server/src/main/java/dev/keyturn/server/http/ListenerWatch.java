package dev.keyturn.server.http;

import dev.keyturn.core.vital.VitalThreads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Calls the listener from time to time, as a client would, on a vital thread: the HTTP library's own threads are not
 * among the vital ones, and a server that accepts nothing any more, or accepts and never answers, looks whole from
 * inside. Whoever gets no answer at all many times in a row ends the process. A refusal is an answer. Thread-safe.
 */
final class ListenerWatch implements AutoCloseable {
    static final Duration PAUSE = Duration.ofSeconds(20);
    /** In a row: with the pauses between them four minutes and more in which nobody could have been served. */
    static final int MOST_SILENT = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BooleanSupplier answers;
    private final Duration pause;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile int silent;

    /** @param answers calls once, and says whether anything came back; waits a bounded time */
    ListenerWatch(BooleanSupplier answers, Duration pause, VitalThreads vital) {
        this.answers = answers;
        this.pause = pause;
        this.thread = vital.platform("listener watch", this::untilClosed);
    }

    void start() {
        thread.start();
    }

    /** How many calls in a row got no answer. */
    int silent() {
        return silent;
    }

    private void untilClosed() {
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                int now = answers.getAsBoolean() ? 0 : silent + 1;
                silent = now;
                if (now == MOST_SILENT && closed.getCount() > 0) {
                    throw new IllegalStateException("the listener answers nobody");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a call under way, a few seconds at most. */
    @Override
    public void close() {
        closed.countDown();
        try {
            if (thread.getState() != Thread.State.NEW && !thread.join(PATIENCE)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
