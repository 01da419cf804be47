package dev.keyturn.store.migrate;

import dev.keyturn.store.engine.BareDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** What a database says of its installation. */
final class Settings {
    private Settings() {}

    static Optional<String> find(BareDatabase database, String name) throws SQLException {
        try (PreparedStatement statement =
                database.connection().prepareStatement("SELECT value FROM setting WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }
}
