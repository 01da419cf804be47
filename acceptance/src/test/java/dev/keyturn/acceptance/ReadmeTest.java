package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells a new user to type does what it says. */
class ReadmeTest {
    private static final Path README = Path.of(System.getProperty("basedir", ""), "../README.md");
    private static final Pattern BLOCK = Pattern.compile("^```bash\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void theFirstWalk_worksAsItStandsThere() throws IOException, InterruptedException {
        for (String tool : List.of("curl", "jq")) {
            assumeTrue(run("type -P " + tool).status() == 0, tool + " is not installed; the README's walk needs it");
        }
        ServerProcess server = ServerProcess.shared();
        Path data = Files.createDirectory(directory.resolve("keyturn-data"));
        Files.copy(server.data().resolve("client.env"), data.resolve("client.env"));
        String walk = BLOCK.matcher(Files.readString(README))
                .results()
                .map((MatchResult r) -> r.group(1))
                .collect(Collectors.joining("\n"));

        Ran ran = run(walk);

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).as(ran.out()).isZero();
        assertThat(ran.out())
                .contains("2 VMs are not stopped (one, two)")
                .contains("\"underActiveKey\": 4", "\"underOtherKeys\": 0")
                .endsWith("false\n\n\nSucceeded\nSucceeded\n")
                .doesNotContain("Failed");
    }

    private record Ran(int status, String out, String err) {}

    private Ran run(String script) throws IOException, InterruptedException {
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                .directory(directory.toFile())
                .redirectError(err.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(err));
    }
}
