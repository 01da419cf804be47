package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    @TempDir
    private Path temp = Path.of("");

    @Test
    void firstStart_withTooLittleSpace_isRefusedInOneLine_andMadeGoodOnceThereIsMore() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", temp.toString()) == 0, "no right to mount");
        try {
            ServerConfig config =
                    ServerConfig.in(temp.resolve("data")).withPort(0).withDrain(Duration.ofSeconds(1));
            int refusals = 0;
            boolean started = false;
            for (int kib = 16; !started; kib = kib * 5 / 4) {
                assertThat(kib).as("KiB").isLessThan(20_000);
                assertThat(run("mount", "-o", "remount,size=" + kib + "k", temp.toString()))
                        .isZero();
                try (KeyturnServer server = KeyturnServer.start(config)) {
                    started = server.port() > 0;
                } catch (StartupException e) {
                    refusals++;
                    assertThat(e.reasons())
                            .as("%d KiB", kib)
                            .singleElement()
                            .asString()
                            .containsIgnoringCase("space")
                            .doesNotContain("\n");
                }
            }
            assertThat(refusals).isPositive();
            assertThat(run("mount", "-o", "remount,size=50m", temp.toString())).isZero();
            try (RunningServer server = RunningServer.start(config)) {
                assertThat(server.arm("GET", "/subscriptions?api-version=2022-12-01", "")
                                .statusCode())
                        .isEqualTo(200);
            }
        } finally {
            assertThat(run("umount", "-l", temp.toString())).isZero();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 127;
        }
    }
}
