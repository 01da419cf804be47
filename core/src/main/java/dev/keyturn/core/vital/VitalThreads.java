package dev.keyturn.core.vital;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * The threads that a server cannot do without: whatever one of them does not catch ends the process, because one that
 * lives on without its store writer or its operation runner accepts work that it never does. The next start resumes
 * what was under way. The rules of which fault belongs to whom are in docs/faults.md.
 *
 * <p>Thread-safe.
 */
public final class VitalThreads {
    private final OnDeath onDeath;
    private final LongSupplier nanos;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    /** Who is at a round, and since when. */
    private final Map<Thread, Long> rounds = new ConcurrentHashMap<>();

    /** Tests record deaths; a server uses {@link #halting}. */
    public VitalThreads(OnDeath onDeath) {
        this(onDeath, System::nanoTime);
    }

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    public VitalThreads(OnDeath onDeath, LongSupplier nanos) {
        this.onDeath = onDeath;
        this.nanos = nanos;
    }

    /** The first death ends the process: one line on standard error, exit status 70. */
    public static VitalThreads halting() {
        return new VitalThreads(Halt.INSTANCE);
    }

    /**
     * Whether the process must not go on after this, wherever it was met: the runtime is out of memory or broken, and no
     * lock and no collection is sure to be whole. A stack overflow is not of that kind; it belongs to the work that went
     * too deep.
     */
    public static boolean endsProcess(Throwable fault) {
        return fault instanceof VirtualMachineError && !(fault instanceof StackOverflowError);
    }

    /** A daemon platform thread, not started, that lives as long as its server. */
    public Thread platform(String name, Runnable body) {
        return Thread.ofPlatform().daemon().name(name).unstarted(() -> live(body));
    }

    /** A virtual thread, not started, that lives as long as its server. */
    public Thread virtual(String name, Runnable body) {
        return Thread.ofVirtual().name(name).unstarted(() -> live(body));
    }

    /** Runs the body of a thread that lives as long as its server, on that thread. */
    public void live(Runnable body) {
        guard(() -> {
            threads.add(Thread.currentThread());
            body.run();
        });
    }

    /** Runs work that must not end in anything it does not catch itself, on a thread that ends with the work. */
    public void guard(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) { // whatever it is
            died(e);
        }
    }

    /** Runs one round of what the calling thread does again and again, so that {@link #overdue} sees one that hangs. */
    public void round(Runnable work) {
        Thread thread = Thread.currentThread();
        rounds.put(thread, nanos.getAsLong());
        try {
            work.run();
        } finally {
            rounds.remove(thread);
        }
    }

    /** The names of those that have been at one round for longer than this. */
    public List<String> overdue(Duration longest) {
        long now = nanos.getAsLong();
        return rounds.entrySet().stream()
                .filter(r -> now - r.getValue() > longest.toNanos())
                .map(r -> r.getKey().getName())
                .sorted()
                .toList();
    }

    /** For a fault that {@link #endsProcess}, met where it cannot be thrown on. */
    public void died(Throwable cause) {
        onDeath.died(Thread.currentThread().getName(), cause);
    }

    /** The names of those that have ended: none, while the server answers. */
    public List<String> ended() {
        return threads.stream().filter(t -> !t.isAlive()).map(Thread::getName).toList();
    }
}
