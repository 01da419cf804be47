package dev.keyturn.store.engine;

/**
 * The database of a data directory cannot be opened: locked by another program, damaged, not readable, or of a newer
 * version. The message is one line for the person who starts the server.
 */
public class CannotOpenDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotOpenDatabaseException(String message) {
        super(message);
    }

    CannotOpenDatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
