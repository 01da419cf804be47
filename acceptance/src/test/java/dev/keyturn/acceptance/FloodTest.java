package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.bench.Flood;
import dev.keyturn.cli.client.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** docs/limits.md, on a server whose heap is smaller than what the flood would have it hold. */
class FloodTest {
    private static final int VMS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path data = Path.of("");

    @Test
    void flood_whileARotationRuns_leavesAnOrdinaryClientItsAnswers_andTheServerAlive() throws Exception {
        try (ServerProcess server = ServerProcess.startWith(List.of("-Xmx128m"), data);
                Ground ground = Ground.on(server, "flooded");
                Flood flood = Flood.of(ground.api(), "flooded");
                ExecutorService together = Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().daemon().factory())) {
            ground.newSet("set", ground.newKey("k"));
            makeVms(ground);
            String target = ground.newKey("k");
            ground.fault("slow", "{\"kind\":\"slow\",\"call\":\"prove\",\"delayMs\":100}");
            Optional<ObjectNode> rotation = ground.rotation(target).map(b -> b.put("deep", true));
            assertThat(ground.api()
                            .arm("PATCH", ground.setPath("set"), "2024-03-02", rotation)
                            .status())
                    .isEqualTo(202);

            List<Future<Integer>> load = List.of(
                    together.submit(() -> flood.hold(500)),
                    together.submit(() -> {
                        flood.abandonKeys(200);
                        return 200;
                    }),
                    together.submit(() -> flood.strangers(1_000, Duration.ofSeconds(4))));
            int answered = 0;
            while (load.stream().anyMatch(l -> !l.isDone())) {
                answeredInTime(together, ground, answered++);
            }
            answeredInTime(together, ground, 0); // a new key, while the connections are still held
            answeredInTime(together, ground, 1);
            for (Future<Integer> part : load) {
                assertThat(part.get()).as("of the flood, what arrived").isPositive();
            }

            ground.mend("slow");
            String state;
            do {
                state = ground.set("set").text("properties.provisioningState");
            } while (state.equals("Updating"));
            assertThat(state).isEqualTo("Succeeded");
            assertThat(ground.census("set").text("underOtherKeys")).isEqualTo("0");
            Http.Reply ready = new Http(server.env())
                    .request("GET", server.env().server() + "/readyz", Optional.empty(), "", Map.of());
            assertThat(ready.status()).as(ready.text()).isEqualTo(200);
            assertThat(server.log()).doesNotContain("OutOfMemoryError");
        }
    }

    /** Far beyond what it takes; a test is no benchmark. */
    private static void answeredInTime(ExecutorService together, Ground ground, int n) throws Exception {
        Answer answer = together.submit(() -> n % 10 == 0
                        ? ground.api()
                                .keys(
                                        "POST",
                                        ground.vaultHost(),
                                        "/keys/ordinary/create",
                                        Ground.body("{\"kty\":\"RSA\"}"))
                        : ground.set("set"))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(answer.status()).isEqualTo(200);
    }

    private static void makeVms(Ground ground) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            IntStream.range(0, VMS)
                    .mapToObj(i -> "vm-" + i)
                    .forEach(vm -> all.add(clients.submit(() -> {
                        ground.newVm(vm, "set");
                        ground.act(vm, "deallocate");
                    })));
            for (Future<?> one : all) {
                one.get();
            }
        }
    }
}
