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
 * From the database of a directory, which nobody has open and which was closed in an orderly way, to an empty PostgreSQL
 * database. In this order: {@link #copy}; where all agrees, whoever calls marks the directory as left; {@link #arrived}.
 * Ended anywhere, it is begun anew and goes on: until {@link #arrived} no server opens the database. Not thread-safe.
 */
public final class ToServer implements AutoCloseable {
    private final Path directory;
    private final String installation;
    private final BareDatabase from;
    private final BareDatabase to;

    private ToServer(Path directory, String installation, BareDatabase from, BareDatabase to) {
        this.directory = directory;
        this.installation = installation;
        this.from = from;
        this.to = to;
    }

    /**
     * Connects, and changes nothing.
     *
     * @param installation the id of what is in the directory
     * @param modules whose tables the database has beside the store's
     * @throws CopyException where one of them cannot be used
     */
    public static ToServer open(
            Path directory,
            String installation,
            PostgresAddress address,
            Optional<PostgresPassword> password,
            Migrations... modules)
            throws CopyException {
        try {
            BareDatabase from = BareDatabase.inFile(directory, modules);
            try {
                if (!from.hasThisSchema()) {
                    throw new CopyException("The database in " + directory + " was written by another version of this"
                            + " program. Start this version there once, stop it, and run the command again.");
                }
                return new ToServer(directory, installation, from, BareDatabase.onServer(address, password, modules));
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

    /** Whether the database has a part of this installation, from an earlier run. */
    public boolean begun() throws CopyException {
        try {
            return DatabaseMove.read(to.connection())
                    .filter(m -> m.state() == State.ARRIVING && m.installation().equals(installation))
                    .isPresent();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** When this very installation had arrived from this directory; empty where it has not yet. */
    public Optional<Instant> alreadyArrived() throws CopyException {
        try {
            return DatabaseMove.read(to.connection())
                    .filter(m -> m.state() == State.ARRIVED
                            && m.installation().equals(installation)
                            && m.other().equals(directory.toString()))
                    .map(DatabaseMove::at);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Copies what is not there yet and compares both.
     *
     * @throws CopyException where the database has something else, or the copy does not succeed
     */
    public List<TableResult> copy(Instant now, Progress progress) throws CopyException {
        try {
            Optional<DatabaseMove> begun = DatabaseMove.read(to.connection());
            if (begun.isEmpty()) {
                requireEmpty();
            } else if (begun.get().state() != State.ARRIVING
                    || !begun.get().installation().equals(installation)) {
                throw new CopyException("The database " + to.name() + " is not empty: it is that of the installation "
                        + begun.get().installation() + ". Name an empty one.");
            }
            requireNoNode();
            to.bringUpToDate();
            Plan plan = Plan.of(from, to);
            List<TableSum> source = TableCopy.sums(from, plan);
            arriving(begun, TableSum.ofAll(source), now);
            requireNoNode();
            new TableCopy(from, to, plan, progress).copy(source);
            try (Snapshot snapshot = Snapshot.of(to)) {
                return Compared.of(TableCopy.sums(from, plan), TableCopy.sums(snapshot.database(), plan));
            }
        } catch (CannotOpenDatabaseException e) {
            throw new CopyException(String.valueOf(e.getMessage()), e);
        } catch (SQLException e) {
            throw failed(e);
        } catch (IOException e) {
            throw new CopyException(String.valueOf(e.getMessage()), e);
        }
    }

    /** From now on servers use the database: the directory is left for good. */
    public void arrived(Instant now) throws CopyException {
        try {
            DatabaseMove move = DatabaseMove.read(to.connection()).orElseThrow();
            move.in(State.ARRIVED, now).write(to.connection());
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void arriving(Optional<DatabaseMove> begun, String digest, Instant now) throws SQLException, CopyException {
        if (begun.isPresent()) {
            if (!begun.get().digest().equals(digest)) {
                throw new CopyException("The database " + to.name() + " has a part of what " + directory
                        + " had at an earlier time: a server ran there since. Make the database empty, and run the"
                        + " command again.");
            }
            return;
        }
        to.connection().setAutoCommit(false);
        try {
            to.lockCommits();
            requireEmpty();
            Emptiness.clearBegun(to);
            new DatabaseMove(installation, State.ARRIVING, digest, directory.toString(), now).write(to.connection());
            to.connection().commit();
        } finally {
            to.connection().rollback();
            to.connection().setAutoCommit(true);
        }
    }

    private void requireEmpty() throws SQLException, CopyException {
        List<String> filled = Emptiness.filled(to);
        if (!filled.isEmpty()) {
            throw new CopyException("The database " + to.name() + " is not empty: it has " + String.join(", ", filled)
                    + ". Name an empty one.");
        }
    }

    private void requireNoNode() throws SQLException, CopyException {
        List<String> nodes = to.nodes();
        if (!nodes.isEmpty()) {
            throw new CopyException(
                    "The database " + to.name() + " is used by a server at " + String.join(", ", nodes) + ". Stop it.");
        }
    }

    private CopyException failed(SQLException e) {
        return new CopyException(
                "The copy to " + to.name() + " ended: " + to.meaning(e)
                        + " Nothing in there is used before all of it is; run the command again.",
                e);
    }

    @Override
    public void close() throws CopyException {
        try (from) {
            to.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
