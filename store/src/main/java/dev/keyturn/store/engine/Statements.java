package dev.keyturn.store.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prepared statements of one connection, kept for the next use: preparing costs SQLite more than most statements take.
 * Not thread-safe, as its connection.
 */
final class Statements {
    private static final int KEPT = 300;
    private final Connection connection;
    private final Map<String, PreparedStatement> kept = new LinkedHashMap<>(KEPT, 0.75f, true);

    Statements(Connection connection) {
        this.connection = connection;
    }

    PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement known = kept.get(sql);
        if (known != null) {
            return known;
        }
        if (kept.size() >= KEPT) {
            var eldest = kept.entrySet().iterator();
            eldest.next().getValue().close();
            eldest.remove();
        }
        PreparedStatement fresh = connection.prepareStatement(sql);
        kept.put(sql, fresh);
        return fresh;
    }

    void execute(String sql) throws SQLException {
        prepared(sql).execute();
    }
}
