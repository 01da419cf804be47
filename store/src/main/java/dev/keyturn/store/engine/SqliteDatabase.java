package dev.keyturn.store.engine;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded database of a data directory: one writer with group commit, a few readers that it never blocks and that
 * never block it. A write has reached the disk when it returns; a read sees every write that returned before it began.
 *
 * <p>No space, an I/O error, a lock held by another program: {@code Unavailable}. Where that happens to a commit itself
 * the change is not there for anybody; after a power failure at that very moment it may be. A call waits for its turn
 * and its outcome for half a minute at most: {@code Unavailable} then, which says of a write whether it was not begun or
 * may yet be made.
 *
 * <p>Damage is looked for at the opening: in a small file before anything else is done with it, in a large one while it
 * is in use. Where some is found then, nothing more is written ({@code Unavailable} that names it).
 *
 * <p>Thread-safe, for any number of virtual threads.
 */
public final class SqliteDatabase implements Transactions, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private final GroupCommit calls;
    private final Connection hold;
    private final DamageWatch watch;
    private final Folding folding;
    private final Optional<DatabaseSums> before;
    private volatile boolean logKept;

    private SqliteDatabase(
            SqliteFile file,
            Connection hold,
            DamageWatch watch,
            Optional<DatabaseSums> before,
            VitalThreads vital,
            Duration patience)
            throws SQLException, IOException {
        this.hold = hold;
        this.before = before;
        folding = new Folding(file.directory(), hold, before.isPresent());
        this.watch = watch;
        calls = new GroupCommit(file, file.writer(), folding::committed, vital, patience);
    }

    /**
     * Opens {@code directory/keyturn.db}, which is made (mode 0600) or brought to this program's schema first: the
     * store's tables and those that the modules bring. The directory exists.
     *
     * @throws NewerSchemaException where a newer program wrote it
     * @throws CannotOpenDatabaseException where it cannot be opened, with one line that says why; its log stays as it was
     */
    public static SqliteDatabase open(Path directory, Migrations... modules) {
        return open(directory, VitalThreads.halting(), modules);
    }

    /** With what follows when a thread of it dies. */
    public static SqliteDatabase open(Path directory, VitalThreads vital, Migrations... modules) {
        return SqliteDatabase.<RuntimeException>open(
                directory,
                vital,
                PATIENCE,
                DamageWatch.AT_ONCE,
                Optional.empty(),
                _ -> {},
                new Schema(List.of(modules)));
    }

    /**
     * Only where {@code admission} has nothing against it, else nothing was migrated. Whoever opens it so goes on with
     * {@link #keepSums}: before that, nothing of the log is folded into the file.
     */
    public static <E extends Exception> SqliteDatabase open(
            Path directory,
            VitalThreads vital,
            Optional<DatabaseSums> now,
            Admission<E> admission,
            Migrations... modules)
            throws E {
        try {
            SqliteFile.in(directory);
            DatabaseSums before = now.isPresent() ? now.get() : DatabaseSums.ofFile(directory);
            return open(
                    directory,
                    vital,
                    PATIENCE,
                    DamageWatch.AT_ONCE,
                    Optional.of(before),
                    admission,
                    new Schema(List.of(modules)));
        } catch (IOException e) {
            throw new CannotOpenDatabaseException("Cannot make a database in " + directory + ": " + e.getMessage(), e);
        } catch (SQLException e) {
            throw cannotOpen(directory, e);
        }
    }

    static SqliteDatabase open(Path directory, VitalThreads vital, Duration patience) {
        return open(directory, vital, patience, DamageWatch.AT_ONCE);
    }

    /** Checks a file of up to {@code atOnce} bytes before it is used. */
    static SqliteDatabase open(Path directory, VitalThreads vital, Duration patience, long atOnce) {
        return SqliteDatabase.<RuntimeException>open(
                directory, vital, patience, atOnce, Optional.empty(), _ -> {}, new Schema(List.of()));
    }

    private static <E extends Exception> SqliteDatabase open(
            Path directory,
            VitalThreads vital,
            Duration patience,
            long atOnce,
            Optional<DatabaseSums> before,
            Admission<E> admission,
            Schema schema)
            throws E {
        try {
            SqliteFile file = SqliteFile.in(directory);
            // Not closed where something is wrong: that would remove the log.
            Connection hold = file.hold();
            boolean small = Files.size(file.path()) <= atOnce;
            if (small) {
                requireSound(file, hold);
            }
            admission.check(new StoredSettings(hold)::find);
            if (before.isPresent() && !DatabaseFiles.hasLog(directory)) {
                PageSums.forgetEnd(directory);
            }
            schema.bringUpToDate(file);
            file.requireWritable();
            DamageWatch watch = small ? DamageWatch.done() : DamageWatch.begin(file);
            return new SqliteDatabase(file, hold, watch, before, vital, patience);
        } catch (IOException e) {
            throw new CannotOpenDatabaseException("Cannot make a database in " + directory + ": " + e.getMessage(), e);
        } catch (SQLException e) {
            throw cannotOpen(directory, e);
        }
    }

    private static void requireSound(SqliteFile file, Connection connection) throws SQLException {
        List<String> problems = new DatabaseCheck(connection).problems(true);
        if (!problems.isEmpty()) {
            throw new CannotOpenDatabaseException("The database file " + file.path() + " is damaged: "
                    + String.join("; ", problems) + ". Put it back from your backup.");
        }
    }

    private static CannotOpenDatabaseException cannotOpen(Path directory, SQLException e) {
        String why = SqliteFailures.INSTANCE
                .meaning(e)
                .orElse(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        return new CannotOpenDatabaseException("Cannot open the database in " + directory + ": " + why, e);
    }

    /** From here on the sums of the pages are kept, so that a kill leaves them; {@code mark} tells them from others. */
    public void keepSums(long mark) {
        folding.keep(before.orElseThrow(), mark);
    }

    /** Once it is closed: what its pages should be; empty where that is not known. */
    public Optional<DatabaseSums> sums() {
        return folding.sums();
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        return calls.read(work);
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        watch.requireSound();
        return calls.write(work);
    }

    public Load load() {
        return calls.load();
    }

    /**
     * Tells, after each commit, which tables it changed, in lower case, but for what follows by cascades. Told on the
     * thread that writes: what is done about it is short and fails never.
     */
    public void onCommit(Consumer<Set<String>> watcher) {
        calls.onCommit(watcher);
    }

    /** Waits until no more damage is looked for. */
    void awaitCheck() throws InterruptedException {
        watch.await();
    }

    /** From now on closing leaves the log ({@code keyturn.db-wal}) as it is, as if the process had been killed. */
    public void keepLog() {
        logKept = true;
    }

    /** Takes no more work, finishes what it has, closes the connections. Not from inside of a transaction. */
    @Override
    public void close() {
        GroupCommit.requireOutside();
        watch.close();
        calls.close();
        try {
            folding.end();
            if (!logKept) {
                hold.close();
            }
        } catch (SQLException e) {
            LOG.warn("the database did not close cleanly: {}", e.getMessage());
        }
    }
}
