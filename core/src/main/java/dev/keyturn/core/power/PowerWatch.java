package dev.keyturn.core.power;

import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.vital.FaultLog;
import dev.keyturn.core.vital.VitalThreads;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is recorded of VMs' power in line with their hosts: a reconciliation as soon as a host tells of a change,
 * and one from time to time, because a host may miss one, and because a change that came while an operation was at
 * work on the VM is only looked at after that operation. One thread for each host, so that a silent one delays no
 * other. A run that fails is logged and tried again; a thread that dies ends the process. Thread-safe.
 */
public final class PowerWatch implements AutoCloseable {
    private static final FaultLog FAULTS = new FaultLog(LoggerFactory.getLogger(PowerWatch.class));
    /** Shortest time between two runs: changes that come close together are dealt with by one. */
    private static final Duration GATHER = Duration.ofMillis(50);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PowerReconciler reconciler;
    private final Clock clock;
    private final List<Watched> watched = new ArrayList<>();

    /** Listens to the hosts from now on; nothing is reconciled before {@link #start}, and no change is lost. */
    public PowerWatch(List<VmHost> hosts, PowerReconciler reconciler, Clock clock) {
        this(hosts, reconciler, clock, VitalThreads.halting());
    }

    /** With what follows when a thread of it dies. */
    public PowerWatch(List<VmHost> hosts, PowerReconciler reconciler, Clock clock, VitalThreads vital) {
        this.reconciler = reconciler;
        this.clock = clock;
        for (VmHost host : hosts) {
            Watched one = new Watched(host, vital);
            watched.add(one);
            host.watch(_ -> one.changes.release());
        }
    }

    public void start() {
        watched.forEach(w -> w.thread.start());
    }

    /** Waits for runs under way, a few seconds at most. */
    @Override
    public void close() {
        watched.forEach(w -> {
            w.closed = true;
            w.changes.release();
        });
        for (Watched one : watched) {
            try {
                if (one.thread.getState() != Thread.State.NEW && !one.thread.join(PATIENCE)) {
                    one.thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private final class Watched {
        final VmHost host;
        final VitalThreads vital;
        final Semaphore changes = new Semaphore(0);
        final Duration pause;
        final Thread thread;
        volatile boolean closed;

        Watched(VmHost host, VitalThreads vital) {
            this.host = host;
            this.vital = vital;
            this.pause = host.info().can().looksEvery();
            this.thread = vital.virtual("power of " + host.info().name(), this::untilClosed);
        }

        private void untilClosed() {
            try {
                while (!closed) {
                    if (changes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                        TimeUnit.MILLISECONDS.sleep(GATHER.toMillis());
                    }
                    // Before the run: a change that comes during it is seen by the next one.
                    changes.drainPermits();
                    if (!closed) {
                        run();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            try {
                vital.round(() -> reconciler.runOnce(host, clock.instant()));
            } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
                FAULTS.tell(host.info().name(), "power reconciliation failed and is tried again; host", e);
            }
        }
    }
}
