package dev.keyturn.store.engine;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.OutcomeUnknown;
import dev.keyturn.core.tx.Tx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What waits for the store's threads, in order. Full, it makes callers wait; closed, it takes no more, and what it has
 * is still done. Nobody waits longer than the patience it was made with. Thread-safe.
 */
final class JobQueue {
    private static final int LIMIT = 4096;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Deque<Job<?>> waiting = new ArrayDeque<>();
    private final Duration patience;
    private boolean closed;

    JobQueue(Duration patience) {
        this.patience = patience;
    }

    /**
     * Has the work done by a store thread and returns what it returned, or throws what it threw.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Unavailable} where that takes too long: {@code
     *     StorageBusy} where the work was not begun and never will be, {@code StorageOutcomeUnknown} where it may yet
     *     be done
     */
    <T> T call(Function<Tx, T> work) {
        if (Thread.currentThread() instanceof StoreThread) {
            throw new IllegalStateException("a transaction inside of a transaction");
        }
        Job<T> job = new Job<>(work, System.nanoTime());
        put(job);
        try {
            return job.await(patience);
        } catch (TimeoutException e) {
            throw withdraw(job) ? busy() : unknown();
        }
    }

    private RuntimeException busy() {
        return unavailable(
                "StorageBusy",
                "The database did not get to this within " + patience.toSeconds() + " s. Nothing was changed.");
    }

    private RuntimeException unknown() {
        return OutcomeUnknown.because("The database has not answered within " + patience.toSeconds()
                + " s. A change that this request asks for may still be made: look before you ask again.");
    }

    private static RuntimeException unavailable(String code, String message) {
        return new DomainError.Unavailable(ErrorInfo.of(code, message)).asException();
    }

    /** False where a thread has taken it already. */
    private boolean withdraw(Job<?> job) {
        lock.lock();
        try {
            return waiting.remove(job);
        } finally {
            lock.unlock();
        }
    }

    private void put(Job<?> job) {
        lock.lock();
        try {
            awaitRoom();
            if (closed) {
                throw unavailable("StorageUnavailable", "The database is being closed.");
            }
            waiting.add(job);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() {
        long left = patience.toNanos();
        boolean interrupted = false;
        while (!closed && waiting.size() >= LIMIT) {
            if (left <= 0) {
                throw busy();
            }
            long before = System.nanoTime();
            try {
                left = room.awaitNanos(left);
            } catch (InterruptedException e) {
                interrupted = true;
                left -= System.nanoTime() - before;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for work and takes up to {@code max} of it; nothing once closed and empty. */
    List<Job<?>> take(int max) {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            List<Job<?>> taken = new ArrayList<>(Math.min(max, waiting.size()));
            while (taken.size() < max && !waiting.isEmpty()) {
                taken.add(waiting.remove());
            }
            room.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** How many jobs no thread has taken yet. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** How long the one that has waited longest for a thread has waited; zero where none does. */
    Duration age() {
        lock.lock();
        try {
            return waiting.isEmpty() ? Duration.ZERO : age(waiting.getFirst());
        } finally {
            lock.unlock();
        }
    }

    Duration age(Job<?> job) {
        return Duration.ofNanos(System.nanoTime() - job.since());
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
