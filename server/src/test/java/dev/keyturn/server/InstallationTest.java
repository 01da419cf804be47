package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.server.data.InstallationFile;
import dev.keyturn.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a data directory belong together. A copy made while a server runs is what a kill leaves. */
class InstallationTest {
    private static final String LISTING = "/subscriptions?api-version=2022-12-01";

    @TempDir
    private Path temp = Path.of("");

    @Test
    void start_withoutItsDatabase_isRefusedAndTouchesNothing() throws Exception {
        Path data = stopped("data");
        String env = Files.readString(data.resolve("client.env"));
        byte[] database = Files.readAllBytes(data.resolve("keyturn.db"));
        Files.delete(data.resolve("keyturn.db"));
        assertThat(refused(data)).contains("is missing", "Put it back", "docs/data-directory.md");
        Files.write(data.resolve("keyturn.db"), new byte[0]);
        assertThat(refused(data)).contains("is empty");

        Files.delete(data.resolve(InstallationFile.NAME));
        assertThat(refused(data)).contains("no first start");
        Files.delete(data.resolve("keyturn.db"));
        assertThat(refused(data)).contains("no first start");

        assertThat(Files.readString(data.resolve("client.env"))).isEqualTo(env);
        assertThat(data.resolve("keyturn.db")).doesNotExist();
        Files.write(data.resolve("keyturn.db"), database);
        answers(data);
        assertThat(Files.readAllLines(data.resolve("client.env")))
                .contains(env.lines()
                        .filter(l -> l.contains("SECRET"))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void start_withTheDatabaseOfAnotherInstallation_isRefused_alsoWithoutTheFileThatSaysSo() throws Exception {
        Path data = stopped("data");
        Path other = stopped("other");
        Files.copy(data.resolve("keyturn.db"), temp.resolve("right.db"));
        replace(other.resolve("keyturn.db"), data.resolve("keyturn.db"));
        assertThat(refused(data)).contains("another installation");

        InstallationFile known = InstallationFile.read(data).orElseThrow();
        Files.delete(data.resolve(InstallationFile.NAME));
        assertThat(refused(data)).contains("master key").contains("not the one");
        assertThat(data.resolve(InstallationFile.NAME)).doesNotExist();

        known.write(data);
        replace(temp.resolve("right.db"), data.resolve("keyturn.db"));
        answers(data);
    }

    @Test
    void start_withAnOlderDatabase_isRefused_untilItIsMeant() throws Exception {
        Path data = stopped("data");
        replace(data.resolve("keyturn.db"), temp.resolve("backup.db"));
        answers(data);
        replace(temp.resolve("backup.db"), data.resolve("keyturn.db"));
        Files.delete(data.resolve("keyturn.db-sums"));
        assertThat(refused(data)).contains("is older").contains("deliberately");

        Files.delete(data.resolve(InstallationFile.NAME));
        answers(data);
        answers(data);
    }

    @Test
    void start_withAnOnlineBackup_madeAsTheDocsSay_goesOn() throws Exception {
        Path data = temp.resolve("data");
        Path restored = Files.createDirectory(temp.resolve("restored"));
        try (RunningServer server = RunningServer.start(config(data))) {
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
            try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("keyturn.db"));
                    Statement statement = database.createStatement()) {
                statement.executeUpdate("backup to '" + restored.resolve("keyturn.db") + "'");
            }
            for (String name : List.of("master.key", "client.env", "ca.key", "ca.pem", "server.key", "server.pem")) {
                Files.copy(data.resolve(name), restored.resolve(name));
            }
        }
        answers(restored);
        answers(restored);
    }

    @Test
    void start_afterAKill_goesOn_butNotWithoutTheLog() throws Exception {
        Path data = temp.resolve("data");
        Path killed;
        try (RunningServer server = RunningServer.start(config(data))) {
            killed = copy(data, "killed");
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
        }
        Path twice = copy(killed, "twice");
        Path log = twice.resolve("keyturn.db-wal");
        byte[] content = Files.readAllBytes(log);
        Files.delete(log);
        assertThat(refused(twice)).contains("keyturn.db-wal is missing");
        Files.write(log, new byte[0]);
        assertThat(refused(twice)).contains("keyturn.db-wal is missing");
        Files.write(log, content);
        answers(twice);
        answers(killed);
        answers(killed);
    }

    @Test
    void start_withoutTheLog_goesOn_whereThatIsMeant() throws Exception {
        Path data = stopped("data");
        Path killed;
        try (RunningServer server = RunningServer.start(config(data))) {
            killed = copy(data, "killed");
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
        }
        Files.delete(killed.resolve("keyturn.db-wal"));
        assertThat(refused(killed)).contains("keyturn.db-wal is missing");

        Files.delete(killed.resolve("installation"));
        answers(killed);
    }

    @Test
    void start_thatIsRefusedAfterAKill_leavesTheLogForTheNext() throws Exception {
        Path data = temp.resolve("data");
        Path killed;
        try (RunningServer server = RunningServer.start(config(data))) {
            killed = copy(data, "killed");
            assertThat(server.server.port()).isPositive();
        }
        byte[] key = Files.readAllBytes(killed.resolve("master.key"));
        Files.delete(killed.resolve("master.key"));
        assertThat(refused(killed)).contains("master.key is missing");
        assertThat(killed.resolve("keyturn.db-wal")).isNotEmptyFile();
        assertThat(refused(killed)).contains("master.key is missing");

        Files.write(killed.resolve("master.key"), key);
        Files.setPosixFilePermissions(
                killed.resolve("master.key"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        answers(killed);
    }

    @Test
    void start_onADirectoryOfAnEarlierVersion_takesItOnce() throws Exception {
        Path data = stopped("data");
        Map<String, String> env = RunningServer.env(data.resolve("client.env"));
        Files.delete(data.resolve(InstallationFile.NAME));
        Files.delete(data.resolve("keyturn.db-sums"));

        answers(data);

        assertThat(InstallationFile.read(data)).isPresent();
        assertThat(RunningServer.env(data.resolve("client.env")))
                .containsEntry("KEYTURN_TENANT_ID", env.get("KEYTURN_TENANT_ID"))
                .containsEntry("KEYTURN_CLIENT_SECRET", env.get("KEYTURN_CLIENT_SECRET"));
    }

    @Test
    void start_onAnEmptyDatabaseBesideAnAdministratorsSecret_isRefused() throws Exception {
        Path data = stopped("data");
        Path fresh = Files.createDirectory(temp.resolve("fresh"));
        TestDatabase.in(fresh, SimulatedTables.MIGRATIONS).close();
        Files.copy(data.resolve("client.env"), fresh.resolve("client.env"));

        assertThat(refused(fresh)).contains("client.env with an administrator's secret");
    }

    @Test
    void start_withAnyByteOfTheDatabaseChanged_isRefusedNamingThePage() throws Exception {
        Path data = stopped("data");
        byte[] sound = Files.readAllBytes(data.resolve("keyturn.db"));
        Random random = new Random(3);
        for (int round = 0; round < 25; round++) {
            byte[] damaged = sound.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(data.resolve("keyturn.db"), damaged);

            assertThat(refused(data)).contains("damaged", "(" + (at / 4096 + 1));
        }
        Files.write(data.resolve("keyturn.db"), sound);
        answers(data);
    }

    @Test
    void start_afterAKill_withADamagedPage_isRefusedInOneLine() throws Exception {
        Path data = temp.resolve("data");
        Path killed;
        try (RunningServer server = RunningServer.start(config(data))) {
            killed = copy(data, "killed");
            assertThat(server.server.port()).isPositive();
        }
        fold(killed);
        byte[] sound = Files.readAllBytes(killed.resolve("keyturn.db"));
        Random random = new Random(5);
        for (int round = 0; round < 12; round++) {
            Path one = copy(killed, "round" + round);
            byte[] damaged = sound.clone();
            byte[] garbage = new byte[4096];
            random.nextBytes(garbage);
            System.arraycopy(garbage, 0, damaged, random.nextInt(damaged.length / 4096) * 4096, 4096);
            Files.write(one.resolve("keyturn.db"), damaged);

            assertThat(refused(one)).contains("damaged");
        }
    }

    /** Where SQLite's own check is blind. */
    @Test
    void start_afterAKill_withABitOfAValueChanged_isRefusedNamingPageAndTable() throws Exception {
        Path data = stopped("data");
        Path killed;
        try (RunningServer server = RunningServer.start(config(data))) {
            killed = copy(data, "killed");
            assertThat(server.server.port()).isPositive();
        }
        byte[] bytes = Files.readAllBytes(killed.resolve("keyturn.db"));
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("administrator");
        bytes[at] ^= 4;
        Files.write(killed.resolve("keyturn.db"), bytes);

        assertThat(refused(killed)).contains("damaged", "(" + (at / 4096 + 1), "; of role_assignment)");
        bytes[at] ^= 4;
        Files.write(killed.resolve("keyturn.db"), bytes);
        answers(killed);
    }

    @Test
    void start_withADamagedInstallationFile_isRefusedSayingWhatToDo() throws Exception {
        Path data = stopped("data");
        Files.writeString(data.resolve(InstallationFile.NAME), "id=1\n");

        assertThat(refused(data)).contains("installation is damaged").contains("remove the file");
    }

    /** Folds the log into the file; as closing does, but nobody says so. */
    private static void fold(Path data) throws Exception {
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + data.resolve("keyturn.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        Files.delete(data.resolve(InstallationFile.NAME));
    }

    private Path stopped(String name) throws Exception {
        Path data = temp.resolve(name);
        answers(data);
        assertThat(InstallationFile.read(data))
                .hasValueSatisfying(f -> assertThat(f.state()).isEqualTo(InstallationFile.State.CLOSED));
        return data;
    }

    private static void answers(Path data) throws Exception {
        try (RunningServer server = RunningServer.start(config(data))) {
            assertThat(server.arm("GET", LISTING, "").statusCode()).isEqualTo(200);
        }
        // a start that was refused in this process still holds the log, as it would not after its end
        assertThat(InstallationFile.read(data))
                .hasValueSatisfying(f -> assertThat(f.state()).isNotEqualTo(InstallationFile.State.OPEN));
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = Files.createDirectory(temp.resolve(name));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(f -> !f.endsWith("lock") && Files.isRegularFile(f))
                    .toList()) {
                Files.copy(file, to.resolve(file.getFileName()), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return to;
    }

    private static void replace(Path from, Path to) throws IOException {
        Files.copy(from, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static ServerConfig config(Path data) {
        return ServerConfig.in(data).withPort(0).withDrain(Duration.ofSeconds(1));
    }

    private static String refused(Path data) {
        var refusal = new StartupException[1];
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> KeyturnServer.start(config(data)).close())
                .satisfies(e -> refusal[0] = e);
        List<String> reasons = refusal[0].reasons();
        assertThat(reasons).hasSize(1);
        assertThat(reasons.getFirst()).doesNotContain("\n").doesNotContain("Exception");
        return reasons.getFirst();
    }
}
