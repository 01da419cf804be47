package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.json.Json;
import dev.keyturn.node.Liveness;
import dev.keyturn.node.SettableClock;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthRoutesTest {
    @TempDir
    Path directory;

    private final AtomicLong now = new AtomicLong();
    private final VitalThreads vital = new VitalThreads((_, _) -> {}, now::get);
    private Duration stuck = Duration.ZERO;
    private int silent;
    private Duration oldestCall = Duration.ZERO;
    private Duration lastLook = Duration.ZERO;
    private TestDatabase database;
    private Routes routes;
    private Optional<String> nodeProblem = Optional.empty();

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        routes = new Routes();
        new HealthRoutes(
                        database.transactions(),
                        database.stores().settings(),
                        Duration.ofSeconds(2),
                        new SettableClock(Instant.parse("2026-01-01T00:00:00Z")),
                        new Liveness(
                                vital,
                                new Liveness.Signs(
                                        () -> oldestCall,
                                        () -> lastLook,
                                        () -> stuck,
                                        Duration.ofMinutes(35),
                                        () -> silent)),
                        () -> nodeProblem)
                .addTo(routes);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whereAllIsWell_bothSaySo() {
        assertThat(get("/healthz").status()).isEqualTo(200);
        assertThat(get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void nodeThatHasNoPlaceAmongOthers_isNotReady_butNoReasonForAnotherStart() {
        nodeProblem = Optional.of("The clock of this machine is 9 s ahead of the database's.");
        assertThat(get("/healthz").status()).isEqualTo(200);
        assertThat(get("/readyz").status()).isEqualTo(503);
        assertThat(reason("/readyz")).contains("9 s ahead");
    }

    @Test
    void vitalThreadThatEnded_isToldByBoth() throws Exception {
        Thread thread = vital.platform("store-writer", () -> {
            throw new OutOfMemoryError();
        });
        thread.start();
        thread.join();
        for (String path : new String[] {"/healthz", "/readyz"}) {
            Response answer = get(path);
            assertThat(answer.status()).as(path).isEqualTo(503);
            assertThat(Json.parseObject(new String(answer.body(), StandardCharsets.UTF_8))
                            .toString())
                    .contains("The thread 'store-writer' has ended.");
        }
    }

    @Test
    void callThatWaitsLongForTheStore_isUnhealthy() {
        oldestCall = Duration.ofSeconds(20);
        assertThat(get("/healthz").status()).isEqualTo(200);
        oldestCall = Duration.ofSeconds(21);
        assertThat(get("/healthz").status()).isEqualTo(503);
    }

    @Test
    void runnerThatDoesNotLookForWork_isUnhealthy() {
        lastLook = Duration.ofSeconds(60);
        assertThat(get("/healthz").status()).isEqualTo(200);
        lastLook = Duration.ofSeconds(61);
        assertThat(get("/healthz").status()).isEqualTo(503);
        assertThat(get("/readyz").status()).isEqualTo(503);
    }

    @Test
    void placesThatAreAllTaken_byOperationsThatDoNothing_areUnhealthy() {
        stuck = Duration.ofMinutes(35);
        assertThat(get("/healthz").status()).isEqualTo(200);
        stuck = Duration.ofMinutes(36);
        assertThat(reason("/healthz")).contains("none of them has done anything for 36 minutes");
    }

    @Test
    void runOfATask_thatHangs_isUnhealthy() {
        vital.round(() -> {
            now.addAndGet(Liveness.LONGEST_ROUND.toNanos());
            assertThat(get("/healthz").status()).isEqualTo(200);
            now.addAndGet(1);
            assertThat(reason("/healthz")).contains(Thread.currentThread().getName(), "10 minutes");
        });
        assertThat(get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void listenerThatDoesNotAnswerTheServerItself_isUnhealthy() {
        silent = 2;
        assertThat(get("/healthz").status()).isEqualTo(200);
        silent = 3;
        assertThat(reason("/healthz")).contains("The listener has not answered the server's own last 3 calls.");
    }

    private String reason(String path) {
        Response answer = get(path);
        assertThat(answer.status()).isEqualTo(503);
        return Json.parseObject(answer.body()).path("reason").asString("");
    }

    private Response get(String path) {
        Routes.Match.Found found = (Routes.Match.Found) routes.match("GET", path);
        return found.handler().handle(new Request("GET", "localhost", path, Map.of(), Map.of(), new byte[0], Map.of()));
    }
}
