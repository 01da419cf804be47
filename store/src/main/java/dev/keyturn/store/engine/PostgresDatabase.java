package dev.keyturn.store.engine;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL database that several nodes may use at once: one writer with group commit on each node, of which one at a
 * time has the database's commit lock, and a few readers. A write is on the server's disk when it returns; a read sees
 * every write that returned before it began, whichever node made it.
 *
 * <p>The server is away, a standby, or short of something: {@code Unavailable}, and nothing was changed. Where the
 * connection is lost over a commit, the database is asked what became of it; only where it does not answer in time does
 * {@code Unavailable} say that the change may have been made. A call waits for half a minute at most.
 *
 * <p>Thread-safe, for any number of virtual threads.
 */
public final class PostgresDatabase implements Transactions, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FATE_KNOWN_WITHIN = Duration.ofSeconds(20);
    static final Migrations OWN =
            new Migrations("db/postgresql", List.of("V33__postgresql.sql", "V36__database_move.sql"));

    private final PostgresServer server;
    private final GroupCommit calls;
    private final long schema;

    private PostgresDatabase(PostgresServer server, VitalThreads vital, long schema) throws SQLException {
        this.server = server;
        this.schema = schema;
        calls = new GroupCommit(server, server.writer(), () -> {}, vital, PATIENCE);
    }

    /**
     * Opens the database, which is brought to this program's schema first. Several nodes may do so at the same time.
     *
     * @param name told to people: the address, without anything secret
     * @param source connects as the owner of the database, or of the schema that it finds first
     * @param vital what follows when a thread of it dies
     * @throws NewerSchemaException where a newer program wrote it
     * @throws CannotOpenDatabaseException where it cannot be opened, with one line that says why
     */
    public static PostgresDatabase open(String name, DataSource source, VitalThreads vital, Migrations... modules) {
        return open(name, source, vital, FATE_KNOWN_WITHIN, modules);
    }

    /** Only where {@code admission} has nothing against it, else nothing was migrated. */
    public static <E extends Exception> PostgresDatabase open(
            String name, DataSource source, VitalThreads vital, Admission<E> admission, Migrations... modules)
            throws E {
        return open(name, source, vital, FATE_KNOWN_WITHIN, admission, modules);
    }

    static PostgresDatabase open(
            String name, DataSource source, VitalThreads vital, Duration fateKnownWithin, Migrations... modules) {
        return PostgresDatabase.<RuntimeException>open(name, source, vital, fateKnownWithin, _ -> {}, modules);
    }

    private static <E extends Exception> PostgresDatabase open(
            String name,
            DataSource source,
            VitalThreads vital,
            Duration fateKnownWithin,
            Admission<E> admission,
            Migrations... modules)
            throws E {
        PostgresServer server = new PostgresServer(name, source, UUID.randomUUID(), fateKnownWithin, new AtomicLong());
        try {
            server.requireFit();
            server.requireHere();
            admission.check(server::setting);
            Schema schema =
                    new Schema(Stream.concat(Stream.of(OWN), Stream.of(modules)).toList());
            schema.bringUpToDate(server);
            server.forgetOldWriters();
            return new PostgresDatabase(server, vital, schema.last());
        } catch (IOException | SQLException e) {
            String why = e instanceof SQLException sql
                    ? server.failures().meaning(sql).orElse(String.valueOf(e.getMessage()))
                    : String.valueOf(e.getMessage());
            throw new CannotOpenDatabaseException("Cannot open the database " + name + ": " + why, e);
        }
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        return calls.read(work);
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        return calls.write(work);
    }

    /** The newest version of the schema that this program knows: the one that the database had when it was opened. */
    public long schema() {
        return schema;
    }

    public Load load() {
        return calls.load();
    }

    /**
     * How often the connection that writes was made, before the first write on it. A later one may be to a server that
     * took over and lost the last commits ({@link dev.keyturn.core.operation.FenceLift}).
     */
    public long sessions() {
        return server.writers().get();
    }

    /**
     * Tells, after each commit of this node, which tables it changed, in lower case, but for what follows by cascades.
     * Told on the thread that writes: what is done about it is short and fails never.
     */
    public void onCommit(Consumer<Set<String>> watcher) {
        calls.onCommit(watcher);
    }

    /** Takes no more work, finishes what it has, closes the connections. Not from inside of a transaction. */
    @Override
    public void close() {
        calls.close();
        try {
            server.leave();
        } catch (SQLException e) {
            LOG.warn("the line of this writer stays in commit_mark: {}", e.getMessage());
        }
    }
}
