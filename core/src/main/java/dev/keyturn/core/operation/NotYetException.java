package dev.keyturn.core.operation;

import java.time.Duration;

/**
 * Thrown by a handler that waits for other operations: the operation gives its worker back and is run again, from its
 * start, once the delay is over. As often as needed; it is no failure.
 */
public final class NotYetException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Duration delay;

    public NotYetException(Duration delay) {
        super("look again in " + delay, null, false, false);
        this.delay = delay;
    }

    public Duration delay() {
        return delay;
    }
}
