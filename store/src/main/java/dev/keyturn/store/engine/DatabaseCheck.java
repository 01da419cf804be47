package dev.keyturn.store.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for damage: SQLite's check of its own structures, and rows that refer to what is not there. What is found is
 * named by table or index. A changed byte inside of a value is found only where an index has the value too; the sums
 * that an orderly stop leaves ({@link DatabaseSums}) find every one.
 */
final class DatabaseCheck {
    private static final int NAMED = 5;
    private static final Pattern TREE = Pattern.compile("\\b[Tt]ree (\\d+)\\b");

    private final Connection connection;
    private volatile @Nullable Statement running;
    private volatile boolean stopped;

    DatabaseCheck(Connection connection) {
        this.connection = connection;
    }

    /**
     * What is wrong, a few of what there is; empty where nothing is.
     *
     * @param thorough whether every index is compared with its table too, which costs a search for each entry
     */
    List<String> problems(boolean thorough) throws SQLException {
        try {
            Set<String> found = new LinkedHashSet<>();
            for (String line :
                    column("PRAGMA " + (thorough ? "integrity_check" : "quick_check") + "(" + NAMED + ")", 1)) {
                if (!line.equals("ok")) {
                    line.lines().map(this::named).forEach(found::add);
                }
            }
            for (String table : new LinkedHashSet<>(column("PRAGMA foreign_key_check", 1))) {
                found.add("table '" + table + "' has rows that refer to rows that are not there");
            }
            return found.stream()
                    .filter(l -> !l.startsWith("*** in database"))
                    .limit(NAMED)
                    .toList();
        } catch (SQLException e) {
            if (SqliteFailures.isDamage(e)) {
                return List.of("it cannot be read to its end");
            }
            throw e;
        }
    }

    /** Ends a check that another thread runs; it fails then. */
    void stop() throws SQLException {
        stopped = true;
        Statement now = running;
        if (now != null) {
            now.cancel();
        }
    }

    boolean stopped() {
        return stopped;
    }

    /** SQLite names a tree by its root page; people know it by its table or index. */
    private String named(String line) {
        Matcher tree = TREE.matcher(line);
        if (!tree.find()) {
            return line;
        }
        try {
            List<String> owner = column(
                    "SELECT type || ' ''' || name || '''' FROM sqlite_schema WHERE rootpage = " + tree.group(1), 1);
            return owner.isEmpty() ? line : owner.getFirst() + ": " + line;
        } catch (SQLException e) {
            return line;
        }
    }

    private List<String> column(String sql, int at) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            running = statement;
            if (stopped) {
                throw new SQLException("the check was stopped");
            }
            try (ResultSet rows = statement.executeQuery(sql)) {
                List<String> out = new ArrayList<>();
                while (rows.next() && out.size() < 1_000) {
                    out.add(String.valueOf(rows.getString(at)));
                }
                return out;
            }
        } finally {
            running = null;
        }
    }
}
