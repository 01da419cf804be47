package dev.keyturn.store.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A database without its stores and its group commit: one connection, for who copies all of it while no server has it.
 * Not thread-safe.
 */
public final class BareDatabase implements AutoCloseable {
    /** What sets the connection of one that copies apart from those of nodes. */
    private static final String APPLICATION = "keyturn migrate";

    /** "KTMG": one that copies at a time, among the advisory locks of the database. */
    private static final long ONE_COPIER = 0x4b54_4d47L;

    private static final int TRIES = 10;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    /** The kinds of database there are. */
    public enum Kind {
        EMBEDDED,
        POSTGRESQL
    }

    private final Kind kind;
    private final SchemaTarget target;
    private final List<Migrations> modules;
    private final Connection connection;

    private BareDatabase(Kind kind, SchemaTarget target, List<Migrations> modules, Connection connection) {
        this.kind = kind;
        this.target = target;
        this.modules = modules;
        this.connection = connection;
    }

    /** The database file of a directory as it lies there, without a log: no byte of the directory changes. */
    public static BareDatabase inFile(Path directory, Migrations... modules) throws SQLException {
        SqliteFile file = new SqliteFile(directory.resolve(SqliteFile.NAME));
        return new BareDatabase(Kind.EMBEDDED, file, List.of(modules), DatabaseFiles.readOnly(directory));
    }

    /** The database of a directory to be written, made where there is none. */
    public static BareDatabase inDirectory(Path directory, Migrations... modules) throws SQLException, IOException {
        SqliteFile file = SqliteFile.in(directory);
        return new BareDatabase(
                Kind.EMBEDDED, file, List.of(modules), file.dataSource().getConnection());
    }

    /**
     * A database of a PostgreSQL server, which nobody else copies at the same time.
     *
     * @throws CannotOpenDatabaseException where it does not fit, is a standby, or is being copied by somebody else
     */
    public static BareDatabase onServer(
            PostgresAddress address, Optional<PostgresPassword> password, Migrations... modules) throws SQLException {
        String name = address.toString();
        DataSource source = address.source(password, APPLICATION);
        PostgresServer server = new PostgresServer(name, source, UUID.randomUUID(), Duration.ZERO, new AtomicLong());
        server.requireFit();
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '20s'; SET statement_timeout = 0;"
                    + " SET idle_in_transaction_session_timeout = 0");
            statement.execute("SELECT set_config('synchronous_commit', 'on', false)"
                    + " WHERE current_setting('synchronous_commit') <> 'remote_apply'");
            try (ResultSet row =
                    statement.executeQuery("SELECT pg_is_in_recovery(), pg_try_advisory_lock(" + ONE_COPIER + ")")) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new CannotOpenDatabaseException(
                            "The database " + name + " is a standby: name the server that is written to.");
                }
                if (!row.getBoolean(2)) {
                    throw new CannotOpenDatabaseException(
                            "The database " + name + " is being copied by another './keyturn migrate'.");
                }
            }
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
        return new BareDatabase(
                Kind.POSTGRESQL,
                server,
                Stream.concat(Stream.of(PostgresDatabase.OWN), Stream.of(modules))
                        .toList(),
                connection);
    }

    public Kind kind() {
        return kind;
    }

    /** What people are told it is. */
    public String name() {
        return target.name();
    }

    /** The one connection; nobody closes it but {@link #close}. */
    public Connection connection() {
        return connection;
    }

    /** Whether it has this program's schema. */
    public boolean hasThisSchema() throws SQLException {
        return new Schema(modules).isHadBy(connection);
    }

    /** Gives it this program's schema. */
    public void bringUpToDate() throws SQLException, IOException {
        new Schema(modules).bringUpToDate(target);
    }

    /** Makes what is done next wait for every node's write, to the end of the transaction. */
    public void lockCommits() throws SQLException {
        if (kind == Kind.POSTGRESQL) {
            PostgresServer.lock(connection);
        }
    }

    /** The addresses of nodes that are connected; one that has just stopped is waited for a moment. */
    public List<String> nodes() throws SQLException {
        List<String> found = connected();
        for (int i = 0; i < TRIES && !found.isEmpty(); i++) {
            try {
                Thread.sleep(BETWEEN_TRIES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return found;
            }
            found = connected();
        }
        return found;
    }

    private List<String> connected() throws SQLException {
        if (kind == Kind.EMBEDDED) {
            return List.of();
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT DISTINCT coalesce(host(client_addr), 'a local socket')"
                        + " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        + " AND application_name = '" + PostgresAddress.APPLICATION + "' ORDER BY 1")) {
            Stream.Builder<String> found = Stream.builder();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found.build().toList();
        }
    }

    /** In a sentence what the failure means. */
    public String meaning(SQLException failure) {
        Optional<String> known = target.failures().meaning(failure);
        return known.orElse(
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given") + ".");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
