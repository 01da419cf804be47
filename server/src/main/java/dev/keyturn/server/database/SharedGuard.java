package dev.keyturn.server.database;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.keys.MasterKeyFileException;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.server.data.InstallationFile;
import dev.keyturn.server.data.InstallationFile.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the database of a node is its installation's, and has all that this node saw in it: a restored backup,
 * or a standby that took over without the last commits, is not gone on with unasked. The mark in the database only rises;
 * the file {@code installation} has the highest that this node saw. Not thread-safe, but for {@link #note}.
 */
final class SharedGuard {
    private static final Logger LOG = LoggerFactory.getLogger(SharedGuard.class);
    private static final String DOC = " docs/nodes.md says how.";

    private final Path directory;
    private final String database;
    private final Settings settings;
    private Optional<InstallationFile> known;

    private SharedGuard(Path directory, String database, Settings settings, Optional<InstallationFile> known) {
        this.directory = directory;
        this.database = database;
        this.settings = settings;
        this.known = known;
    }

    /** @param database what people are told it is */
    static SharedGuard before(Path directory, String database, Settings settings)
            throws IOException, DataDirectoryException {
        return new SharedGuard(directory, database, settings, InstallationFile.read(directory));
    }

    /**
     * Compares the database with what the directory knows, before anything in it is changed.
     *
     * @param stored the settings in the database
     * @throws DataDirectoryException where it is another installation's, an older one, or as good as empty, or was
     *     sealed with another master key than this node has
     */
    void check(Function<String, Optional<String>> stored) throws DataDirectoryException {
        Optional<String> id = stored.apply(InstallationGuard.ID);
        if (known.isPresent()) {
            InstallationFile file = known.get();
            if (!id.equals(Optional.of(file.id().toString()))) {
                throw new DataDirectoryException("The database " + database + " is "
                        + id.map(i -> "of another installation (" + i + ")").orElse("empty")
                        + ", and the data directory "
                        + directory + " is of a node of the installation " + file.id()
                        + ". Name the right database, or take an empty directory for this one.");
            }
            long mark =
                    stored.apply(InstallationGuard.MARK).map(Long::parseLong).orElse(0L);
            if (mark < file.mark()) {
                throw new DataDirectoryException(older(mark, file.mark()));
            }
        } else if (id.isEmpty() && Files.exists(directory.resolve("client.env"))) {
            throw new DataDirectoryException("The database " + database + " is empty, and there is "
                    + directory.resolve("client.env") + ", so this is no first start. Name the right database, or take"
                    + " an empty directory for a new installation.");
        }
        Optional<String> key = stored.apply(RootKey.SETTING);
        if (key.isPresent()) {
            try {
                KeyAdvice.SHARED.requireRight(directory.resolve("master.key"), key.get());
            } catch (MasterKeyFileException | IOException e) {
                throw new DataDirectoryException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    private String older(long mark, long seen) {
        return "The database " + database + " is older than what this node last saw of it (mark " + mark + ", not "
                + seen
                + "): a backup was restored, or a standby took over that lacks the last commits. Put the newest back, or"
                + " go on with this one deliberately;" + DOC;
    }

    /** From now on the directory is of a node of this installation. */
    void take(Transactions transactions, Root root) throws IOException, DataDirectoryException {
        long mark = raised(transactions);
        long seen = known.map(InstallationFile::mark).orElse(0L);
        if (mark <= seen) { // another server took over since the look at the start
            throw new DataDirectoryException(older(mark - 1, seen));
        }
        InstallationFile file = new InstallationFile(
                root.installation(), Optional.of(RootKey.fingerprint(root.master())), mark, State.SHARED);
        write(file);
    }

    /** Raises the mark; says why this node must not go on where the database has fallen behind it. */
    synchronized Optional<String> note(Transactions transactions) throws IOException {
        long seen = known.orElseThrow().mark();
        long mark = raised(transactions);
        if (mark <= seen) {
            return Optional.of(older(mark - 1, seen));
        }
        write(known.orElseThrow().at(mark, State.SHARED));
        return Optional.empty();
    }

    /** One more than the database has; what a node has seen is left out, so that a database that fell behind shows. */
    private long raised(Transactions transactions) {
        return transactions.write(tx -> {
            long next = settings.find(tx, InstallationGuard.MARK)
                            .map(Long::parseLong)
                            .orElse(0L)
                    + 1;
            settings.put(tx, InstallationGuard.MARK, Long.toString(next));
            return next;
        });
    }

    /** The database is about to be closed. */
    void leave(Transactions transactions) {
        try {
            note(transactions).ifPresent(LOG::error);
        } catch (IOException | RuntimeException e) {
            LOG.warn("how far the database had come is not noted at the stop: {}", e.getMessage());
        }
    }

    private void write(InstallationFile file) throws IOException {
        file.write(directory);
        known = Optional.of(file);
    }
}
