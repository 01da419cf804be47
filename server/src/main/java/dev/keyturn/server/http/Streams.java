package dev.keyturn.server.http;

import java.util.HashSet;
import java.util.Set;

/** The threads that send answers which go on, so that a server that stops can end them. Thread-safe. */
final class Streams implements AutoCloseable {
    private final Set<Thread> open = new HashSet<>();
    private boolean closed;

    /** The thread that calls sends one from now on; false where no more are begun. */
    synchronized boolean enter() {
        return !closed && open.add(Thread.currentThread());
    }

    /** Nobody interrupts the thread that calls for the sake of its stream any more. */
    synchronized void leave() {
        open.remove(Thread.currentThread());
    }

    /** Ends the stream of that thread, if it still sends one. */
    synchronized void end(Thread thread) {
        if (open.contains(thread)) {
            thread.interrupt();
        }
    }

    /** Ends all, and begins no more. */
    @Override
    public synchronized void close() {
        closed = true;
        open.forEach(Thread::interrupt);
    }
}
