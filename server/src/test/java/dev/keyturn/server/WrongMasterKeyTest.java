package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.server.data.InstallationFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start with another master key, or an older database, is refused before it has changed a byte. */
class WrongMasterKeyTest {
    @TempDir
    private Path temp = Path.of("");

    @Test
    void start_withAnotherMasterKey_isRefusedInOneLine_andChangesNoByteOfTheDirectory() throws Exception {
        Path data = stopped();
        byte[] right = Files.readAllBytes(data.resolve("master.key"));
        another(data);
        Map<String, String> before = hashes(data);

        assertThat(refused(data)).contains("master key", "not the one");
        assertThat(hashes(data)).isEqualTo(before);
        Files.delete(data.resolve("master.key"));
        Map<String, String> without = hashes(data);
        assertThat(refused(data)).contains("master.key is missing");
        assertThat(hashes(data)).isEqualTo(without);

        key(data, right);
        start(data);
    }

    @Test
    void start_withAnotherMasterKey_onAnOlderSchema_migratesNothing() throws Exception {
        Path data = stopped();
        age(data);
        another(data);
        Map<String, String> before = hashes(data);

        assertThat(refused(data)).contains("master key", "not the one");
        assertThat(hashes(data)).isEqualTo(before);
        assertThat(newest(data)).isEqualTo("11");
    }

    @Test
    void start_ofADirectoryThatDoesNotKnowItsKeyYet_isRefusedByTheDatabase_andNotedAtTheFirstGoodStart()
            throws Exception {
        Path data = stopped();
        Path file = data.resolve(InstallationFile.NAME);
        String told = Files.readString(file);
        Files.writeString(file, told.replaceFirst("key=[0-9a-f]+\n", ""));
        byte[] right = Files.readAllBytes(data.resolve("master.key"));
        another(data);
        Map<String, String> before = hashes(data);

        assertThat(refused(data)).contains("master key", "not the one");
        assertThat(hashes(data)).isEqualTo(before);
        key(data, right);
        start(data);
        assertThat(Files.readString(file)).contains("key=");
    }

    /** What only the log knows is looked at before the schema is brought up to date, too. */
    @Test
    void start_afterAKill_withAnotherMasterKeyAndAnOlderSchema_migratesNothing() throws Exception {
        Path data = stopped();
        age(data);
        Path file = data.resolve(InstallationFile.NAME);
        Files.writeString(
                file, Files.readString(file).replaceFirst("key=[0-9a-f]+\n", "").replace("closed", "between"));
        Path killed = Files.createDirectory(temp.resolve("killed"));
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("keyturn.db"));
                Statement statement = database.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint=0");
            String known = text(statement, "SELECT value FROM setting WHERE name = 'master-key-fingerprint'");
            statement.execute("DELETE FROM setting WHERE name = 'master-key-fingerprint'");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            statement.execute("INSERT INTO setting VALUES ('master-key-fingerprint', '" + known + "')");
            try (Stream<Path> files = Files.list(data)) {
                for (Path one :
                        files.filter(f -> !f.endsWith("keyturn.db-sums")).toList()) {
                    Files.copy(
                            one, killed.resolve(one.getFileName()), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        another(killed);

        assertThat(refused(killed)).contains("master key", "not the one");
        assertThat(newest(killed)).isEqualTo("11");
    }

    @Test
    void start_withAnOlderDatabase_changesNoByteOfTheDirectory() throws Exception {
        Path data = stopped();
        Files.copy(data.resolve("keyturn.db"), temp.resolve("older.db"));
        start(data);
        Files.delete(data.resolve("keyturn.db-sums"));
        Files.write(data.resolve("keyturn.db"), Files.readAllBytes(temp.resolve("older.db")));
        age(data);
        Map<String, String> before = hashes(data);

        assertThat(refused(data)).contains("is older");
        assertThat(hashes(data)).isEqualTo(before);
    }

    private Path stopped() throws Exception {
        Path data = temp.resolve("data");
        start(data);
        return data;
    }

    private static void start(Path data) throws Exception {
        KeyturnServer.start(config(data)).close();
    }

    private static void another(Path data) throws Exception {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        key(data, bytes);
    }

    private static void key(Path data, byte[] bytes) throws Exception {
        Path file = data.resolve("master.key");
        Files.deleteIfExists(file);
        Files.write(file, bytes);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** As if the version before V12 had stopped it. */
    private static void age(Path data) throws Exception {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("keyturn.db"));
                Statement statement = database.createStatement()) {
            statement.execute("DROP TABLE condemned_image");
            statement.execute("DELETE FROM flyway_schema_history WHERE CAST(version AS INTEGER) > 11");
        }
        Files.deleteIfExists(data.resolve("keyturn.db-sums"));
    }

    private static String newest(Path data) throws Exception {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("keyturn.db"));
                Statement statement = database.createStatement()) {
            return text(statement, "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history");
        }
    }

    private static String text(Statement statement, String query) throws Exception {
        try (ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static Map<String, String> hashes(Path data) throws Exception {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                hashes.put(data.relativize(file).toString(), HexFormat.of().formatHex(hash));
            }
        }
        return hashes;
    }

    private static ServerConfig config(Path data) {
        return ServerConfig.in(data).withPort(0).withDrain(Duration.ofSeconds(1));
    }

    private static String refused(Path data) {
        var refusal = new StartupException[1];
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> KeyturnServer.start(config(data)).close())
                .satisfies(e -> refusal[0] = e);
        assertThat(refusal[0].reasons()).hasSize(1);
        String reason = refusal[0].reasons().getFirst();
        assertThat(reason).doesNotContain("\n").doesNotContain("Exception");
        return reason;
    }
}
