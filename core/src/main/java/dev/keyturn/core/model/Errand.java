package dev.keyturn.core.model;

import java.util.Optional;

/**
 * For whom a thread works: whose turn is used up by what it waits for, and whether anybody still waits for the outcome.
 * A thread without one works for the server itself (a rotation, a host that opens a machine's keys), and comes first.
 * Thread-safe.
 */
public interface Errand {
    /** Bound around the handling of each request. */
    ScopedValue<Errand> CURRENT = ScopedValue.newInstance();

    /** The errand of the thread that asks; empty for the server's own work. */
    static Optional<Errand> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** Whose turn it is: one principal's errands share one turn. */
    String principal();

    /**
     * Runs {@code action} once, on any thread, when nobody waits any more (the client hung up), until what is returned
     * is closed. It may not be noticed, and then the action does not run. Only for work that has not begun.
     */
    Watch whenAbandoned(Runnable action);

    /** Ends a watch; after {@code close} has returned the action does not begin any more. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
