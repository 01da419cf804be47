package dev.keyturn.store.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the log into the database file when it has become long (a checkpoint). SQLite would do that by itself, but the
 * sums of the pages have to be written first ({@link PageSums}). Where they cannot be, they are given up, with a line in
 * the server's log; the database goes on. Thread-safe.
 */
final class Folding {
    private static final Logger LOG = LoggerFactory.getLogger(Folding.class);
    /** 16 MiB. */
    private static final int PAGES = 4_000;
    /** Where nobody knows how long the log is. */
    private static final int COMMITS = 200;

    private final Path directory;
    private final Connection connection;
    private final Map<Integer, Integer> changed = new HashMap<>();
    private @Nullable LogFile log;
    private @Nullable PageSums sums;
    private boolean held;
    private boolean blind;
    private int commits;

    /**
     * @param connection used by nobody else
     * @param held whether nothing is to be folded before {@link #keep}
     */
    Folding(Path directory, Connection connection, boolean held) {
        this.directory = directory;
        this.connection = connection;
        this.held = held;
    }

    /** From here on the sums are kept. {@code now}: of the file before it was opened. */
    synchronized void keep(DatabaseSums now, long mark) {
        try {
            sums = PageSums.begin(directory, now, mark);
            follow();
            held = false;
        } catch (IOException | RuntimeException e) {
            giveUp(e);
        }
    }

    /** Something was committed. */
    synchronized void committed() {
        commits++;
        try {
            if (!blind) {
                follow();
            }
        } catch (IOException | RuntimeException e) {
            giveUp(e);
        }
        if (blind && held) {
            forget();
        }
        LogFile its = log;
        boolean due =
                (blind || its == null) ? commits % COMMITS == 0 : its.reach().frames() >= PAGES;
        if (due && !held) {
            fold();
        }
    }

    /** Before the last connection is closed, which folds what is left. */
    synchronized void end() {
        try {
            if (!blind) {
                follow();
                note();
            }
        } catch (IOException | RuntimeException e) {
            giveUp(e);
        } finally {
            close();
        }
    }

    /** What the pages should be once all is folded; empty where that is not known. */
    synchronized Optional<DatabaseSums> sums() {
        return Optional.ofNullable(sums).map(PageSums::now);
    }

    private void follow() throws IOException {
        LogFile its = log;
        if (its == null) {
            its = new LogFile(directory.resolve(DatabaseFiles.NAMES.get(1)));
            log = its;
        }
        LogFile.Reach before = its.reach();
        its.follow(changed::put);
        if (its.reach().isAnotherLogThan(before)) {
            note(); // what was folded is in the file, whoever folded it
        }
        PageSums kept = sums;
        if (kept != null) {
            kept.end(its.reach());
        }
    }

    private void note() throws IOException {
        PageSums kept = sums;
        if (kept != null) {
            kept.add(changed);
        }
        changed.clear();
    }

    private void fold() {
        try {
            note();
        } catch (IOException | RuntimeException e) {
            giveUp(e);
            if (held) {
                return;
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        } catch (SQLException e) {
            LOG.debug("the log stays for now: {}", e.getMessage());
        }
    }

    private void giveUp(Exception e) {
        LOG.warn(
                "the sums of the database's pages are not kept any more, so damage after a kill would be found in part"
                        + " only, until the server is stopped in an orderly way: {}",
                String.valueOf(e.getMessage()));
        blind = true;
        held = true;
        changed.clear();
        close();
        sums = null;
        forget();
    }

    /** Sums that are not kept any more must not be believed; nothing is folded before they are gone. */
    private void forget() {
        try {
            PageSums.forget(directory);
            held = false;
        } catch (IOException e) {
            LOG.debug("old sums stay for now", e);
        }
    }

    private void close() {
        try {
            PageSums kept = sums;
            if (kept != null) {
                kept.close();
            }
            LogFile its = log;
            if (its != null) {
                its.close();
            }
        } catch (IOException e) {
            LOG.debug("a file did not close", e);
        }
        log = null;
    }
}
