package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server in another process, one of whose vital threads dies. */
class DeathAndResumeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {"key access monitor", "store-writer"})
    void threadThatDies_endsTheProcessWithOneLine_andTheNextStartDoesWhatWasPromised(String victim, @TempDir Path dir)
            throws Exception {
        Path errors = dir.resolve("stderr");
        Path output = dir.resolve("stdout");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MortalServer.class.getName(),
                        dir.resolve("data").toString(),
                        victim)
                .redirectError(errors.toFile())
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(output)).isEqualToIgnoringNewLines("202");
            assertThat(process.exitValue()).isEqualTo(70);
            List<String> said = Files.readAllLines(errors);
            assertThat(said.getLast())
                    .isEqualTo("keyturn: the thread '" + victim + "' died of java.lang.OutOfMemoryError; the process"
                            + " ends, and the next start resumes what was under way");
            assertThat(said).noneMatch(line -> line.startsWith("\tat "));
        } finally {
            process.destroyForcibly();
        }
        try (RunningServer next =
                RunningServer.start(ServerConfig.in(dir.resolve("data")).withPort(0))) {
            String group = next.subscription() + "/resourceGroups/g?api-version=2021-04-01";
            Eventually.holds(
                    "the group is not deleted",
                    LIMIT,
                    () -> next.arm("GET", group, "").statusCode() == 404);
        }
    }
}
