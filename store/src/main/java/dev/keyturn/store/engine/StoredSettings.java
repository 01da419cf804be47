package dev.keyturn.store.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The settings of a database that may not have its tables yet. Not thread-safe. */
record StoredSettings(Connection connection) {
    private static final String TABLE = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ?";
    private static final String VALUE = "SELECT value FROM setting WHERE name = ?";

    /** @throws CannotOpenDatabaseException where it cannot be read */
    Optional<String> find(String name) {
        try {
            return one(TABLE, "setting").isEmpty() ? Optional.empty() : one(VALUE, name);
        } catch (SQLException e) {
            throw new CannotOpenDatabaseException(
                    "The database's settings cannot be read: "
                            + SqliteFailures.INSTANCE.meaning(e).orElse(String.valueOf(e.getMessage())),
                    e);
        }
    }

    private Optional<String> one(String query, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, argument);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
            }
        }
    }
}
