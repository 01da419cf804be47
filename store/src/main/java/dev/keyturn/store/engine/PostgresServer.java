package dev.keyturn.store.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL database and how it is connected to. Who writes holds the one commit lock of the database, from the first
 * statement to the end of the commit, so that two writes never interleave, whichever nodes make them: isolation levels
 * are not asked to see what depends on what (ADR 10). READ COMMITTED then reads, with each statement, all that was
 * committed before the lock was had. Readers have one snapshot (REPEATABLE READ) and no lock.
 *
 * <p>Each write leaves its number in the row of its writer. So it can be told afterwards what became of a commit whose
 * answer was lost with the connection, also after another server has taken over.
 *
 * @param name told to people: the address, without anything secret
 * @param me the writer of this opening, and of no other
 * @param patience how long the database is asked what became of a commit
 * @param writers counts the sessions that write, each before it is used
 */
record PostgresServer(String name, DataSource dataSource, UUID me, Duration patience, AtomicLong writers)
        implements Sessions, SchemaTarget {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    /** "KTCL": of the commit lock among the advisory locks of the database. */
    private static final long COMMIT_LOCK = 0x4b54_434cL;

    private static final String LOCK = "SELECT pg_advisory_xact_lock(?)";

    /** Without an answer for so long, the machine of the server is taken for gone. Longer than any statement of ours. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    /** The server ends a transaction whose node is gone or hangs, so that the others get the commit lock. */
    private static final String LIMITS =
            "SET lock_timeout = '20s'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = '30s';"
                    + " SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;"
                    // whatever the server's default is: an answered commit is on the disk, and on a synchronous
                    // standby's
                    + " SELECT set_config('synchronous_commit', 'on', false)"
                    + " WHERE current_setting('synchronous_commit') <> 'remote_apply'";

    @Override
    public Map<String, String> placeholders() {
        return Schema.POSTGRESQL;
    }

    @Override
    public DatabaseFailures failures() {
        return PostgresFailures.WRITING;
    }

    /** The server's disk cannot be seen from here; a migration that finds no space is taken back by the database. */
    @Override
    public void requireSpace() {}

    /** @throws CannotOpenDatabaseException where the server would lose what it acknowledged, or order text otherwise */
    void requireFit() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('fsync'),"
                        + " current_setting('full_page_writes'), datcollate, pg_encoding_to_char(encoding), 'Z' < 'a'"
                        + " FROM pg_database WHERE datname = current_database()")) {
            row.next();
            require(row.getString(1).equals("on"), "its server runs with fsync = off, which loses data with the power");
            require(row.getString(2).equals("on"), "its server runs with full_page_writes = off, which loses data");
            require(
                    row.getString(3).equals("C") || row.getString(3).equals("POSIX"),
                    "its collation is " + row.getString(3) + ", and lists are in the order of bytes. Make it with:"
                            + " createdb --template=template0 --locale=C --encoding=UTF8");
            require(row.getBoolean(5), "it orders text otherwise than by its bytes, by ICU as it seems");
            require(row.getString(4).equals("UTF8"), "its encoding is " + row.getString(4) + ", not UTF8");
        }
    }

    /** A setting as it is stored, by whichever version of the schema; empty where there is none, or no table of them. */
    Optional<String> setting(String name) {
        try (Connection connection = dataSource.getConnection()) {
            if (!hasTable(connection, "setting")) {
                return Optional.empty();
            }
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT value FROM setting WHERE name = ?")) {
                statement.setString(1, name);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
                }
            }
        } catch (SQLException e) {
            throw new CannotOpenDatabaseException(
                    "Cannot open the database " + this.name + ": "
                            + failures().meaning(e).orElse(String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static boolean hasTable(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public void requireNoOlderProgram(long next) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            if (!hasTable(connection, "node")) {
                return;
            }
            try (PreparedStatement statement = connection.prepareStatement("SELECT name, address, program_schema"
                    + " FROM node WHERE program_schema < ?"
                    + " AND live_until > extract(epoch FROM clock_timestamp()) * 1000 ORDER BY name")) {
                statement.setLong(1, next);
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        throw new CannotOpenDatabaseException("The database " + name + " cannot be brought to version "
                                + next + " of its schema: the node '" + row.getString(1) + "' at " + row.getString(2)
                                + " runs, whose program knows versions up to " + row.getLong(3)
                                + ". Stop all nodes with the older program first.");
                    }
                }
            }
        }
    }

    /** @throws CannotOpenDatabaseException where it is not whole yet, or was left (docs/migrate.md) */
    void requireHere() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Optional<String> refusal = DatabaseMove.read(connection).flatMap(move -> move.refusal(name));
            if (refusal.isPresent()) {
                throw new CannotOpenDatabaseException(refusal.get());
            }
        }
    }

    private void require(boolean fit, String otherwise) {
        if (!fit) {
            throw new CannotOpenDatabaseException("The database " + name + " cannot be used: " + otherwise + ".");
        }
    }

    /**
     * Takes the lines of writers away that have not written for a month: most were killed, and one that was not makes its
     * line again. Without the lock, because nothing else reads these lines.
     */
    void forgetOldWriters() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement old = connection.createStatement()) {
            old.executeUpdate("DELETE FROM commit_mark WHERE since < now() - interval '30 days'");
        }
    }

    void leave() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("DELETE FROM commit_mark WHERE writer = ?")) {
            statement.setString(1, me.toString());
            statement.executeUpdate();
        }
    }

    @Override
    public Session writer() throws SQLException {
        Connection connection = limited();
        writers.incrementAndGet();
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            return new Writing(connection, me, mark(connection));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Session reader() throws SQLException {
        Connection connection = limited();
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            return new Session(connection, PostgresFailures.READING);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Fate fate(Session lost) {
        if (!(lost instanceof Writing session)) {
            throw new IllegalArgumentException("a session that does not write has no commit");
        }
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            try (Connection connection = limited()) {
                connection.setAutoCommit(false);
                lock(connection);
                long number = touched(connection);
                connection.commit(); // a standby refuses it, and a primary has what came before on its standbys by then
                return number >= session.number() ? Fate.MADE : Fate.NOT_MADE;
            } catch (SQLException e) {
                LOG.debug("not known yet what became of a commit: {}", e.getMessage());
                try {
                    Thread.sleep(BETWEEN_TRIES);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return Fate.UNKNOWN;
                }
            }
        }
        return Fate.UNKNOWN;
    }

    /** The last number of this writer that was committed; with the lock, so that no commit of it is still on its way. */
    private long mark(Connection connection) throws SQLException {
        lock(connection);
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT number FROM commit_mark WHERE writer = ?")) {
            statement.setString(1, me.toString());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        } finally {
            connection.rollback();
        }
    }

    /** As {@link #mark}, by a write. */
    private long touched(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE commit_mark SET since = now() WHERE writer = ? RETURNING number")) {
            statement.setString(1, me.toString());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    static void lock(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setLong(1, COMMIT_LOCK);
            statement.execute();
        }
    }

    /** A connection to a primary that keeps what it acknowledges. */
    private Connection limited() throws SQLException {
        Connection connection = dataSource.getConnection();
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(SILENCE.toMillis()));
            statement.execute(LIMITS);
            try (ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery(), current_setting('fsync') = 'on'"
                    + " AND current_setting('full_page_writes') = 'on', " + DatabaseMove.UNUSABLE)) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new SQLException("the server is a standby", PostgresFailures.READ_ONLY);
                }
                if (!row.getBoolean(2)) {
                    throw new SQLException("the server is not safe", PostgresFailures.UNSAFE);
                }
                if (row.getBoolean(3)) {
                    throw new SQLException("the database is being copied, or was left", PostgresFailures.MOVED);
                }
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Opens each of its transactions with the commit lock and the number of the transaction. */
    private static final class Writing extends Session {
        private final UUID me;
        private long number;

        Writing(Connection connection, UUID me, long number) {
            super(connection, PostgresFailures.WRITING);
            this.me = me;
            this.number = number;
        }

        /** Of the transaction that was begun last. */
        long number() {
            return number;
        }

        @Override
        void first(Statements in) throws SQLException {
            PreparedStatement lock = in.prepared(LOCK);
            lock.setLong(1, COMMIT_LOCK);
            lock.execute();
            number++;
            PreparedStatement mark = in.prepared("INSERT INTO commit_mark (writer, number, since) VALUES (?, ?, now())"
                    + " ON CONFLICT (writer) DO UPDATE SET number = excluded.number, since = excluded.since");
            mark.setString(1, me.toString());
            mark.setLong(2, number);
            mark.executeUpdate();
        }
    }
}
