package dev.keyturn.store.migrate;

import dev.keyturn.store.engine.BareDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables that a database says it has. */
final class Catalogue {
    private static final String HERE =
            " c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())";

    private record Questions(String columns, String keys, String references) {}

    private static final Questions POSTGRESQL = new Questions(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c"
                    + " JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0"
                    + " AND NOT a.attisdropped AND" + HERE,
            "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                    + " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)"
                    + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number"
                    + " WHERE i.indisprimary AND" + HERE + " ORDER BY c.relname, k.place",
            "SELECT c.relname, r.relname FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid"
                    + " JOIN pg_class r ON r.oid = f.confrelid WHERE f.contype = 'f' AND" + HERE);

    private static final String EMBEDDED_TABLES = " FROM sqlite_schema t JOIN ";
    private static final String EMBEDDED_ONLY = " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    private static final Questions EMBEDDED = new Questions(
            "SELECT t.name, c.name, c.type" + EMBEDDED_TABLES + "pragma_table_info(t.name) c" + EMBEDDED_ONLY,
            "SELECT t.name, c.name" + EMBEDDED_TABLES + "pragma_table_info(t.name) c" + EMBEDDED_ONLY
                    + " AND c.pk > 0 ORDER BY t.name, c.pk",
            "SELECT t.name, f.\"table\"" + EMBEDDED_TABLES + "pragma_foreign_key_list(t.name) f" + EMBEDDED_ONLY);

    private Catalogue() {}

    /** All tables, by their names. */
    static Map<String, TableShape> of(BareDatabase database) throws SQLException {
        Questions ask = switch (database.kind()) {
            case EMBEDDED -> EMBEDDED;
            case POSTGRESQL -> POSTGRESQL;
        };
        Connection connection = database.connection();
        Map<String, TreeMap<String, Optional<ColumnType>>> columns = new TreeMap<>();
        Map<String, List<String>> keys = new TreeMap<>();
        Map<String, Set<String>> references = new TreeMap<>();
        each(
                connection,
                ask.columns(),
                row -> columns.computeIfAbsent(name(row, 1), _ -> new TreeMap<>())
                        .put(name(row, 2), ColumnType.named(row.getString(3))));
        each(
                connection,
                ask.keys(),
                row -> keys.computeIfAbsent(name(row, 1), _ -> new ArrayList<>())
                        .add(name(row, 2)));
        each(
                connection,
                ask.references(),
                row -> references
                        .computeIfAbsent(name(row, 1), _ -> new TreeSet<>())
                        .add(name(row, 2)));
        Map<String, TableShape> tables = new TreeMap<>();
        columns.forEach((table, types) -> tables.put(
                table,
                new TableShape(
                        table, types, keys.getOrDefault(table, List.of()), references.getOrDefault(table, Set.of()))));
        return tables;
    }

    private static String name(ResultSet row, int column) throws SQLException {
        return row.getString(column).toLowerCase(Locale.ROOT);
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String question, RowReader reader) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }
}
