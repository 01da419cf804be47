package dev.keyturn.store.migrate;

import dev.keyturn.store.engine.BareDatabase;
import dev.keyturn.store.engine.CannotOpenDatabaseException;
import dev.keyturn.store.engine.DatabaseMove;
import dev.keyturn.store.engine.DatabaseMove.State;
import dev.keyturn.store.engine.Migrations;
import dev.keyturn.store.engine.PostgresAddress;
import dev.keyturn.store.engine.PostgresPassword;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * From a PostgreSQL database whose nodes are stopped to a directory without a database. In this order: {@link
 * #requireReady}; whoever calls marks the directory as not whole yet, by which move; {@link #leaving}, from which on no
 * server uses the database; {@link #copy}; where all agrees {@link #left}; the directory's mark is taken away. Ended anywhere, it is begun anew and goes on. Not thread-safe.
 */
public final class ToDirectory implements AutoCloseable {
    private static final String BY = " (move ";

    private final Path directory;
    private final String place;
    private final Migrations[] modules;
    private final BareDatabase from;
    private Optional<Plan> plan = Optional.empty();

    private ToDirectory(Path directory, String move, BareDatabase from, Migrations... modules) {
        this.directory = directory;
        this.place = directory + BY + move + ")";
        this.from = from;
        this.modules = modules.clone();
    }

    /**
     * Connects, and changes nothing.
     *
     * @param move tells this move from any other, also to a directory of the same path on another machine; the directory
     *     knows it from before {@link #leaving} until all is there
     * @throws CopyException where the database cannot be used, has no installation, or is not whole itself
     */
    public static ToDirectory open(
            PostgresAddress address,
            Optional<PostgresPassword> password,
            Path directory,
            String move,
            Migrations... modules)
            throws CopyException {
        try {
            BareDatabase from = BareDatabase.onServer(address, password, modules);
            try {
                ToDirectory made = new ToDirectory(directory, move, from, modules);
                made.requireWhole();
                return made;
            } catch (CopyException | SQLException | RuntimeException e) {
                from.close();
                throw e;
            }
        } catch (CannotOpenDatabaseException e) {
            throw new CopyException(String.valueOf(e.getMessage()), e);
        } catch (SQLException e) {
            throw new CopyException("The database " + address + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private void requireWhole() throws SQLException, CopyException {
        if (!from.hasThisSchema()) {
            throw new CopyException(
                    "The database " + from.name() + " was written by another version of this program, or"
                            + " is empty. Start a node of this version on it once, stop it, and run the command again.");
        }
        Optional<DatabaseMove> move = DatabaseMove.read(from.connection());
        if (move.isPresent() && move.get().state() == State.ARRIVING) {
            throw notHere("it is not whole yet, and comes from " + move.get().other());
        }
        setting("installation"); // there is one
    }

    private CopyException notHere(String why) {
        return new CopyException("The database " + from.name() + " is not to be copied to " + directory + ": " + why
                + ". docs/migrate.md says what can be done.");
    }

    /** @throws CopyException where a server uses the database, or another move has begun or is done */
    public void requireReady() throws CopyException {
        try {
            requireNoNode();
            Optional<DatabaseMove> move = DatabaseMove.read(from.connection());
            if (move.isPresent()
                    && move.get().state() != State.ARRIVED
                    && !move.get().other().equals(place)) {
                throw notHere("it was left for " + move.get().other() + ", which is not this move to this directory");
            }
        } catch (SQLException e) {
            throw failed(from, e);
        }
    }

    /** @throws CopyException where there is none */
    private String setting(String name) throws SQLException, CopyException {
        return Settings.find(from, name)
                .orElseThrow(() -> new CopyException("The database " + from.name() + " has no installation: '" + name
                        + "' is missing in its settings."));
    }

    /** The id of what is in the database. */
    public String installation() throws CopyException {
        try {
            return setting("installation");
        } catch (SQLException e) {
            throw failed(from, e);
        }
    }

    /** Of the installation; empty where the database does not have it. */
    public Optional<String> find(String setting) throws CopyException {
        try {
            return Settings.find(from, setting);
        } catch (SQLException e) {
            throw failed(from, e);
        }
    }

    /** When a directory of this path had all of it; empty where none has yet. */
    public Optional<Instant> alreadyLeft() throws CopyException {
        try {
            return DatabaseMove.read(from.connection())
                    .filter(m -> m.state() == State.LEFT && m.other().startsWith(directory + BY))
                    .map(DatabaseMove::at);
        } catch (SQLException e) {
            throw failed(from, e);
        }
    }

    /**
     * From now on no server uses the database, until {@code docs/migrate.md} is followed the other way.
     *
     * @return the digest of all that is copied
     * @throws CopyException where a server uses it
     */
    public String leaving(Instant now) throws CopyException {
        requireReady();
        try {
            Optional<DatabaseMove> before = DatabaseMove.read(from.connection());
            if (before.isEmpty() || before.get().state() == State.ARRIVED) {
                from.connection().setAutoCommit(false);
                try {
                    from.lockCommits(); // what a node was about to commit is there, or is not made any more
                    new DatabaseMove(setting("installation"), State.LEAVING, "", place, now).write(from.connection());
                    from.connection().commit();
                } finally {
                    from.connection().rollback();
                    from.connection().setAutoCommit(true);
                }
            }
            requireNoNode();
            Plan all = Plan.of(from, from);
            plan = Optional.of(all);
            try (Snapshot snapshot = Snapshot.of(from)) {
                return TableSum.ofAll(TableCopy.sums(snapshot.database(), all));
            }
        } catch (SQLException e) {
            throw failed(from, e);
        }
    }

    /** Copies what is not there yet, compares both, and closes the directory's database, so that all is in its file. */
    public List<TableResult> copy(Progress progress) throws CopyException {
        try (BareDatabase to = BareDatabase.inDirectory(directory, modules)) {
            try {
                to.bringUpToDate();
                Plan both = Plan.of(from, to);
                if (!both.equals(plan.orElseThrow())) {
                    throw new CopyException("The tables of " + from.name() + " changed while they were copied.");
                }
                if (Emptiness.filled(to).isEmpty()) {
                    Emptiness.clearBegun(to);
                }
                try (Snapshot source = Snapshot.of(from)) {
                    List<TableSum> sums = TableCopy.sums(source.database(), both);
                    new TableCopy(from, to, both, progress).copy(sums);
                    try (Snapshot copy = Snapshot.of(to)) {
                        return Compared.of(sums, TableCopy.sums(copy.database(), both));
                    }
                }
            } catch (SQLException e) {
                throw failed(to, e);
            }
        } catch (CannotOpenDatabaseException e) {
            throw new CopyException(String.valueOf(e.getMessage()), e);
        } catch (SQLException e) {
            throw failed(from, e);
        } catch (IOException e) {
            throw new CopyException("The database in " + directory + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** The directory has all of it. */
    public void left(String digest, Instant now) throws CopyException {
        requireReady();
        try {
            new DatabaseMove(setting("installation"), State.LEFT, digest, place, now).write(from.connection());
        } catch (SQLException e) {
            throw failed(from, e);
        }
    }

    private void requireNoNode() throws SQLException, CopyException {
        List<String> nodes = from.nodes();
        if (!nodes.isEmpty()) {
            throw new CopyException("The database " + from.name() + " is used by a server at "
                    + String.join(", ", nodes) + ". Stop every node, and run the command again.");
        }
    }

    private CopyException failed(BareDatabase where, SQLException e) {
        return new CopyException(
                "The copy from " + from.name() + " ended: " + where.meaning(e)
                        + " Nothing in the copy is used before all of it is there; run the command again.",
                e);
    }

    @Override
    public void close() throws CopyException {
        try {
            from.close();
        } catch (SQLException e) {
            throw failed(from, e);
        }
    }
}
