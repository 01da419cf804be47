package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.cli.client.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** {@code keyturn up --database postgresql://...} on Debian's PostgreSQL: a rotation that outlives its nodes. */
class NodeOnPostgresqlTest {
    private static final int VMS = 3;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void rotationOfANodeThatIsKilled_isGoneOnWith_andEndedByAnotherNode() throws IOException {
        Optional<Path> programs = DebianPostgres.programs();
        assumeTrue(programs.isPresent(), "PostgreSQL is not installed; Debian's package is postgresql");
        try (DebianPostgres database = DebianPostgres.start(programs.get())) {
            String password =
                    database.passwordFile(directory.resolve("password")).toString();
            Path a = directory.resolve("a");
            String target;
            int port;
            try (ServerProcess first = node(a, "a", database, password, 0);
                    Ground ground = Ground.on(first, "nodes")) {
                String old = ground.newKey("k");
                ground.newSet("set", old);
                for (int i = 0; i < VMS; i++) {
                    ground.newVm("vm" + i, "set");
                    ground.act("vm" + i, "deallocate");
                }
                target = ground.newKey("k");
                ground.fault("slow", "{\"kind\":\"slow\",\"call\":\"prove\",\"delayMs\":2000}");
                Optional<ObjectNode> rotation = ground.rotation(target).map(r -> r.put("deep", true));
                Answer begun = ground.api().arm("PATCH", ground.setPath("set"), "2024-03-02", rotation);
                assertThat(begun.text("properties.provisioningState")).isEqualTo("Updating");
                port = first.port();
                first.killHard();
            }
            Path b = Files.createDirectory(directory.resolve("b"));
            Files.copy(a.resolve("master.key"), b.resolve("master.key"));
            Files.copy(a.resolve("client.env"), b.resolve("client.env"));
            ServerProcess.Ended early = ServerProcess.run(
                    "up",
                    "--data",
                    b.toString(),
                    "--port",
                    "0",
                    "--database",
                    database.address(),
                    "--database-password-file",
                    password,
                    "--node",
                    "b");
            assertThat(early.status()).isEqualTo(2);
            assertThat(early.err())
                    .contains("The node 'a' at 127.0.0.1:" + port)
                    .doesNotContain("not told");

            try (ServerProcess again = node(a, "a", database, password, port)) {
                assertThat(again.terminate()).contains(143);
            }
            try (ServerProcess second = node(b, "b", database, password, port);
                    Ground ground = Ground.existing(second, "nodes")) {
                ground.mend("slow");
                Answer set;
                do {
                    set = ground.set("set");
                } while (set.text("properties.provisioningState").equals("Updating"));
                assertThat(set.text("properties.provisioningState")).isEqualTo("Succeeded");
                assertThat(set.text("properties.activeKey.keyUrl")).isEqualTo(target);
                assertThat(ground.census("set").text("underActiveKey")).isEqualTo(Integer.toString(3 * VMS));
                assertThat(ground.census("set").text("underOtherKeys")).isEqualTo("0");
                ground.verify("set");
            }
        }
    }

    private static ServerProcess node(Path data, String name, DebianPostgres database, String password, int port) {
        return ServerProcess.start(
                data,
                "--port",
                Integer.toString(port),
                "--database",
                database.address(),
                "--database-password-file",
                password,
                "--node",
                name);
    }
}
