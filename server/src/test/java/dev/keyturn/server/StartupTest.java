package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.server.data.DataDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupTest {
    @TempDir
    Path temp;

    @Test
    void start_withSeveralWrongSettings_namesThemAll() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerConfig config = config().withPort(taken.getLocalPort())
                    .withDomain("not a domain")
                    .withPublicPort(70_000)
                    .withHosts(List.of())
                    .withKeyLossGrace(Duration.ofSeconds(-1));
            assertThat(refused(config))
                    .hasSize(5)
                    .anyMatch(r -> r.contains("Port " + taken.getLocalPort()))
                    .anyMatch(r -> r.contains("domain"))
                    .anyMatch(r -> r.contains("public port"))
                    .anyMatch(r -> r.contains("at least one host"))
                    .anyMatch(r -> r.contains("negative"));
        }
    }

    @Test
    void start_onADirectoryInUse_isRefusedAndLeavesTheOtherAlone() throws Exception {
        try (RunningServer first = RunningServer.start(config())) {
            assertThat(refused(config())).singleElement().asString().contains("in use by another server");
            assertThat(first.get("/healthz").statusCode()).isEqualTo(200);
        }
        try (RunningServer again = RunningServer.start(config())) {
            assertThat(again.get("/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void start_onADirectoryOfANewerVersion_isRefused() throws Exception {
        RunningServer.start(config()).close();
        Files.writeString(data().resolve("version"), "2\n");
        assertThat(refused(config())).singleElement().asString().contains("newer version");

        Files.writeString(data().resolve("version"), "banana\n");
        assertThat(refused(config())).singleElement().asString().contains("damaged");
    }

    @Test
    void start_underAnotherDomain_isRefusedNamingTheFirst() throws Exception {
        RunningServer.start(config()).close();
        assertThat(refused(config().withDomain("other.example")))
                .singleElement()
                .asString()
                .contains("--domain keyturn.localhost");
    }

    @Test
    void start_onALockedDatabase_isRefusedInOneLine() throws Exception {
        RunningServer.start(config()).close();
        try (var other = java.sql.DriverManager.getConnection("jdbc:sqlite:" + data().resolve("keyturn.db"));
                var statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThat(refused(config())).singleElement().asString().contains("locked by another program");
        }
    }

    @Test
    void start_whereTheDirectoryCannotBe_isRefused() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "x");
        assertThat(refused(ServerConfig.in(file.resolve("data")).withPort(0)))
                .singleElement()
                .asString()
                .contains("cannot be used");
    }

    @Test
    void start_withoutTheMasterKeyOfItsData_isRefused() throws Exception {
        RunningServer.start(config()).close();
        Path key = data().resolve("master.key");
        byte[] right = Files.readAllBytes(key);
        Files.delete(key);
        assertThat(refused(config())).singleElement().asString().contains("missing");

        right[0] ^= 1;
        Files.write(key, right);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(refused(config())).singleElement().asString().contains("not the one");
    }

    @Test
    void start_makesFilesForTheOwnerAlone() throws Exception {
        RunningServer.start(config()).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(data())) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(f -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                            .as(f.toString())
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void restart_keepsIdsAndSecret_andFollowsThePort() throws Exception {
        Map<String, String> first;
        try (RunningServer server = RunningServer.start(config())) {
            first = server.env;
        }
        try (RunningServer server = RunningServer.start(config())) {
            for (String name : List.of(
                    "KEYTURN_TENANT_ID", "KEYTURN_SUBSCRIPTION_ID", "KEYTURN_CLIENT_ID", "KEYTURN_CLIENT_SECRET")) {
                assertThat(server.env(name)).isEqualTo(first.get(name));
            }
            assertThat(server.env("KEYTURN_SERVER")).endsWith(":" + server.server.port());
            assertThat(server.arm("GET", "/subscriptions?api-version=2022-12-01", "")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void restart_afterClientEnvWasNeverWritten_makesASecretThatWorks() throws Exception {
        RunningServer.start(config()).close();
        String old = RunningServer.env(data().resolve("client.env")).get("KEYTURN_CLIENT_ID");
        Files.delete(data().resolve("client.env")); // as if killed between the secret and the file
        Files.writeString(data().resolve(".client.env.new"), "KEYTURN_SERVER=half");

        try (RunningServer server = RunningServer.start(config())) {
            assertThat(server.env("KEYTURN_CLIENT_ID")).isEqualTo(old);
            assertThat(server.arm("GET", "/subscriptions?api-version=2022-12-01", "")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void start_afterAKillBeforeAnythingWasStored_isAFirstStart() throws Exception {
        try (DataDirectory directory = DataDirectory.open(data())) {
            Files.writeString(directory.file("ca.key"), "half a file");
            Files.writeString(directory.file("server.pem"), "");
        }
        try (RunningServer server = RunningServer.start(config())) {
            assertThat(server.arm("GET", "/subscriptions?api-version=2022-12-01", "")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void clientEnv_hasExactlyItsNineVariables() throws Exception {
        try (RunningServer server = RunningServer.start(config())) {
            assertThat(server.env.keySet())
                    .containsExactlyInAnyOrder(
                            "KEYTURN_SERVER",
                            "KEYTURN_DOMAIN",
                            "KEYTURN_TENANT_ID",
                            "KEYTURN_SUBSCRIPTION_ID",
                            "KEYTURN_CLIENT_ID",
                            "KEYTURN_CLIENT_SECRET",
                            "KEYTURN_CA_FILE",
                            "KEYTURN_VAULT_SUFFIX",
                            "KEYTURN_HSM_SUFFIX");
            assertThat(server.env("KEYTURN_VAULT_SUFFIX"))
                    .isEqualTo(".vault.keyturn.localhost:" + server.server.port());
            String secret = server.env("KEYTURN_CLIENT_SECRET");
            try (Stream<Path> files = Files.list(data())) {
                assertThat(files.filter(f -> !f.endsWith("client.env")).filter(f -> contains(f, secret)))
                        .isEmpty();
            }
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains(text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path data() {
        return temp.resolve("data");
    }

    private ServerConfig config() {
        return ServerConfig.in(data()).withPort(0).withDrain(Duration.ofSeconds(1));
    }

    private static List<String> refused(ServerConfig config) {
        var refusal = new StartupException[1];
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> KeyturnServer.start(config).close())
                .satisfies(e -> refusal[0] = e);
        return refusal[0].reasons();
    }
}
