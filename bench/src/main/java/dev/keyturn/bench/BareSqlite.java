package dev.keyturn.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The yardstick for re-wraps: the same compare-and-set of the same columns under one index, without foreign keys, as one
 * JDBC batch on a connection that has nothing else to do, with the same promise that a commit is on the disk.
 */
final class BareSqlite {
    private BareSqlite() {}

    /** Updates per second, the median over transactions of {@code batch} rows of {@code rows}. */
    static double updatesPerSecond(Path file, int rows, int batch, int rounds) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                statement.execute("PRAGMA cache_size = -32768");
                statement.execute("PRAGMA wal_autocheckpoint = 4000");
                statement.execute(
                        "CREATE TABLE artifact (id INTEGER PRIMARY KEY, kind INTEGER, vm INTEGER, disk INTEGER,"
                                + " des INTEGER, host TEXT, k INTEGER, nonce BLOB, sealed BLOB, chk BLOB, revision INTEGER)");
                statement.execute("CREATE INDEX artifact_under_key ON artifact (k, id, kind, host)");
            }
            connection.setAutoCommit(false);
            fill(connection, rows);
            List<Double> rates = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                Stopwatch watch = Stopwatch.start();
                update(connection, 1 + round * batch, batch);
                connection.commit();
                rates.add(batch / watch.seconds());
            }
            return Report.median(rates);
        }
    }

    private static void fill(Connection connection, int rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO artifact VALUES (?, 1, ?, ?, 1, 'simulated', 1, ?, ?, ?, 1)")) {
            for (int i = 1; i <= rows; i++) {
                insert.setLong(1, i);
                insert.setLong(2, i);
                insert.setLong(3, i);
                insert.setBytes(4, new byte[12]);
                insert.setBytes(5, new byte[48]);
                insert.setBytes(6, new byte[32]);
                insert.executeUpdate();
            }
        }
        connection.commit();
    }

    private static void update(Connection connection, int first, int count) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE artifact SET k = 2, nonce = ?, sealed = ?,"
                + " revision = revision + 1 WHERE id = ? AND revision = ? AND chk = ?")) {
            for (int i = first; i < first + count; i++) {
                update.setBytes(1, new byte[12]);
                update.setBytes(2, new byte[48]);
                update.setLong(3, i);
                update.setLong(4, 1);
                update.setBytes(5, new byte[32]);
                update.addBatch();
            }
            for (int changed : update.executeBatch()) {
                if (changed != 1) {
                    throw new IllegalStateException("an update was lost");
                }
            }
        }
    }
}
