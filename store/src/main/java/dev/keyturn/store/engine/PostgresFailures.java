package dev.keyturn.store.engine;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL's SQLSTATE codes (its manual, appendix A); the first two characters are the class. */
enum PostgresFailures implements DatabaseFailures {
    /** Of a session that writes: where it may only read, it has come to a standby. */
    WRITING,
    /** Of a session that only reads: whoever writes there has a bug. */
    READING;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresFailures.class);
    static final String READ_ONLY = "25006";
    /** Of our own: no class of PostgreSQL begins with K. */
    static final String UNSAFE = "KT001";

    static final String MOVED = "KT002";

    @Override
    public RuntimeException translate(SQLException failure) {
        Optional<String> meaning = meaning(failure);
        if (meaning.isPresent()) {
            LOG.warn("{} ({})", meaning.get(), failure.getMessage());
            return new DomainError.Unavailable(ErrorInfo.of("StorageUnavailable", meaning.get())).asException();
        }
        String state = state(failure);
        if (state.equals(READ_ONLY)) {
            return new IllegalStateException("write in a transaction that only reads", failure);
        }
        return new IllegalStateException(
                (state.startsWith("23") ? "the schema forbids it: " : "SQL failed: ") + failure.getMessage(), failure);
    }

    @Override
    public Optional<String> meaning(SQLException failure) {
        String state = state(failure);
        return switch (state) {
            case "53100" -> Optional.of("The database cannot grow: no space is left on its server's disk.");
            case "53300" -> Optional.of("The database server has no connection left for Keyturn.");
            case "55P03" ->
                Optional.of(
                        this == WRITING
                                ? "Another node holds the database's commit lock for too long."
                                : "Something holds a lock of the database for too long.");
            case UNSAFE ->
                Optional.of("The database server runs with fsync or full_page_writes off, which loses data.");
            case MOVED -> Optional.of("The database is being copied to or from a data directory, or was left for one.");
            case "57014" -> Optional.of("The database took too long over a statement.");
            case "28P01", "28000" -> Optional.of("The database server does not accept the user or its password.");
            case "3D000" -> Optional.of("The database server has no such database.");
            case "42501" -> Optional.of("The database's user may not do this there.");
            case READ_ONLY ->
                this == WRITING
                        ? Optional.of("The database server only reads: it is a standby, or set to read only.")
                        : Optional.empty();
            default -> ofClass(state);
        };
    }

    private static Optional<String> ofClass(String state) {
        return switch (state.substring(0, Math.min(2, state.length()))) {
            case "08" -> Optional.of("The database server cannot be reached.");
            case "57" -> Optional.of("The database server is being stopped or started.");
            case "53" -> Optional.of("The database server is short of memory, disk or connections.");
            case "58" -> Optional.of("The database server has an I/O error.");
            case "XX" -> Optional.of("The database server reports damaged data.");
            case "25" ->
                state.equals("25P03") || state.equals("25P04")
                        ? Optional.of("The database server ended a transaction that took too long.")
                        : Optional.empty();
            case "40" -> Optional.of("The database took the transaction back because of another one.");
            default -> Optional.empty();
        };
    }

    /** Empty where the driver gave none: what is no answer of a server. */
    private static String state(SQLException failure) {
        return Optional.ofNullable(failure.getSQLState()).orElse("");
    }
}
