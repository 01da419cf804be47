package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.SqlStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kill leaves is a copy of the files as they are. */
class KilledSumsTest {
    private static final int PAGE = DatabaseSums.PAGE;
    private final Settings settings = SqlStores.create().settings();

    @TempDir
    private Path temp = Path.of("");

    private Path data = temp;

    @BeforeEach
    void empty() throws IOException {
        data = Files.createDirectory(temp.resolve("data"));
    }

    @Test
    void everyFlipInTheFile_afterAKill_isFound_orTheLogHasThePage() throws IOException {
        Path killed = killed(true);
        byte[] sound = Files.readAllBytes(killed.resolve("keyturn.db"));
        assertThat(sound.length / PAGE).isGreaterThan(100);
        assertThat(problem(killed)).isEmpty();
        Random random = new Random(17);
        int found = 0;
        List<Path> harmless = new ArrayList<>();
        for (int round = 0; round < 300; round++) {
            byte[] damaged = sound.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(killed.resolve("keyturn.db"), damaged);
            if (problem(killed).isPresent()) {
                found++;
            } else {
                harmless.add(copy(killed, "harmless" + round));
            }
        }
        assertThat(found).isGreaterThan(270);
        Files.write(killed.resolve("keyturn.db"), sound);
        String content = content(killed);
        for (Path one : harmless.stream().limit(5).toList()) {
            assertThat(content(one)).isEqualTo(content);
        }
    }

    @Test
    void everyFlipInTheLog_afterAKill_isFound_whereItCostsACommit() throws IOException {
        Path killed = killed(false);
        Path log = killed.resolve("keyturn.db-wal");
        byte[] sound = Files.readAllBytes(log);
        assertThat(problem(killed)).isEmpty();
        Random random = new Random(19);
        for (int round = 0; round < 60; round++) {
            byte[] damaged = sound.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(log, damaged);
            assertThat(problem(killed))
                    .as("round %d", round)
                    .hasValueSatisfying(p -> assertThat(p).contains("-wal"));
        }
        Files.write(log, java.util.Arrays.copyOf(sound, sound.length - 10));
        assertThat(problem(killed)).isPresent();
    }

    /** Between any two of its writes a server may be killed; none of what it leaves is taken for damage. */
    @Test
    void noKill_whereverItFalls_isTakenForDamage() throws IOException {
        Random random = new Random(23);
        for (int start = 1; start <= 3; start++) {
            Optional<DatabaseSums> now =
                    start == 1 ? Optional.empty() : Optional.of(look(data).now());
            SqliteDatabase database = SqliteDatabase.open(data, VitalThreads.halting(), now, _ -> {});
            assertThat(problem(copy("opened" + start))).isEmpty();
            database.keepSums(start);
            for (int i = 0; i < 40; i++) {
                int size = random.nextInt(300);
                database.run(tx -> {
                    for (int k = 0; k < size; k++) {
                        settings.put(tx, "name-" + random.nextInt(1_000), "v".repeat(random.nextInt(3_000)));
                    }
                });
                assertThat(problem(copy("s" + start + "-" + i)))
                        .as("start %d, write %d", start, i)
                        .isEmpty();
            }
            if (start == 2) { // a kill: what is there goes on
                data = copy("goes-on");
            }
            database.close();
            assertThat(problem(data)).isEmpty();
        }
    }

    @Test
    void sumsThatCannotBeKept_areGivenUp_andTheDatabaseGoesOn() throws IOException {
        try (SqliteDatabase database = SqliteDatabase.open(data, VitalThreads.halting(), Optional.empty(), _ -> {})) {
            Files.createDirectories(data.resolve("keyturn.db-sums-log/x"));
            database.keepSums(1);
            Files.delete(data.resolve("keyturn.db-sums-log/x"));
            fill(database, 0, 40);
            assertThat(data.resolve("keyturn.db-sums")).doesNotExist();
            assertThat(data.resolve("keyturn.db-sums-log")).doesNotExist();
        }
        assertThat(DatabaseFiles.hasLog(data)).isFalse();
    }

    @Test
    void damageWhileAServerRuns_isNotTakenForSoundAtItsEnd() throws IOException {
        SqliteDatabase database = SqliteDatabase.open(data, VitalThreads.halting(), Optional.empty(), _ -> {});
        database.keepSums(1);
        fill(database, 0, 60);
        database.close();
        DatabaseSums kept = database.sums().orElseThrow();
        assertThat(kept.difference(DatabaseSums.of(data).orElseThrow(), data)).isEmpty();
        byte[] damaged = Files.readAllBytes(data.resolve("keyturn.db"));
        damaged[damaged.length / 2] ^= 1;
        Files.write(data.resolve("keyturn.db"), damaged);

        assertThat(kept.difference(DatabaseSums.of(data).orElseThrow(), data)).isPresent();
    }

    @Test
    void aKillWhileSumsAreBegunAnew_isNotTakenForDamage() throws IOException {
        Path killed = killed(true);
        DatabaseSums now = look(killed).now();
        Files.createDirectories(killed.resolve(".keyturn.db-sums.new/x")); // it gets no further than here

        assertThatThrownBy(() -> PageSums.begin(killed, now, 2)).isInstanceOf(IOException.class);

        assertThat(problem(killed)).isEmpty();
    }

    @Test
    void aKillAfterAnotherProgramFoldedTheLog_isNotTakenForDamage() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(data, VitalThreads.halting(), Optional.empty(), _ -> {})) {
            database.keepSums(1);
            fill(database, 0, 40);
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("keyturn.db"));
                    Statement statement = other.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(RESTART)");
            }
            fill(database, 40, 41); // begins the log anew
            assertThat(problem(copy("killed"))).isEmpty();
        }
    }

    @Test
    void aKillWhileSumsAreGivenUp_isNotTakenForDamage() throws IOException {
        Path killed = killed(true);
        Path added = killed.resolve("keyturn.db-sums-log");
        Files.delete(added);
        Files.createDirectories(added.resolve("x")); // cannot be removed

        assertThatThrownBy(() -> PageSums.forget(killed)).isInstanceOf(IOException.class);

        assertThat(killed.resolve("keyturn.db-sums")).doesNotExist();
    }

    /** A log that is made anew has salts at random, so the end of the one before says nothing of it. */
    @Test
    void aKillAtAStartAfterAKillAtAStop_isNotTakenForDamage() throws IOException {
        SqliteDatabase first = SqliteDatabase.open(data, VitalThreads.halting(), Optional.empty(), _ -> {});
        first.keepSums(1);
        fill(first, 0, 3);
        first.close(); // all is in the file, the log is gone, and nobody wrote down that it is
        for (int i = 0; i < 12; i++) {
            Path directory = copy("start" + i);
            Optional<DatabaseSums> now = Optional.of(look(directory).now());
            try (SqliteDatabase next = SqliteDatabase.open(directory, VitalThreads.halting(), now, _ -> {})) {
                next.run(tx -> settings.put(tx, "name-1", "new"));
                assertThat(problem(copy(directory, "killed" + i))).isEmpty();
            }
        }
    }

    /** Long enough that the log was folded, and more. */
    private Path killed(boolean folded) throws IOException {
        try (SqliteDatabase database = SqliteDatabase.open(data, VitalThreads.halting(), Optional.empty(), _ -> {})) {
            database.keepSums(1);
            fill(database, 0, 3);
            for (int i = 3; folded && i < 200 && Files.size(data.resolve("keyturn.db-sums-log")) < 100; i++) {
                fill(database, i, i + 1);
            }
            for (int i = 0; i < 5; i++) {
                String value = "later " + i;
                database.run(tx -> settings.put(tx, "name-1", value));
            }
            return copy("killed");
        }
    }

    private void fill(SqliteDatabase database, int from, int to) {
        for (int i = from; i < to; i++) {
            int round = i;
            database.run(tx -> {
                for (int k = 0; k < 100; k++) {
                    settings.put(tx, "name-" + (round * 37 + k) % 900, ("value " + round + " ").repeat(250));
                }
            });
        }
    }

    private static LeftSums look(Path directory) throws IOException {
        return LeftSums.look(directory, 9, false);
    }

    private static Optional<String> problem(Path directory) throws IOException {
        return look(directory).problem();
    }

    private static String content(Path directory) {
        try (SqliteDatabase database = SqliteDatabase.open(directory)) {
            return database.read(tx -> SqlTx.of(tx)
                    .list("SELECT name || value FROM setting ORDER BY name", Row::text)
                    .toString());
        }
    }

    private Path copy(String name) throws IOException {
        return copy(data, name);
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = Files.createDirectory(temp.resolve(name));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
