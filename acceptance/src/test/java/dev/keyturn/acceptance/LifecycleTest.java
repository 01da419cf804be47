package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping, starting again, and being started wrongly. */
class LifecycleTest {
    private static final int SIGTERM = 143;

    @TempDir
    private Path data = Path.of("");

    @Test
    void aRestart_onTheSameData_hasEverything() {
        String kid;
        List<String> keys;
        int port;
        String clientId;
        try (ServerProcess first = ServerProcess.start(data);
                Ground ground = Ground.on(first, "again")) {
            assertThat(first.readyLine())
                    .contains(first.env().server().toString(), "simulated host: no real machine runs");
            kid = ground.newKey("k");
            ground.newSet("set", kid);
            ground.newVm("vm", "set");
            keys = ground.keysOf("vm");
            port = first.port();
            clientId = first.env().clientId();
            assertThat(first.terminate()).isEqualTo(Optional.of(SIGTERM));
            assertThat(first.log()).isEmpty();
        }
        try (ServerProcess second = ServerProcess.start(data, "--port", Integer.toString(port));
                Ground ground = Ground.existing(second, "again")) {
            assertThat(second.env().clientId()).isEqualTo(clientId);
            assertThat(ground.set("set").text("properties.activeKey.keyUrl")).isEqualTo(kid);
            assertThat(ground.keysOf("vm")).isEqualTo(keys).hasSize(3).containsOnly(kid);
            assertThat(ground.power("vm")).isEqualTo("PowerState/running");
            ground.act("vm", "deallocate");
            ground.act("vm", "start");
        }
    }

    @Test
    void everyFileOfADataDirectory_isForItsOwnerAlone() throws IOException {
        try (ServerProcess _ = ServerProcess.start(data);
                Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.getFileName().toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aSecondServer_onTheSameData_isRefusedWithOneLineAndStatusTwo() {
        try (ServerProcess _ = ServerProcess.start(data)) {
            ServerProcess.Ended second = ServerProcess.run("up", "--data", data.toString(), "--port", "0");

            assertThat(second.status()).isEqualTo(2);
            assertThat(second.out()).isEmpty();
            assertThat(second.err().lines()).singleElement().asString().contains(data.toString());
        }
    }

    @Test
    void aTakenPort_isRefusedWithOneLineAndStatusTwo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            ServerProcess.Ended ended = ServerProcess.run("up", "--data", data.toString(), "--port", port);

            assertThat(ended.status()).isEqualTo(2);
            assertThat(ended.err().lines()).singleElement().asString().contains(port);
        }
    }

    @Test
    void badOptions_areAllNamedAtOnce() {
        ServerProcess.Ended ended = ServerProcess.run(
                "up",
                "--data",
                data.toString(),
                "--port",
                "http",
                "--domain",
                "no domain",
                "--host",
                "hyperv",
                "--database",
                "oracle");

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("http", "no domain", "hyperv", "oracle");
        assertThat(ended.err().lines()).hasSize(4).allMatch(l -> l.startsWith("keyturn: "));
    }

    @Test
    void hosts_namesTheDomainItsVaultsAndItsHsms() {
        try (ServerProcess server = ServerProcess.start(data);
                Ground ground = Ground.on(server, "named")) {
            Hsm.create(ground, "named-hsm");
            ServerProcess.Ended ended = ServerProcess.run("hosts", "--data", data.toString());

            assertThat(ended.status()).isZero();
            assertThat(ended.out().lines())
                    .containsExactly(
                            "127.0.0.1 keyturn.localhost",
                            "127.0.0.1 named-kv.vault.keyturn.localhost",
                            "127.0.0.1 named-hsm.managedhsm.keyturn.localhost");
        }
    }

    @Test
    void hosts_withoutAServer_saysSoInOneLine() {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.killHard();
        }
        ServerProcess.Ended ended = ServerProcess.run("hosts", "--data", data.toString());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err().lines()).singleElement().asString().startsWith("keyturn: no server answers at https://");
    }
}
