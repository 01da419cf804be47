package dev.keyturn.server.database;

import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.keys.MasterKeyFileException;
import dev.keyturn.server.StartupException;
import dev.keyturn.server.data.DataDirectory;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.server.data.InstallationFile;
import dev.keyturn.server.data.MovedNote;
import dev.keyturn.server.data.PrivateFiles;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.engine.DatabaseFiles;
import dev.keyturn.store.engine.DatabaseSums;
import dev.keyturn.store.engine.LeftSums;
import dev.keyturn.store.engine.PostgresAddress;
import dev.keyturn.store.engine.PostgresPassword;
import dev.keyturn.store.migrate.CopyException;
import dev.keyturn.store.migrate.Progress;
import dev.keyturn.store.migrate.TableResult;
import dev.keyturn.store.migrate.ToDirectory;
import dev.keyturn.store.migrate.ToServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Moves an installation from a data directory to PostgreSQL, or back (docs/migrate.md). Whenever it ends, at most one of
 * the two can be opened by a server: the copy is refused until all of it is there and the other one is marked as left.
 */
public final class Migration {
    private static final String KEY = "master.key";

    private final Path directory;
    private final PostgresAddress address;
    private final Optional<PostgresPassword> password;
    private final Clock clock;
    private final Progress progress;

    public Migration(
            Path directory,
            PostgresAddress address,
            Optional<PostgresPassword> password,
            Clock clock,
            Progress progress) {
        this.directory = directory.toAbsolutePath().normalize();
        this.address = address;
        this.password = password;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * What came of it.
     *
     * @param done when it was finished; empty where something did not agree, and nothing was marked as moved
     * @param tables each of them on both sides; none where all had been done before
     */
    public record Outcome(String installation, Optional<Instant> done, List<TableResult> tables) {
        public Outcome {
            tables = List.copyOf(tables);
        }
    }

    /**
     * From the directory, whose server is stopped, to the database, which is empty or has a part of this copy.
     *
     * @throws StartupException where the directory cannot be moved; nothing was changed then
     * @throws CopyException where the database cannot be used, or something went wrong on the way
     */
    public Outcome toServer() throws StartupException, CopyException {
        if (!Files.isDirectory(directory)) { // which would be made
            throw new StartupException(List.of("There is no directory " + directory + "."));
        }
        try (DataDirectory taken = DataDirectory.open(directory)) {
            Optional<MovedNote> note = MovedNote.read(taken.path());
            InstallationFile file = closed();
            requireSame(note, MovedNote.State.LEFT, file.id().toString());
            try (ToServer move =
                    ToServer.open(directory, file.id().toString(), address, password, SimulatedTables.MIGRATIONS)) {
                Optional<Instant> before = note.isPresent() ? move.alreadyArrived() : Optional.empty();
                if (before.isPresent()) {
                    return new Outcome(file.id().toString(), before, List.of());
                }
                if (note.isPresent() && !move.begun()) {
                    throw new DataDirectoryException("The database of " + directory + " was moved to " + address
                            + " on "
                            + note.get().at()
                            + ", where it is not any more. If it is lost, and this older copy is to be"
                            + " moved anew, remove " + directory.resolve(MovedNote.NAME) + "; docs/migrate.md says what"
                            + " is gone then.");
                }
                List<TableResult> tables = move.copy(now(), progress);
                Instant at = now();
                Outcome outcome = outcome(file.id().toString(), tables, at);
                if (outcome.done().isPresent()) {
                    requireUnchanged(file);
                    note(MovedNote.State.LEFT, UUID.randomUUID(), outcome.installation(), TableResult.digest(tables))
                            .write(directory);
                    move.arrived(at);
                }
                return outcome;
            }
        } catch (DataDirectoryException | MasterKeyFileException | IOException e) {
            throw refused(e);
        }
    }

    /** The directory of a server that stopped in an orderly way, with all of its files as they were left. */
    private InstallationFile closed() throws IOException, DataDirectoryException, MasterKeyFileException {
        if (!DatabaseFiles.hasDatabase(directory)) {
            throw new DataDirectoryException("There is no database in " + directory + ".");
        }
        Optional<InstallationFile> file = InstallationFile.read(directory);
        if (file.isEmpty()
                || file.get().key().isEmpty()
                || file.get().state() != InstallationFile.State.CLOSED
                || DatabaseFiles.hasLog(directory)) {
            throw new DataDirectoryException(
                    "The server of " + directory + " was not stopped in an orderly way, or is of"
                            + " an earlier version. Start this version there once, stop it, and run the command again.");
        }
        InstallationGuard guard =
                InstallationGuard.before(directory, SqlStores.create().settings());
        guard.check(name -> DatabaseFiles.setting(directory, name));
        return file.get();
    }

    private void requireUnchanged(InstallationFile file) throws IOException, DataDirectoryException {
        Optional<String> changed = LeftSums.look(directory, file.mark(), true).problem();
        if (changed.isPresent() || DatabaseFiles.hasLog(directory)) {
            throw new DataDirectoryException("The database in " + directory + " was changed by another program while it"
                    + " was copied" + changed.map(c -> ": " + c).orElse("") + ". Nothing was marked as moved.");
        }
    }

    /**
     * From the database, whose nodes are stopped, to the directory, which has no database or a part of this copy.
     *
     * @throws StartupException where the directory cannot be used; nothing was changed then
     * @throws CopyException where the database cannot be moved, or something went wrong on the way
     */
    public Outcome toDirectory() throws StartupException, CopyException {
        try (DataDirectory taken = DataDirectory.open(directory)) {
            Optional<MovedNote> note = MovedNote.read(directory);
            UUID id = note.map(MovedNote::id).orElseGet(UUID::randomUUID);
            try (ToDirectory move =
                    ToDirectory.open(address, password, taken.path(), id.toString(), SimulatedTables.MIGRATIONS)) {
                return toDirectory(move, id, note);
            }
        } catch (DataDirectoryException | MasterKeyFileException | IOException e) {
            throw refused(e);
        }
    }

    private Outcome toDirectory(ToDirectory move, UUID id, Optional<MovedNote> note)
            throws CopyException, DataDirectoryException, MasterKeyFileException, IOException {
        String installation = move.installation();
        Optional<Instant> before = move.alreadyLeft();
        if (before.isPresent() && note.isEmpty() && isThis(installation)) {
            return new Outcome(installation, before, List.of());
        }
        if (before.isPresent() && note.isEmpty()) {
            throw new DataDirectoryException("The database " + address + " was left for " + directory + " on "
                    + before.get()
                    + ", where it is not any more. If it is lost, docs/migrate.md says how to go on with"
                    + " the older copy.");
        }
        requireSame(note, MovedNote.State.ARRIVING, installation);
        if (note.isEmpty()) {
            requireNoDatabase();
        }
        Optional<String> key = move.find(RootKey.SETTING);
        if (key.isPresent() && Files.exists(directory.resolve(KEY))) {
            KeyAdvice.EMBEDDED.requireRight(directory.resolve(KEY), key.get());
        }
        move.requireReady();
        if (note.isEmpty()) { // the directory knows of the move first, so that no other one can go on with it
            note(MovedNote.State.ARRIVING, id, installation, MovedNote.NO_DIGEST)
                    .write(directory);
        }
        String digest = move.leaving(now());
        if (note.filter(n ->
                        !n.digest().equals(MovedNote.NO_DIGEST) && !n.digest().equals(digest))
                .isPresent()) {
            throw new DataDirectoryException("The directory " + directory + " has a part of what " + address
                    + " had at an earlier time. Remove " + directory.resolve(DatabaseFiles.NAMES.getFirst())
                    + " and " + directory.resolve(MovedNote.NAME) + ", and run the command again.");
        }
        note(MovedNote.State.ARRIVING, id, installation, digest).write(directory);
        Outcome outcome = outcome(installation, move.copy(progress), now());
        if (outcome.done().isPresent()) {
            move.left(digest, outcome.done().get());
            settle(installation, key);
            Files.delete(directory.resolve(MovedNote.NAME));
        }
        return outcome;
    }

    /** The files beside the database that an orderly stop leaves. */
    private void settle(String installation, Optional<String> key) throws IOException, DataDirectoryException {
        long mark = DatabaseFiles.setting(directory, InstallationGuard.MARK)
                .map(Long::parseLong)
                .orElse(0L);
        DatabaseSums sums = DatabaseSums.of(directory)
                .orElseThrow(() -> new DataDirectoryException("Another program has the database in " + directory
                        + " open. Stop it, and run the command again."));
        PrivateFiles.write(directory.resolve(LeftSums.NAMES.getFirst()), sums.bytes(mark));
        Files.deleteIfExists(directory.resolve(LeftSums.NAMES.getLast()));
        new InstallationFile(UUID.fromString(installation), key, mark, InstallationFile.State.CLOSED).write(directory);
    }

    private void requireNoDatabase() throws DataDirectoryException {
        List<String> there = Stream.of(DatabaseFiles.NAMES, LeftSums.NAMES, List.of(InstallationFile.NAME))
                .flatMap(List::stream)
                .filter(name -> Files.exists(directory.resolve(name)))
                .toList();
        if (!there.isEmpty()) {
            throw new DataDirectoryException("The directory " + directory + " has a database already ("
                    + String.join(", ", there)
                    + "). Name a directory without one: an empty one, or one with no more than "
                    + KEY + ", the files of the certificates, client.env and images.");
        }
    }

    private boolean isThis(String installation) throws IOException, DataDirectoryException {
        return InstallationFile.read(directory)
                .filter(f -> f.id().toString().equals(installation))
                .isPresent();
    }

    private void requireSame(Optional<MovedNote> note, MovedNote.State way, String installation)
            throws DataDirectoryException {
        if (note.isEmpty()) {
            return;
        }
        MovedNote n = note.get();
        if (n.state() != way
                || !n.installation().equals(installation)
                || !n.other().equals(address.toString())) {
            throw new DataDirectoryException("The file " + directory.resolve(MovedNote.NAME)
                    + " says of the database of"
                    + " this directory: "
                    + (n.state() == MovedNote.State.LEFT ? "it was moved to " : "it is being copied from ") + n.other()
                    + " (installation " + n.installation() + "). docs/migrate.md says what can be done.");
        }
    }

    private MovedNote note(MovedNote.State state, UUID move, String installation, String digest) {
        return new MovedNote(installation, state, move, digest, address.toString(), now());
    }

    private static Outcome outcome(String installation, List<TableResult> tables, Instant at) {
        boolean whole = tables.stream().allMatch(TableResult::agrees);
        return new Outcome(installation, whole ? Optional.of(at) : Optional.empty(), tables);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static StartupException refused(Exception e) {
        StartupException told = new StartupException(List.of(String.valueOf(e.getMessage())));
        told.initCause(e);
        return told;
    }
}
