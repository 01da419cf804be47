package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.SqlStores;
import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is the embedded database's own: its file, its versions, and what it says when something is in its way. */
final class SqliteDatabaseTest {
    private final Settings settings = SqlStores.create().settings();

    @TempDir
    private Path directory;

    @Test
    void files_areTheOwnersAlone() throws IOException {
        try (SqliteDatabase database = SqliteDatabase.open(directory)) {
            database.run(tx -> settings.put(tx, "a", "b"));
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files)
                        .hasSizeGreaterThanOrEqualTo(2)
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void whoWatches_isToldWhichTablesACommitChanged_beforeItsCallerGoesOn() {
        List<Set<String>> told = new CopyOnWriteArrayList<>();
        try (SqliteDatabase database = SqliteDatabase.open(directory)) {
            database.onCommit(told::add);
            database.run(tx -> settings.put(tx, "a", "b"));
            assertThat(told).containsExactly(Set.of("setting"));
            find(database, "a");
            assertThatThrownBy(() -> database.run(tx -> {
                        settings.put(tx, "a", "c");
                        throw new IllegalStateException("taken back");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(told).hasSize(1);
        }
    }

    @Test
    void tableOfAStatement_isTheOneItChanges() {
        assertThat(Statements.table("\n  INSERT INTO Vm (id) VALUES (?)")).contains("vm");
        assertThat(Statements.table("INSERT OR IGNORE INTO disk_set VALUES (?)"))
                .contains("disk_set");
        assertThat(Statements.table("UPDATE operation\nSET owner = ? RETURNING id"))
                .contains("operation");
        assertThat(Statements.table("DELETE FROM disk WHERE id = ?")).contains("disk");
        assertThat(Statements.table("SELECT 1 FROM vm")).isEmpty();
        assertThat(Statements.table("SAVEPOINT work")).isEmpty();
    }

    @Test
    void aLockHeldByAnotherProgram_isUnavailable_andPasses() throws SQLException {
        try (SqliteDatabase database = SqliteDatabase.open(directory);
                Connection other = raw();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> database.run(tx -> settings.put(tx, "a", "b")))
                    .isInstanceOf(DomainException.class)
                    .hasMessageContaining("locked by another program");
            statement.execute("ROLLBACK");

            database.run(tx -> settings.put(tx, "a", "b"));
            assertThat(find(database, "a")).contains("b");
        }
    }

    @Test
    void close_finishesWhatWasAsked_andRefusesTheRest() throws Exception {
        SqliteDatabase database = SqliteDatabase.open(directory);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = callers.submit(() -> database.run(tx -> {
                busy.countDown();
                GroupCommitTest.await(go);
            }));
            GroupCommitTest.await(busy);
            Future<?> queued = callers.submit(() -> database.run(tx -> settings.put(tx, "queued", "1")));
            GroupCommitTest.waitFor(database, 1);
            Future<?> closing = callers.submit(database::close);
            Eventually.holds("it takes work", Duration.ofSeconds(30), () -> !accepts(database));
            go.countDown();
            first.get();
            queued.get();
            closing.get();
        }

        assertThatThrownBy(() -> database.run(tx -> settings.put(tx, "late", "1")))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("closed");
        database.close();
        try (SqliteDatabase again = SqliteDatabase.open(directory)) {
            assertThat(find(again, "queued")).contains("1");
            assertThat(find(again, "late")).isEmpty();
        }
    }

    @Test
    void open_ofAnUpToDateDatabase_doesNotMigrate() throws Exception {
        SqliteDatabase.open(directory).close();

        assertThat(new Schema(List.of()).bringUpToDate(SqliteFile.in(directory)))
                .isFalse();
    }

    @Test
    void open_ofANewerDatabase_saysSoInOneLine() throws SQLException {
        SqliteDatabase.open(directory).close();
        try (Connection connection = raw();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                    + " checksum, installed_by, execution_time, success)"
                    + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, '', 1, 1)");
        }

        assertThatThrownBy(() -> SqliteDatabase.open(directory))
                .isInstanceOf(NewerSchemaException.class)
                .hasMessageContaining("version 99")
                .hasMessageNotContaining("\n");
    }

    @Test
    void open_ofAChangedMigration_isRefused() throws SQLException {
        SqliteDatabase.open(directory).close();
        try (Connection connection = raw();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'");
        }

        assertThatThrownBy(() -> SqliteDatabase.open(directory))
                .isInstanceOf(CannotOpenDatabaseException.class)
                .hasMessageNotContaining("\n");
    }

    @Test
    void open_ofSomethingElse_saysSoInOneLine() throws IOException {
        Files.writeString(directory.resolve(SqliteFile.NAME), "this is no database, but it is long enough ".repeat(99));

        assertThatThrownBy(() -> SqliteDatabase.open(directory))
                .isInstanceOf(CannotOpenDatabaseException.class)
                .hasMessageContaining("damaged")
                .hasMessageNotContaining("\n");
    }

    @Test
    void open_inADirectoryThatIsNotThere_saysSo() {
        assertThatThrownBy(() -> SqliteDatabase.open(directory.resolve("nowhere")))
                .isInstanceOf(CannotOpenDatabaseException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void migrations_areAllListedInOrder() throws Exception {
        Path first = Path.of(Schema.class
                .getResource("/db/migration/" + Schema.STORE.names().getFirst())
                .toURI());
        try (Stream<Path> files = Files.list(first.getParent())) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Schema.STORE.names());
        }
        assertThat(Schema.STORE.names().stream().map(Migrations::version))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void open_ofAnEarlierDatabase_numbersItsRotationsAndNamesItsKeysWithoutTheirDomain() throws Exception {
        migrateUpTo("6");
        try (Connection connection = raw();
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = OFF");
            for (String row : List.of("'b', 100", "'a', 300", "'c', 200")) {
                statement.execute("INSERT INTO rotation (id, started_at, set_display, set_ref, from_key, to_key, deep,"
                        + " requested_by, after_artifact, total, rewrapped, failed)"
                        + " VALUES (" + row + ", '/s', '/s', 'k', 'k', 0, 'me', 0, 0, 0, 0)");
            }
            statement.execute("INSERT INTO set_key (uuid, wrapped, created_at, set_id, key_url, key_ref)"
                    + " VALUES ('u', x'00', 1, 7, 'k', 'https://kv1.vault.old.example/keys/cmk/abc')");
            statement.execute("INSERT INTO set_key (uuid, wrapped, created_at, set_id, key_url, key_ref)"
                    + " VALUES ('v', x'00', 1, 7, 'k', 'https://short/keys/cmk/abc')");
        }
        assertThat(new Schema(List.of()).bringUpToDate(SqliteFile.in(directory)))
                .isTrue();

        assertThat(column("SELECT id FROM rotation ORDER BY sequence")).containsExactly("b", "c", "a");
        assertThat(column("SELECT key_anywhere FROM set_key ORDER BY uuid"))
                .containsExactly("https://kv1.vault./keys/cmk/abc", "https://short/keys/cmk/abc");
    }

    private void migrateUpTo(String version) throws Exception {
        org.flywaydb.core.Flyway.configure()
                .dataSource(SqliteFile.in(directory).dataSource())
                .locations("classpath:db/migration")
                .placeholders(Schema.SQLITE)
                .target(version)
                .load()
                .migrate();
    }

    private List<String> column(String sql) throws SQLException {
        try (Connection connection = raw();
                Statement statement = connection.createStatement();
                java.sql.ResultSet rows = statement.executeQuery(sql)) {
            List<String> out = new java.util.ArrayList<>();
            while (rows.next()) {
                out.add(rows.getString(1));
            }
            return out;
        }
    }

    private Connection raw() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(SqliteFile.NAME));
    }

    private Optional<String> find(SqliteDatabase database, String name) {
        return database.read((Tx tx) -> settings.find(tx, name));
    }

    private static boolean accepts(SqliteDatabase database) {
        try {
            return database.<Boolean>read(tx -> true);
        } catch (DomainException e) {
            return false;
        }
    }
}
