package dev.keyturn.store;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What waits for the store's threads, in order. Full, it makes callers wait; closed, it takes no more, and what it has
 * is still done. Thread-safe.
 */
final class JobQueue {
    private static final int LIMIT = 4096;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Deque<Job<?>> waiting = new ArrayDeque<>();
    private boolean closed;

    /** Has the work done by a store thread and returns what it returned, or throws what it threw. */
    <T> T call(Function<Tx, T> work) {
        if (Thread.currentThread() instanceof StoreThread) {
            throw new IllegalStateException("a transaction inside of a transaction");
        }
        Job<T> job = new Job<>(work);
        put(job);
        return job.await();
    }

    private void put(Job<?> job) {
        lock.lock();
        try {
            while (!closed && waiting.size() >= LIMIT) {
                room.awaitUninterruptibly();
            }
            if (closed) {
                throw new DomainError.Unavailable(ErrorInfo.of("StorageUnavailable", "The database is being closed."))
                        .asException();
            }
            waiting.add(job);
            changed.signal();
        } finally {
            lock.unlock();
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
