package dev.keyturn.store.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;

/**
 * What a PostgreSQL database says of having been copied from a data directory, or to one (docs/migrate.md). Two databases
 * of one installation that are both used lose keys: each has versions that the other does not know. So one that is not
 * whole yet, or was left for a directory, is opened by no server.
 *
 * @param installation which one
 * @param digest SHA-256 of all that is copied, in hexadecimal digits
 * @param other the directory
 */
public record DatabaseMove(String installation, State state, String digest, String other, Instant at) {
    /** Whether a server may use the database. */
    public enum State {
        /** Not all of it is there. */
        ARRIVING,
        /** All of it was there, and the directory it came from was marked as left. */
        ARRIVED,
        /** It is being copied to a directory: what a server changed now could be missing there. */
        LEAVING,
        /** The directory has all of it. */
        LEFT
    }

    /** True where no server may use it; asked of a database that has its tables. */
    static final String UNUSABLE = "EXISTS (SELECT 1 FROM database_move WHERE state <> 'ARRIVED')";

    /** Empty where there is none, also where the table is not there yet. */
    public static Optional<DatabaseMove> read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet table = statement.executeQuery("SELECT to_regclass('database_move') IS NOT NULL")) {
                table.next();
                if (!table.getBoolean(1)) {
                    return Optional.empty();
                }
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT installation, state, digest, other, at FROM database_move")) {
                return row.next()
                        ? Optional.of(new DatabaseMove(
                                row.getString(1),
                                State.valueOf(row.getString(2)),
                                row.getString(3),
                                row.getString(4),
                                Instant.ofEpochMilli(row.getLong(5))))
                        : Optional.empty();
            }
        }
    }

    /** Puts it in the place of what is there. */
    public void write(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO database_move (only_one, installation, state, digest, other, at) VALUES (1, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (only_one) DO UPDATE SET installation = excluded.installation,"
                        + " state = excluded.state, digest = excluded.digest, other = excluded.other, at = excluded.at")) {
            statement.setString(1, installation);
            statement.setString(2, state.name());
            statement.setString(3, digest);
            statement.setString(4, other);
            statement.setLong(5, at.toEpochMilli());
            statement.executeUpdate();
        }
    }

    public DatabaseMove in(State next, Instant now) {
        return new DatabaseMove(installation, next, digest, other, now);
    }

    /** Why no server may use the database; empty where one may. */
    Optional<String> refusal(String name) {
        return switch (state) {
            case ARRIVED -> Optional.empty();
            case ARRIVING ->
                Optional.of("The database " + name + " does not have all of the installation " + installation
                        + " yet, which is being copied to it from " + other + ". Let './keyturn migrate' finish, or run"
                        + " the same command again.");
            case LEAVING ->
                Optional.of(
                        "The database " + name + " is being copied to " + other + ". Let './keyturn migrate' finish,"
                                + " or run the same command again; docs/migrate.md says how to stay here instead.");
            case LEFT ->
                Optional.of("The database " + name + " was left on " + at + ": the installation " + installation
                        + " is in " + other
                        + " now. Start the server there; docs/migrate.md says how to go on with this"
                        + " one instead.");
        };
    }
}
