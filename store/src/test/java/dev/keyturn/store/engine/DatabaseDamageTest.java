package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.SqlStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseDamageTest {
    private static final int PAGE = 4096;
    private final Settings settings = SqlStores.create().settings();

    @TempDir
    private Path directory = Path.of("");

    private byte[] sound = {};

    @BeforeEach
    void aDatabaseWithContent() throws IOException {
        try (SqliteDatabase database = SqliteDatabase.open(directory)) {
            database.run(tx -> {
                for (int i = 0; i < 300; i++) {
                    settings.put(tx, "name-" + i, "value ".repeat(i % 7 == 0 ? 2_000 : 20));
                }
            });
        }
        sound = Files.readAllBytes(file());
    }

    @Test
    void open_withAnyPageGarbled_isRefusedInOneLine() throws IOException {
        Random random = new Random(7);
        int pages = sound.length / PAGE;
        for (int round = 0; round < 40; round++) {
            byte[] damaged = sound.clone();
            byte[] garbage = new byte[PAGE];
            random.nextBytes(garbage);
            int page = random.nextInt(pages);
            System.arraycopy(garbage, 0, damaged, page * PAGE, PAGE);
            put(damaged);

            assertThatThrownBy(() -> SqliteDatabase.open(directory))
                    .as("page %d of %d", page + 1, pages)
                    .isInstanceOf(CannotOpenDatabaseException.class)
                    .hasMessageContaining("damaged")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void open_cutShort_isRefused() throws IOException {
        put(Arrays.copyOf(sound, sound.length / 2 / PAGE * PAGE));

        assertThatThrownBy(() -> SqliteDatabase.open(directory))
                .isInstanceOf(CannotOpenDatabaseException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void open_withARowThatRefersToNone_isRefusedNamingTheTable() throws SQLException {
        orphan();

        assertThatThrownBy(() -> SqliteDatabase.open(directory))
                .isInstanceOf(CannotOpenDatabaseException.class)
                .hasMessageContaining("table 'client_secret'");
    }

    @Test
    void damageFoundWhileItIsInUse_endsTheWritesNamingIt_readsGoOn() throws Exception {
        orphan();
        try (SqliteDatabase database =
                SqliteDatabase.open(directory, VitalThreads.halting(), Duration.ofSeconds(30), 0)) {
            database.awaitCheck();

            assertThatThrownBy(() -> database.run(tx -> settings.put(tx, "a", "b")))
                    .isInstanceOf(DomainException.class)
                    .hasMessageContaining("table 'client_secret'");
            assertThat(database.<Boolean>read(tx -> settings.find(tx, "name-1").isPresent()))
                    .isTrue();
        }
    }

    @Test
    void aSoundLargeDatabase_takesWritesWhileAndAfterItIsChecked() throws Exception {
        try (SqliteDatabase database =
                SqliteDatabase.open(directory, VitalThreads.halting(), Duration.ofSeconds(30), 0)) {
            database.run(tx -> settings.put(tx, "a", "b"));
            database.awaitCheck();
            database.run(tx -> settings.put(tx, "a", "c"));
        }
        assertThat(DatabaseFiles.hasLog(directory)).isFalse();
    }

    @Test
    void sums_findEveryChangedByte_namingItsPage() throws IOException {
        DatabaseSums then = DatabaseSums.of(directory).orElseThrow();
        assertThat(then.difference(DatabaseSums.of(directory).orElseThrow(), directory))
                .isEmpty();
        Random random = new Random(11);
        for (int round = 0; round < 40; round++) {
            byte[] damaged = sound.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            put(damaged);

            assertThat(then.difference(DatabaseSums.of(directory).orElseThrow(), directory))
                    .hasValueSatisfying(s -> assertThat(s)
                            .startsWith("1 page of keyturn.db changed since the server stopped (" + (at / PAGE + 1)));
        }
        put(Arrays.copyOf(sound, sound.length - PAGE));
        assertThat(then.difference(DatabaseSums.of(directory).orElseThrow(), directory))
                .isPresent();
    }

    @Test
    void sums_nameTheTableThatAPageIsOf() throws Exception {
        DatabaseSums then = DatabaseSums.of(directory).orElseThrow();
        byte[] damaged = sound.clone();
        int at = new String(sound, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("value value");
        damaged[at] = 'w';
        put(damaged);

        assertThat(then.difference(DatabaseSums.of(directory).orElseThrow(), directory)
                        .orElseThrow())
                .contains("; of setting");
    }

    @Test
    void sums_areReadBackWithTheirMarkAlone() throws IOException {
        DatabaseSums sums = DatabaseSums.of(directory).orElseThrow();
        byte[] stored = sums.bytes(42);

        assertThat(DatabaseSums.parse(stored, 42))
                .hasValueSatisfying(
                        s -> assertThat(s.difference(sums, directory)).isEmpty());
        assertThat(DatabaseSums.parse(stored, 41)).isEmpty();
        stored[30] ^= 1;
        assertThat(DatabaseSums.parse(stored, 42)).isEmpty();
        assertThat(DatabaseSums.parse(new byte[3], 42)).isEmpty();
    }

    @Test
    void close_thatKeepsTheLog_leavesItForTheNextOpening() throws IOException {
        SqliteDatabase database = SqliteDatabase.open(directory);
        database.run(tx -> settings.put(tx, "a", "b"));
        database.keepLog();
        database.close();
        assertThat(DatabaseFiles.hasLog(directory)).isTrue();
        assertThat(DatabaseFiles.setting(directory, "a")).isEmpty();
        assertThat(DatabaseFiles.setting(directory, "name-1")).isPresent();

        try (SqliteDatabase again = SqliteDatabase.open(directory)) {
            assertThat(again.<Boolean>read(tx -> settings.find(tx, "a").isPresent()))
                    .isTrue();
        }
    }

    private void orphan() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO client_secret (key_id, principal_id, hash, hint, display_name, created_at)"
                    + " VALUES ('k', 'nobody', x'00', 'h', 'd', 1)");
        }
    }

    private void put(byte[] content) throws IOException {
        for (String name : DatabaseFiles.NAMES) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.write(file(), content);
    }

    private Path file() {
        return directory.resolve(SqliteFile.NAME);
    }
}
