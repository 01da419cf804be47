package dev.keyturn.server.database;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.keys.MasterKeyFileException;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.server.data.InstallationFile;
import dev.keyturn.server.data.InstallationFile.State;
import dev.keyturn.server.data.PrivateFiles;
import dev.keyturn.store.engine.DatabaseFiles;
import dev.keyturn.store.engine.DatabaseSums;
import dev.keyturn.store.engine.LeftSums;
import dev.keyturn.store.engine.SqliteDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the files of a data directory belong together: that a lost, emptied, older or foreign database is not
 * taken for a new installation (docs/data-directory.md, "Identity"). Asked in this order: {@link #before}, {@link
 * #check} while the database is opened, the master key is opened, {@link #take}; {@link #note} now and then; {@link
 * #leave}, the database is closed, {@link #closed}. A kill between any two of them is made good by the next start.
 */
final class InstallationGuard {
    /** The same setting as ever: what tells this installation from every other. */
    static final String ID = "installation";

    /** How often {@link #note} is to be called: an older database of a later time than that is found. */
    static final Duration OFTEN = Duration.ofMinutes(1);

    private static final String KEY = "master.key";
    static final String MARK = "installation-mark";
    private static final Logger LOG = LoggerFactory.getLogger(InstallationGuard.class);
    private static final String DOC = " docs/data-directory.md says how.";

    private final Path directory;
    private final Settings settings;
    private final Optional<DatabaseSums> found;
    private Optional<InstallationFile> known;
    private Optional<SqliteDatabase> open = Optional.empty();
    private boolean taken;
    private boolean left;
    private long commits;

    private InstallationGuard(
            Path directory, Settings settings, Optional<InstallationFile> known, Optional<DatabaseSums> found) {
        this.directory = directory;
        this.settings = settings;
        this.known = known;
        this.found = found;
    }

    /**
     * What the files tell before the database is opened.
     *
     * @throws DataDirectoryException where something is missing or is not as it was left; nothing was changed then
     * @throws MasterKeyFileException where the master key is missing or another; nothing was changed then either
     */
    static InstallationGuard before(Path directory, Settings settings)
            throws IOException, DataDirectoryException, MasterKeyFileException {
        InstallationGuard guard = files(directory, settings);
        Optional<String> key = guard.known
                .flatMap(InstallationFile::key)
                .or(() -> DatabaseFiles.setting(directory, RootKey.SETTING)); // or only its log knows: see check
        if (key.isPresent()) {
            KeyAdvice.EMBEDDED.requireRight(directory.resolve(KEY), key.get());
        }
        return guard;
    }

    private static InstallationGuard files(Path directory, Settings settings)
            throws IOException, DataDirectoryException {
        Optional<InstallationFile> known = InstallationFile.read(directory);
        if (known.isEmpty()) {
            requireNothingLost(directory);
            return new InstallationGuard(directory, settings, known, Optional.empty());
        }
        InstallationFile file = known.get();
        if (file.state() == State.SHARED) {
            throw new DataDirectoryException("The data directory " + directory + " is of a node of the installation "
                    + file.id()
                    + " on PostgreSQL. Start it with --database postgresql://USER@HOST:PORT/NAME and --node,"
                    + " or take an empty directory for a new installation.");
        }
        Path database = directory.resolve(DatabaseFiles.NAMES.getFirst());
        if (!DatabaseFiles.hasDatabase(directory)) {
            throw new DataDirectoryException("The database " + database
                    + (Files.exists(database) ? " is empty" : " is missing") + ", but " + directory
                    + " holds the installation " + file.id() + ", whose keys are all in there. Put it back from your"
                    + " backup;" + DOC);
        }
        if (file.state() == State.OPEN && !DatabaseFiles.hasLog(directory)) {
            throw new DataDirectoryException("The database's log " + database + "-wal is missing: the server was not"
                    + " stopped in an orderly way, so the newest changes are in that file. Put it back, or restore a"
                    + " backup deliberately;" + DOC);
        }
        Optional<String> id = DatabaseFiles.setting(directory, ID);
        if (id.isPresent() && !id.get().equals(file.id().toString())) {
            throw foreign(database, id.get(), file);
        }
        LeftSums left = LeftSums.look(directory, file.mark(), file.state() == State.CLOSED);
        if (left.problem().isPresent()) {
            throw new DataDirectoryException("The database in " + directory + " is damaged, or was changed by another"
                    + " program: " + left.problem().get() + ". Put it back from your backup;" + DOC);
        }
        if (file.state() == State.CLOSED && !DatabaseFiles.hasLog(directory)) {
            requireReached(database, DatabaseFiles.setting(directory, MARK), file);
        }
        return new InstallationGuard(directory, settings, known, Optional.of(left.now()));
    }

    private static void requireNothingLost(Path directory) throws IOException, DataDirectoryException {
        if (DatabaseFiles.hasDatabase(directory)) {
            return;
        }
        for (String trace : new String[] {KEY, "client.env", DatabaseFiles.NAMES.get(1)}) {
            if (Files.exists(directory.resolve(trace))) {
                throw new DataDirectoryException("The database " + directory.resolve(DatabaseFiles.NAMES.getFirst())
                        + " is missing or empty, but there is " + directory.resolve(trace)
                        + ", so this is no first start. Put the database back from your backup, or take an empty"
                        + " directory for a new installation;" + DOC);
            }
        }
    }

    /**
     * Compares the database, its log included, with the file and the master key. Changes nothing.
     *
     * @param stored the settings in the database
     * @throws DataDirectoryException where it is another installation's, an older one, or as good as empty, or was
     *     sealed with another master key
     */
    void check(Function<String, Optional<String>> stored) throws DataDirectoryException {
        Path database = directory.resolve(DatabaseFiles.NAMES.getFirst());
        Optional<String> key = stored.apply(RootKey.SETTING);
        if (known.isPresent()) {
            InstallationFile file = known.get();
            Optional<String> id = stored.apply(ID);
            if (!id.equals(Optional.of(file.id().toString()))) {
                throw foreign(database, id.orElse("none yet"), file);
            }
            requireReached(database, stored.apply(MARK).or(() -> Optional.of("0")), file);
        } else if (Files.exists(directory.resolve("client.env"))) {
            if (key.isEmpty()) {
                throw new DataDirectoryException("The database " + database + " is of a first start, but there is "
                        + directory.resolve("client.env")
                        + " with an administrator's secret. Put the database back from"
                        + " your backup, or take an empty directory for a new installation;" + DOC);
            }
            LOG.warn(
                    "the database {} is taken as it is for this directory's: there was no file '{}' to compare it with",
                    database,
                    InstallationFile.NAME);
        }
        if (key.isPresent()) {
            try {
                KeyAdvice.EMBEDDED.requireRight(directory.resolve(KEY), key.get());
            } catch (MasterKeyFileException | IOException e) {
                throw new DataDirectoryException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    private static void requireReached(Path database, Optional<String> stored, InstallationFile file)
            throws DataDirectoryException {
        if (stored.isPresent() && Long.parseLong(stored.get()) < file.mark()) {
            throw new DataDirectoryException("The database " + database
                    + " is older than what this server last had (mark "
                    + stored.get() + ", not " + file.mark()
                    + "): a backup, or its log is lost. Put the newest back, or go on"
                    + " with this one deliberately;" + DOC);
        }
    }

    /** From now on the database is this directory's, open. */
    void take(SqliteDatabase database, Root root) throws IOException {
        write(new InstallationFile(
                root.installation(), Optional.of(RootKey.fingerprint(root.master())), raise(database), State.OPEN));
        database.keepSums(known.orElseThrow().mark());
        open = Optional.of(database);
        taken = true;
        commits = database.load().commits();
    }

    /** Raises the mark where anything was written since the last time. */
    synchronized void note(SqliteDatabase database) {
        try {
            if (taken && !left && database.load().commits() != commits) {
                write(known.orElseThrow().at(raise(database), State.OPEN));
                commits = database.load().commits();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The database is about to be closed. Where that cannot be written down, or the database was never this directory's,
     * its log is left where it is, as after a kill.
     */
    synchronized void leave(SqliteDatabase database) {
        try {
            if (taken) {
                write(known.orElseThrow().at(raise(database), State.BETWEEN));
                left = true;
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the database's log stays, because its orderly end cannot be recorded: {}", e.getMessage());
        }
        if (!left) {
            database.keepLog();
        }
    }

    /** The database was closed. */
    void closed() throws IOException {
        if (!left) {
            return;
        }
        InstallationFile file = known.orElseThrow();
        Optional<DatabaseSums> read = DatabaseSums.of(directory);
        Optional<DatabaseSums> kept = open.flatMap(SqliteDatabase::sums);
        if (read.isEmpty()) {
            return;
        }
        kept.flatMap(k -> k.difference(read.get(), directory))
                .ifPresent(what -> LOG.error(
                        "the database in {} was damaged, or changed by another program, while this server ran: {};"
                                + " the next start is refused. Put it back from your backup;{}",
                        directory,
                        what,
                        DOC));
        PrivateFiles.write(
                directory.resolve(LeftSums.NAMES.getFirst()),
                kept.orElse(read.get()).bytes(file.mark()));
        Files.deleteIfExists(directory.resolve(LeftSums.NAMES.getLast()));
        write(file.in(State.CLOSED));
    }

    /** What the pages were when they were looked at, before the database is opened. */
    Optional<DatabaseSums> found() {
        return found;
    }

    /** Before the database is opened for writing: a kill from here on may leave a log or none. */
    void opening() throws IOException {
        if (known.isPresent() && known.get().state() == State.CLOSED) {
            write(known.get().in(State.BETWEEN));
        }
    }

    private long raise(SqliteDatabase database) {
        return database.write(tx -> {
            long next = Math.max(mark(tx), known.map(InstallationFile::mark).orElse(0L)) + 1;
            settings.put(tx, MARK, Long.toString(next));
            return next;
        });
    }

    private long mark(Tx tx) {
        return settings.find(tx, MARK).map(Long::parseLong).orElse(0L);
    }

    private void write(InstallationFile file) throws IOException {
        file.write(directory);
        known = Optional.of(file);
    }

    private static DataDirectoryException foreign(Path database, String id, InstallationFile file) {
        return new DataDirectoryException("The database " + database + " is of another installation (" + id
                + ") than this directory (" + file.id() + "). Put the right one back from your backup;" + DOC);
    }
}
