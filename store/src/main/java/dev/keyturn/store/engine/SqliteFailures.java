package dev.keyturn.store.engine;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's result codes (sqlite.org/rescode.html); the low byte of an extended code is the primary one. */
enum SqliteFailures implements DatabaseFailures {
    INSTANCE;

    private static final Logger LOG = LoggerFactory.getLogger(SqliteFailures.class);
    private static final String NO_SPACE = "The database cannot grow: no space is left on its disk.";
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
        Optional<String> meaning = meaning(failure);
        if (meaning.isPresent()) {
            LOG.warn("{} ({})", meaning.get(), failure.getMessage());
            return new DomainError.Unavailable(ErrorInfo.of("StorageUnavailable", meaning.get())).asException();
        }
        String what = switch (failure.getErrorCode() & 0xff) {
            case READ_ONLY -> "write in a transaction that only reads";
            case CONSTRAINT -> "the schema forbids it: " + failure.getMessage();
            default -> "SQL failed: " + failure.getMessage();
        };
        return new IllegalStateException(what, failure);
    }

    static boolean isDamage(SQLException failure) {
        int code = failure.getErrorCode() & 0xff;
        return code == CORRUPT || code == NOT_A_DATABASE;
    }

    @Override
    public Optional<String> meaning(SQLException failure) {
        if (failure instanceof SQLiteException e && e.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE) {
            return Optional.of(NO_SPACE); // the one place where SQLite does not say FULL
        }
        return switch (failure.getErrorCode() & 0xff) {
            case BUSY, LOCKED -> Optional.of("The database is locked by another program.");
            case NO_MEMORY -> Optional.of("The database ran out of memory.");
            case IO_ERROR -> Optional.of("The database cannot be read or written: an I/O error of its disk.");
            case CORRUPT, NOT_A_DATABASE -> Optional.of("The database file is damaged.");
            case FULL -> Optional.of(NO_SPACE);
            case CANNOT_OPEN -> Optional.of("The database file cannot be opened.");
            default -> Optional.empty();
        };
    }
}
