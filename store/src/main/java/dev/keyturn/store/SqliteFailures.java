package dev.keyturn.store;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SQLite's result codes (sqlite.org/rescode.html); the low byte of an extended code is the primary one. */
enum SqliteFailures implements DatabaseFailures {
    INSTANCE;

    private static final Logger LOG = LoggerFactory.getLogger(SqliteFailures.class);
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int NO_MEMORY = 7;
    private static final int READ_ONLY = 8;
    private static final int IO_ERROR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANNOT_OPEN = 14;
    private static final int CONSTRAINT = 19;
    private static final int NOT_A_DATABASE = 26;

    @Override
    public RuntimeException translate(SQLException failure) {
        return switch (failure.getErrorCode() & 0xff) {
            case BUSY, LOCKED -> unavailable(failure, "The database is locked by another program.");
            case NO_MEMORY -> unavailable(failure, "The database ran out of memory.");
            case IO_ERROR -> unavailable(failure, "The database cannot be read or written: an I/O error of its disk.");
            case CORRUPT, NOT_A_DATABASE -> unavailable(failure, "The database file is damaged.");
            case FULL -> unavailable(failure, "The database cannot grow: no space is left on its disk.");
            case CANNOT_OPEN -> unavailable(failure, "The database file cannot be opened.");
            case READ_ONLY -> new IllegalStateException("write in a transaction that only reads", failure);
            case CONSTRAINT -> new IllegalStateException("the schema forbids it: " + failure.getMessage(), failure);
            default -> new IllegalStateException("SQL failed: " + failure.getMessage(), failure);
        };
    }

    private static RuntimeException unavailable(SQLException failure, String message) {
        LOG.warn("{} ({})", message, failure.getMessage());
        return new DomainError.Unavailable(ErrorInfo.of("StorageUnavailable", message)).asException();
    }
}
