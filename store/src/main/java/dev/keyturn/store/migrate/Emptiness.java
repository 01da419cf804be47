package dev.keyturn.store.migrate;

import dev.keyturn.store.engine.BareDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether a database has nothing of an installation yet. */
final class Emptiness {
    private Emptiness() {}

    /** The tables with rows that nobody could miss who made the schema a moment ago. */
    static List<String> filled(BareDatabase database) throws SQLException {
        List<String> filled = new ArrayList<>();
        Map<String, TableShape> tables = Catalogue.of(database);
        boolean ours = tables.containsKey("flyway_schema_history");
        for (String table : tables.keySet()) {
            if (!ours || (!LeftOut.TABLES.containsKey(table) && hasRows(database, table))) {
                filled.add(table);
            }
        }
        return filled;
    }

    /** Takes away what the migrations put into tables: the same rows come from the other database, as they are there. */
    static void clearBegun(BareDatabase database) throws SQLException {
        try (Statement statement = database.connection().createStatement()) {
            for (String table : LeftOut.BEGUN_AT_ONE) {
                statement.executeUpdate("DELETE FROM " + TableShape.quoted(table));
            }
        }
    }

    private static boolean hasRows(BareDatabase database, String table) throws SQLException {
        String some = "SELECT 1 FROM " + TableShape.quoted(table)
                + (LeftOut.BEGUN_AT_ONE.contains(table) ? " WHERE next <> 1" : "") + " LIMIT 1";
        try (Statement statement = database.connection().createStatement();
                ResultSet rows = statement.executeQuery(some)) {
            return rows.next();
        }
    }
}
