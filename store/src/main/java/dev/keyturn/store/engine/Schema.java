package dev.keyturn.store.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The versions of the schema: the store's migrations, in {@code db/migration}, and those that modules bring. Flyway
 * brings a database up to date. A database that needs nothing is recognised from its history, which saves Flyway's own
 * start-up at every start. Numbers only grow, but need not be without gaps. What databases name differently is a placeholder in the migrations, so that there is one set of them.
 */
final class Schema {
    /** The store's own, in order. */
    static final Migrations STORE = new Migrations(
            "db/migration",
            List.of(
                    "V1__keyturn.sql",
                    "V3__client_certificates.sql",
                    "V4__disk_source.sql",
                    "V5__vm_hardware.sql",
                    "V6__image.sql",
                    "V7__set_identities.sql",
                    "V9__order_without_clocks.sql",
                    "V10__key_loss.sql",
                    "V11__fences.sql",
                    "V12__condemned_image.sql",
                    "V16__canceled.sql",
                    "V17__audit.sql",
                    "V18__artifact_owner.sql",
                    "V20__operation_correlation.sql",
                    "V21__people.sql",
                    "V22__vm_lists.sql",
                    "V24__passkeys.sql",
                    "V25__person_groups.sql",
                    "V26__clients_of_people.sql"));

    /** Beside what the database has: a migration may copy a table of any size. */
    private static final long SPACE = 8L << 20;

    static final Map<String, String> SQLITE = Map.of(
            "identity", "INTEGER PRIMARY KEY", "number", "INTEGER PRIMARY KEY", "bytes", "BLOB", "position", "instr");

    private final List<Migrations> all;

    /** {@code modules} bring theirs beside the store's. */
    Schema(List<Migrations> modules) {
        all = Stream.concat(Stream.of(STORE), modules.stream()).toList();
    }

    /**
     * Whether there was anything to do.
     *
     * @throws NewerSchemaException where a newer program wrote it
     * @throws CannotOpenDatabaseException where it has migrations of a module that brought none, or a migration fails
     */
    boolean bringUpToDate(SqliteFile file) throws IOException, SQLException {
        DataSource source = file.dataSource();
        Map<Long, Long> found = history(source);
        Map<Long, Long> known = known();
        long newest = found.keySet().stream().mapToLong(v -> v).max().orElse(0);
        long last = known.keySet().stream().mapToLong(v -> v).max().orElse(0);
        List<Long> unknown =
                found.keySet().stream().filter(v -> !known.containsKey(v)).toList();
        if (!unknown.isEmpty() && unknown.getFirst() < last) {
            throw new CannotOpenDatabaseException("Cannot open the database " + file.path()
                    + ": it has tables of a module that this program does not have, or does not open it with (versions "
                    + String.join(", ", unknown.stream().map(String::valueOf).toList()) + " of its schema).");
        }
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
        long needed = SPACE + Files.size(file.path());
        if (free < needed) {
            throw new CannotOpenDatabaseException("Cannot bring the database " + file.path() + " up to date: no space: "
                    + free / 1024 + " KiB are left on its disk, and " + needed / 1024 + " KiB are needed.");
        }
    }

    private void migrate(SqliteFile file, DataSource source) {
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(source)
                    .locations(new String[0])
                    .resourceProvider(new ListedMigrations(all))
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

    private Map<Long, Long> known() {
        Map<Long, Long> known = new TreeMap<>();
        for (Migrations module : all) {
            for (String name : module.names()) {
                if (known.put(Migrations.version(name), (long) module.checksum(name)) != null) {
                    throw new IllegalStateException("two migrations have the number of " + name);
                }
            }
        }
        return known;
    }
}
