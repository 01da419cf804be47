package dev.keyturn.server;

import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.server.data.InstallationFile;
import dev.keyturn.server.data.PrivateFiles;
import dev.keyturn.server.database.Migration;
import dev.keyturn.store.OldDatabase;
import dev.keyturn.store.TestPostgres;
import dev.keyturn.store.engine.DatabaseSums;
import dev.keyturn.store.engine.LeftSums;
import dev.keyturn.store.engine.PostgresAddress;
import dev.keyturn.store.engine.PostgresDatabase;
import dev.keyturn.store.migrate.CopyException;
import dev.keyturn.store.migrate.Progress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A directory with an installation in it, an empty PostgreSQL database, and the ways between them. */
final class MovingTrip {
    /** Rows for the tables that the old database has none in. They refer to what it has, and no server is started on them. */
    private static final List<String> MORE = List.of(
            "INSERT INTO resource (arm_key, display, type, location, tags, document, state, revision, created_at, changed_at)"
                    + " VALUES ('/img', '/Img', 'Microsoft.Compute/images', 'l', '{\"a\":\"Ünï 漢 😀\"}', '', 'SUCCEEDED', 1,"
                    + " -9223372036854775808, 9223372036854775807)",
            "INSERT INTO image SELECT id, 'a.raw', 'RAW', 'LINUX', 4 FROM resource WHERE arm_key = '/img'",
            "INSERT INTO authorization_code SELECT 'h', id, 'c', 'a', 's', 'r', 'ch', NULL, 1, 2, NULL FROM person",
            "INSERT INTO client_certificate SELECT 'k', id, x'00ff00', 'd', 1 FROM principal LIMIT 1",
            "INSERT INTO client_sign_in SELECT 'i', id, 'c', 't', NULL, NULL, 1, 2, 'addr', 3 FROM person",
            "INSERT INTO condemned_image VALUES (900, 2, 'simulated', NULL, 'd')",
            "INSERT INTO device_code SELECT 'h', 'u', 'c', 'a', 's', 'addr', 1, 2, 'WAITING', NULL, NULL",
            "INSERT INTO key_loss SELECT id, 5 FROM disk_set",
            "INSERT INTO operation_try SELECT id, 't', 7 FROM operation LIMIT 1",
            "INSERT INTO passkey_challenge VALUES ('p', 1)",
            "INSERT INTO person_group VALUES ('g', 'g', 'G', '', 1, 'me')",
            "INSERT INTO person_group_member SELECT 'g', id, 1, 'me' FROM person",
            "INSERT INTO person_outside SELECT 'iss', 'sub', id, 'n', 1 FROM person",
            "INSERT INTO person_passkey SELECT 'pk', id, 'n', x'', 1, 0, 0, 1, NULL, '' FROM person",
            "INSERT INTO person_session (hash, person, how, created_at, seen_at, address)"
                    + " SELECT 'h', id, 'how', 1, 1, 'addr' FROM person",
            "INSERT INTO simhost_fault VALUES ('f', 'k', NULL, NULL, NULL, NULL, 1, NULL)",
            "INSERT INTO node VALUES ('a', 'i', 'h:1', 38, 5)",
            "INSERT INTO host VALUES ('h', 'a', 'i', 'h:1', 5, 5000, 'libvirt', 'l', 1, 1, NULL, 0, 1000)",
            "INSERT INTO vm_crash SELECT id, 5, 'r' FROM vm",
            "INSERT INTO stopped_for_key VALUES ('v', 'v', 'u', 's', 1, NULL, NULL)",
            "INSERT INTO verification (set_id, answered, id, requested_by, started_at, ended_at, active_key)"
                    + " SELECT id, 1, 'v', 'me', 1, 2, 'k' FROM disk_set",
            // more than two batches
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
                    + " INSERT INTO audit (node, sequence, at, door, caller, caller_name, action, scope, outcome, correlation,"
                    + " hash) SELECT 'other', i, i, 'd', 'c', 'n', 'a', 's', 'o', 'c', 'h' FROM n");

    final Path data;
    final PostgresAddress address;
    private final String url;
    Progress progress = (_, _, _) -> {};

    /** To a database that has the schema and nothing else, which is sooner made. */
    MovingTrip(Path data) {
        this(data, TestPostgres.newDatabase(SimulatedTables.MIGRATIONS));
    }

    /** To a database without a table. */
    static MovingTrip toNothing(Path data) {
        return new MovingTrip(data, TestPostgres.emptyDatabase());
    }

    private MovingTrip(Path data, String url) {
        this.data = data;
        this.url = url;
        URI uri = URI.create(url.substring("jdbc:".length()));
        address = new PostgresAddress(
                "postgres",
                uri.getHost(),
                uri.getPort(),
                uri.getPath().substring(1),
                PostgresAddress.Tls.DISABLE,
                Optional.empty());
    }

    /** What the old program made, used once by this one and stopped. */
    static void used(Path data) throws Exception {
        Files.createDirectories(data);
        OldDatabase.in(data);
        KeyturnServer.start(config(data)).close();
    }

    static ServerConfig config(Path data) {
        return ServerConfig.in(data).withPort(0).withDrain(Duration.ofSeconds(2));
    }

    /** Rows in every table, as if a server had left them. */
    static void filled(Path data) throws Exception {
        for (String sql : MORE) {
            embedded(data, sql);
        }
        settled(data);
    }

    /** Makes the sums those of what is there: as if no other program had changed it. */
    static void settled(Path data) throws Exception {
        long mark = InstallationFile.read(data).orElseThrow().mark();
        PrivateFiles.write(
                data.resolve(LeftSums.NAMES.getFirst()),
                DatabaseSums.of(data).orElseThrow().bytes(mark));
    }

    static void copied(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    Migration.Outcome there() throws StartupException, CopyException {
        return migration(data).toServer();
    }

    Migration.Outcome back(Path to) throws StartupException, CopyException {
        return migration(to).toDirectory();
    }

    private Migration migration(Path directory) {
        return new Migration(directory, address, Optional.empty(), Clock.systemUTC(), progress);
    }

    /** As a node does it. */
    PostgresDatabase open() {
        return PostgresDatabase.open(
                address.toString(),
                address.source(Optional.empty()),
                VitalThreads.halting(),
                SimulatedTables.MIGRATIONS);
    }

    /** A node that the list of sessions does not show as one. */
    PostgresDatabase unseen() {
        return PostgresDatabase.open(
                address.toString(), TestPostgres.source(url), VitalThreads.halting(), SimulatedTables.MIGRATIONS);
    }

    /** The same address, with an empty database at it. */
    MovingTrip emptied() throws SQLException {
        server("DROP SCHEMA public CASCADE");
        server("CREATE SCHEMA public");
        return this;
    }

    MovingTrip withAnotherCollation() throws SQLException {
        server("CREATE DATABASE " + address.database()
                + "_words TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8'" + " LC_CTYPE 'C.UTF-8'");
        return new MovingTrip(data, url.replace("?", "_words?"));
    }

    /** The first column of each row. */
    List<String> server(String sql) throws SQLException {
        return ask(url, sql);
    }

    static List<String> embedded(Path directory, String sql) throws SQLException {
        return ask("jdbc:sqlite:" + directory.resolve("keyturn.db"), sql);
    }

    private static List<String> ask(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            List<String> column = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        column.add(String.valueOf(rows.getString(1)));
                    }
                }
            }
            return column;
        }
    }
}
