package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.node.SettableClock;
import dev.keyturn.node.SettableElapsed;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock as an administrator sees it, on a real server. */
class ClockTest {
    private static final String CLOCK = "/keyturn/clock";
    private static final String VERSION = "?api-version=2024-07-01";

    @TempDir
    private Path directory = Path.of("");

    private final SettableClock clock = new SettableClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final SettableElapsed elapsed = new SettableElapsed();

    @Test
    void aJump_isShown_untilAnOwnerConfirmsTheTime() throws Exception {
        try (RunningServer server = start()) {
            assertThat(server.arm("GET", CLOCK + VERSION, "").body()).contains("\"jumped\":false");
            assertThat(server.get(CLOCK + VERSION).statusCode()).isEqualTo(401);
        }
        Instant before = clock.instant();
        clock.advance(Duration.ofDays(2)); // what a client still takes a certificate of
        try (RunningServer server = start()) {
            assertThat(server.arm("GET", CLOCK + VERSION, "").body())
                    .contains("\"jumped\":true", "\"clock\":\"" + clock.instant(), "\"seen\":\"" + before, "172800");

            HttpResponse<String> wrong =
                    server.arm("POST", CLOCK + "/confirm" + VERSION, "{\"time\":\"" + before + "\"}");
            assertThat(wrong.statusCode()).isEqualTo(409);
            assertThat(wrong.body()).contains("ClockDisagrees", "Set it right first");
            assertThat(server.arm("POST", CLOCK + "/confirm" + VERSION, "{}").statusCode())
                    .isEqualTo(400);
            assertThat(server.arm("POST", CLOCK + "/confirm" + VERSION, "{\"time\":\"now\"}")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(server.arm("GET", CLOCK + VERSION, "").body()).contains("\"jumped\":true");

            HttpResponse<String> confirmed = server.arm(
                    "POST",
                    CLOCK + "/confirm" + VERSION,
                    "{\"time\":\"" + clock.instant().plusSeconds(30) + "\"}");
            assertThat(confirmed.statusCode()).as(confirmed.body()).isEqualTo(200);
            assertThat(confirmed.body()).contains("\"jumped\":false", "\"aheadSeconds\":0");
        }
    }

    @Test
    void theWordOfAContributor_isNotEnough() {
        String action = "Microsoft.Authorization/keyturnClock/write";
        assertThat(Roles.OWNER.grants(action)).isTrue();
        assertThat(Roles.CONTRIBUTOR.grants(action)).isFalse();
        assertThat(Roles.READER.grants(action)).isFalse();
    }

    private RunningServer start() throws Exception {
        return RunningServer.start(
                ServerConfig.in(directory.resolve("data"))
                        .withPort(0)
                        .withDrain(Duration.ofSeconds(1))
                        .withClock(clock),
                elapsed);
    }
}
