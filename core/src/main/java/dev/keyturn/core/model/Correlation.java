package dev.keyturn.core.model;

import java.util.UUID;
import java.util.function.Supplier;

/**
 * The correlation id of what a thread does: the same for a request and for all that follows from it, in the request
 * itself and in the operation that it began. So what the server does in between as a set's identity is found in the
 * audit record together with what was asked for. Thread-safe.
 */
public final class Correlation {
    private static final ScopedValue<UUID> CURRENT = ScopedValue.newInstance();

    private Correlation() {}

    /** The id of the work under way; one of its own, each time, for work that follows from nothing. */
    public static UUID current() {
        return CURRENT.isBound() ? CURRENT.get() : UUID.randomUUID();
    }

    /** Does the work under the id, on the calling thread. */
    public static <T> T under(UUID id, Supplier<T> work) {
        return ScopedValue.where(CURRENT, id).call(work::get);
    }
}
