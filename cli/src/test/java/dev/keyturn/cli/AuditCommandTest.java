package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.json.Json;
import dev.keyturn.server.KeyturnServer;
import dev.keyturn.server.ServerConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a server, from the export to its verdict. */
class AuditCommandTest {
    private static final String KEY = "https://v.vault.keyturn.localhost/keys/k/" + "0".repeat(32);

    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    @Test
    void exportVerifyAndUses_ofARunningServer() throws Exception {
        Path data = directory.resolve("data");
        Path file = directory.resolve("export.jsonl");
        String at = data.toString();
        try (KeyturnServer server =
                KeyturnServer.start(ServerConfig.in(data).withPort(0).withDrain(Duration.ofSeconds(1)))) {
            try (Api api = new Api(ClientEnv.read(server.clientEnv()))) {
                api.arm(
                        "PUT",
                        "/resourceGroups/g",
                        "2021-04-01",
                        Optional.of(Json.object().put("location", "westeurope")));
            }

            assertThat(run("audit", "export", "--data", at, "--out", file.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(run("audit", "export", "--data", at, "--out", file.toString()))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("is there already");
            assertThat(run("audit", "export", "--data", at, "--since", "2026-01-01"))
                    .isZero();
            assertThat(out.toString()).contains("\"since\":\"2026-01-01T00:00:00Z\"", "\"end\"");
            assertThat(run("audit", "verify", "--data", at)).as(out.toString()).isZero();
            assertThat(run("audit", "uses", KEY, "--data", at))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString())
                    .contains(
                            "Nobody used " + KEY + " in the last 30 days.",
                            "The record begins on 20",
                            "before you disable one, look at the census");
            assertThat(run("audit", "uses", KEY, "--data", at, "-o", "json")).isZero();
            assertThat(Json.parseObject(out.toString()).propertyNames())
                    .contains("keyVersion", "since", "recordBegins", "uses");
        }
        assertThat(run("audit", "verify", file.toString())).as(out.toString()).isZero();
        assertThat(out.toString()).contains("The record is whole.");

        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        Path cut = Files.write(directory.resolve("cut.jsonl"), lines.subList(0, lines.size() - 1));
        assertThat(run("audit", "verify", cut.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("the file has no end", "THE RECORD IS NOT WHOLE.");
        assertThat(run("audit", "verify", cut.toString(), "-o", "json")).isEqualTo(1);
        assertThat(Json.parseObject(out.toString()).path("whole").asBoolean()).isFalse();
    }

    @Test
    void whatCannotBegin_endsWithTwo_andSaysWhy() throws Exception {
        Path other = Files.writeString(directory.resolve("other"), "hello\n");
        assertThat(run("audit", "verify", other.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is not an export");
        assertThat(run("audit", "verify", directory.resolve("none").toString())).isEqualTo(2);
        assertThat(run("audit", "verify", "--data", directory.toString())).isEqualTo(2);
        assertThat(run("audit", "export", "--since", "yesterday")).isEqualTo(2);
        assertThat(err.toString()).contains("--since must be a day");
        assertThat(run("audit", "uses", "https://v/keys/k")).isEqualTo(2);
        assertThat(err.toString()).contains("must name one version");
        assertThat(run("audit", "uses", KEY, "--days", "0")).isEqualTo(2);
        assertThat(run("audit")).isEqualTo(2);
    }
}
