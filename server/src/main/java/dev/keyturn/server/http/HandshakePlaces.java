package dev.keyturn.server.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** The places in which handshakes are computed, given out in the order in which they are asked for. Thread-safe. */
final class HandshakePlaces {
    final Semaphore free;
    private final AtomicLong done = new AtomicLong();

    HandshakePlaces(int places) {
        free = new Semaphore(places, true);
    }

    /** Runs the task in a place; waits for one. */
    void run(Runnable task) {
        free.acquireUninterruptibly();
        try {
            task.run();
        } finally {
            done.incrementAndGet();
            free.release();
        }
    }

    /** How many tasks have ended. */
    long done() {
        return done.get();
    }

    /** How many tasks wait for a place. */
    int waiting() {
        return free.getQueueLength();
    }

    /** Whether tasks wait for places although some have ended since {@link #done} was {@code before}. */
    boolean isCrowdedSince(long before) {
        return waiting() > 0 && done() > before;
    }
}
