package dev.keyturn.node;

import dev.keyturn.core.vital.FaultLog;
import dev.keyturn.core.vital.VitalThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Runs what must be done from time to time, each task on a virtual thread of its own, one run at a time. A run that
 * throws is logged and the task goes on; a thread that dies ends the process (docs/faults.md). What time it is, a task asks its own clock; the pauses are real.
 */
public final class PeriodicTasks implements AutoCloseable {
    private static final FaultLog FAULTS = new FaultLog(LoggerFactory.getLogger(PeriodicTasks.class));
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    private final VitalThreads vital;

    PeriodicTasks(VitalThreads vital) {
        this.vital = vital;
    }

    /** Every {@code pause} of real time, for the first time after the first pause. */
    public void every(Duration pause, String name, Runnable task) {
        Thread thread = vital.virtual(name, () -> run(pause, name, task));
        threads.add(thread);
        thread.start();
    }

    private void run(Duration pause, String name, Runnable task) {
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    vital.round(task);
                } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
                    FAULTS.tell(name, "failed and is tried again in " + pause.toSeconds() + " s:", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for runs under way, a few seconds at most. */
    @Override
    public void close() {
        closed.countDown();
        for (Thread thread : threads) {
            try {
                if (!thread.join(PATIENCE)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
