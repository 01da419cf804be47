package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.testing.Eventually;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it starts; whatever it had made by then, the next start goes on from there. */
class StartKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path temp = Path.of("");

    @Test
    void firstStart_killedAsEachOfItsFilesAppears_isMadeGoodByTheNext() throws Exception {
        for (String file : List.of(
                "version",
                "keyturn.db",
                "keyturn.db-wal",
                "master.key",
                "installation",
                "ca.key",
                "server.pem",
                "client.env")) {
            Path data = temp.resolve("killed-at-" + file);
            killWhen(data, () -> Files.exists(data.resolve(file)));
            answers(data, file);
        }
    }

    @Test
    void server_killedAgainAndAgainAtAnyTime_isNeverRefused() throws Exception {
        Path data = temp.resolve("data");
        answers(data, "first");
        Map<String, String> first = RunningServer.env(data.resolve("client.env"));
        Random random = new Random(1);
        for (int round = 0; round < 5; round++) {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(1_500));
            killWhen(data, () -> System.nanoTime() > until);
        }
        answers(data, "after the kills");

        assertThat(RunningServer.env(data.resolve("client.env")))
                .containsEntry("KEYTURN_TENANT_ID", first.get("KEYTURN_TENANT_ID"))
                .containsEntry("KEYTURN_CLIENT_SECRET", first.get("KEYTURN_CLIENT_SECRET"));
    }

    private interface Moment {
        boolean hasCome() throws IOException;
    }

    private static void killWhen(Path data, Moment moment) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .replace('\n', File.pathSeparatorChar),
                        Child.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Eventually.holds("the server does not come so far", PATIENCE, () -> moment.hasCome() || !child.isAlive());
            assertThat(child.isAlive()).as("the server is alive then").isTrue();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static void answers(Path data, String when) throws Exception {
        try (RunningServer server = RunningServer.start(config(data))) {
            assertThat(server.arm("GET", "/subscriptions?api-version=2022-12-01", "")
                            .statusCode())
                    .as(when)
                    .isEqualTo(200);
        }
    }

    private static ServerConfig config(Path data) {
        return ServerConfig.in(data).withPort(0).withDrain(Duration.ofSeconds(1));
    }

    /** The process: a server until it is killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            KeyturnServer.start(config(Path.of(arguments[0])));
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }
}
