package dev.keyturn.store.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prepared statements of one connection, kept for the next use: preparing costs SQLite more than most statements take.
 * Not thread-safe, as its connection.
 */
final class Statements {
    private static final int KEPT = 300;
    private static final Pattern WRITE = Pattern.compile(
            "\\s*(?:INSERT(?: OR [A-Z]+)? INTO|UPDATE|DELETE FROM)\\s+([A-Za-z_]+)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final Connection connection;
    private final Map<String, Optional<String>> tables = new HashMap<>();
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

    /** The table that a statement changes, in lower case; empty where it only reads. */
    Optional<String> written(String sql) {
        if (tables.size() > KEPT) {
            tables.clear();
        }
        return tables.computeIfAbsent(sql, Statements::table);
    }

    static Optional<String> table(String sql) {
        Matcher found = WRITE.matcher(sql);
        return found.matches() ? Optional.of(found.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    void execute(String sql) throws SQLException {
        prepared(sql).execute();
    }
}
