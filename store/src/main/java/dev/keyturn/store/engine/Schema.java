package dev.keyturn.store.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The versions of the schema, in {@code db/migration}. Flyway brings a database up to date; one that already is is
 * recognised from its history, which saves Flyway's own start-up at every start. Numbers only grow, but need not be
 * without gaps. What databases name differently is a placeholder in the migrations, so that there is one set of them.
 */
final class Schema {
    /** All migrations, in order. */
    static final List<String> MIGRATIONS = List.of(
            "V1__keyturn.sql",
            "V2__simulated_host.sql",
            "V3__client_certificates.sql",
            "V4__disk_source.sql",
            "V5__vm_hardware.sql",
            "V6__image.sql",
            "V7__set_identities.sql",
            "V9__order_without_clocks.sql",
            "V10__key_loss.sql",
            "V11__fences.sql",
            "V12__condemned_image.sql",
            "V15__simulated_image_size.sql",
            "V16__canceled.sql",
            "V17__audit.sql",
            "V18__artifact_owner.sql");

    private static final long SPACE = 8L << 20;

    static final Map<String, String> SQLITE = Map.of(
            "identity", "INTEGER PRIMARY KEY", "number", "INTEGER PRIMARY KEY", "bytes", "BLOB", "position", "instr");

    private Schema() {}

    /** Whether there was anything to do. */
    static boolean bringUpToDate(SqliteFile file) throws IOException, SQLException {
        DataSource source = file.dataSource();
        Map<Long, Long> found = history(source);
        Map<Long, Long> known = known();
        long newest = found.keySet().stream().mapToLong(v -> v).max().orElse(0);
        long last = version(MIGRATIONS.getLast());
        if (newest > last) {
            throw new NewerSchemaException(file.path().toString(), newest, last);
        }
        boolean behind = !found.equals(known);
        if (behind) {
            requireSpace(file);
            migrate(file, source);
        }
        return behind;
    }

    /** A migration that ends half-way is taken back, but it is told at length; so it does not begin without space. */
    private static void requireSpace(SqliteFile file) throws IOException {
        long free = Files.getFileStore(file.path()).getUsableSpace();
        if (free < SPACE) {
            throw new CannotOpenDatabaseException("Cannot bring the database " + file.path() + " up to date: no space: "
                    + free / 1024 + " KiB are left on its disk, and " + SPACE / 1024 + " KiB are needed.");
        }
    }

    private static void migrate(SqliteFile file, DataSource source) {
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .placeholders(SQLITE)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new CannotOpenDatabaseException(
                    "Cannot bring the database " + file.path() + " up to date: " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            Optional<String> meaning = at instanceof SQLException sql ? SqliteFailures.meaning(sql) : Optional.empty();
            if (meaning.isPresent()) {
                return meaning.get();
            }
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }

    /** Version to checksum of what was applied to the database; empty where nothing was. */
    private static Map<Long, Long> history(DataSource source) throws SQLException {
        Map<Long, Long> applied = new TreeMap<>();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet tables = connection.getMetaData().getTables(null, null, "flyway_schema_history", null)) {
                if (!tables.next()) {
                    return applied;
                }
            }
            try (ResultSet rows = statement.executeQuery(
                    "SELECT version, checksum FROM flyway_schema_history WHERE version IS NOT NULL AND success = 1")) {
                while (rows.next()) {
                    applied.put(number(rows.getString(1)), rows.getLong(2));
                }
            }
        }
        return applied;
    }

    private static long number(String version) throws SQLException {
        try {
            return Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw new SQLException("its history of migrations has a version '" + version + "'", e);
        }
    }

    private static Map<Long, Long> known() {
        Map<Long, Long> known = new TreeMap<>();
        MIGRATIONS.forEach(name -> known.put(version(name), (long) checksum(name)));
        return known;
    }

    /** The number in a migration's name. */
    static long version(String name) {
        return Long.parseLong(name, 1, name.indexOf("__"), 10);
    }

    /** Flyway's checksum of a migration: CRC-32 over its lines without their ends. */
    private static int checksum(String name) {
        CRC32 crc = new CRC32();
        try (InputStream in = Schema.class.getResourceAsStream("/db/migration/" + name)) {
            if (in == null) {
                throw new IllegalStateException("migration " + name + " is missing from the program");
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (int) crc.getValue();
    }
}
