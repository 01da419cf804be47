package dev.keyturn.store.engine;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for damage in a large database while it is in use, on a thread and a connection of its own. It reads one state
 * of the database, so the log grows until it is done. Thread-safe.
 */
final class DamageWatch {
    /** Up to this size a file is checked, thoroughly, before it is used: a fraction of a second. */
    static final long AT_ONCE = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DamageWatch.class);

    private final @Nullable DatabaseCheck check;
    private final @Nullable Thread thread;
    private volatile Optional<String> damage = Optional.empty();

    private DamageWatch() {
        check = null;
        thread = null;
    }

    private DamageWatch(Connection connection) {
        DatabaseCheck mine = new DatabaseCheck(connection);
        check = mine;
        thread = Thread.ofPlatform().daemon().name("store-check").start(() -> run(mine, connection));
    }

    /** Nothing is left to look for. */
    static DamageWatch done() {
        return new DamageWatch();
    }

    static DamageWatch begin(SqliteFile file) throws SQLException {
        return new DamageWatch(file.hold());
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Unavailable} where damage was found */
    void requireSound() {
        damage.ifPresent(what -> {
            throw new DomainError.Unavailable(ErrorInfo.of("StorageDamaged", what)).asException();
        });
    }

    /** Waits until the look is over. */
    void await() throws InterruptedException {
        Thread its = thread;
        if (its != null) {
            its.join();
        }
    }

    /** Ends the look, if it is not over yet. */
    void close() {
        DatabaseCheck mine = check;
        Thread its = thread;
        if (mine == null || its == null) {
            return;
        }
        boolean interrupted = false;
        while (its.isAlive()) {
            try {
                mine.stop();
                its.join(50);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (SQLException e) {
                LOG.debug("the check had just ended", e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(DatabaseCheck mine, Connection connection) {
        try (connection) {
            List<String> problems = mine.problems(false);
            if (!problems.isEmpty()) {
                String what = "The database file is damaged: " + String.join("; ", problems)
                        + ". Nothing is written to it any more; stop the server and put it back from your backup.";
                LOG.error("{}", what);
                damage = Optional.of(what);
            }
        } catch (SQLException | RuntimeException e) {
            if (!mine.stopped()) {
                LOG.error("the database could not be checked for damage: {}", e.getMessage());
            }
        }
    }
}
