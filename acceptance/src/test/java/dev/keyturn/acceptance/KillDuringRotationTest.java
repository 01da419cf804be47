package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.cli.client.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** R4, R5: {@code kill -9} in the middle of a rotation of 1,000 CVMs; the next start finishes it by itself. */
class KillDuringRotationTest {
    private static final int VMS = 1_000;

    @TempDir
    private Path data = Path.of("");

    @Test
    void R5_aRotationThatWasKilled_isFinishedByTheNextStart_andEveryArtifactOpens()
            throws ExecutionException, InterruptedException {
        String old;
        String target;
        int port;
        List<String> names =
                IntStream.range(0, VMS).mapToObj(i -> "vm-%04d".formatted(i)).toList();
        try (ServerProcess server = ServerProcess.start(data);
                Ground ground = Ground.on(server, "killed")) {
            old = ground.newKey("k");
            ground.newSet("set", old);
            forAll(names, vm -> ground.newVm(vm, "set"));
            forAll(names, vm -> ground.act(vm, "deallocate"));
            target = ground.newKey("k");
            assertThat(ground.census("set").text("artifacts")).isEqualTo(Integer.toString(3 * VMS));

            // Deep, so that artifacts are stored a hundred at a time; slow, so that the kill comes between two of them.
            ground.fault("slow", "{\"kind\":\"slow\",\"call\":\"prove\",\"delayMs\":200}");
            Optional<ObjectNode> rotation = ground.rotation(target).map(b -> b.put("deep", true));
            Answer begun = ground.api().arm("PATCH", ground.setPath("set"), "2024-03-02", rotation);
            assertThat(begun.status()).isEqualTo(202);
            assertThat(begun.text("properties.provisioningState")).isEqualTo("Updating");
            awaitSome(ground);
            port = server.port();
            server.killHard();
        }
        try (ServerProcess server = ServerProcess.start(data, "--port", Integer.toString(port));
                Ground ground = Ground.existing(server, "killed")) {
            ground.mend("slow");
            awaitEnd(ground);
            Answer set = ground.set("set");
            assertThat(set.text("properties.provisioningState")).isEqualTo("Succeeded");
            assertThat(set.text("properties.activeKey.keyUrl")).isEqualTo(target);
            Answer census = ground.census("set");
            assertThat(census.text("underActiveKey")).isEqualTo(Integer.toString(3 * VMS));
            assertThat(census.text("underOtherKeys")).isEqualTo("0");

            ground.verify("set");

            // A start opens every artifact of its VM; by the old version nothing can be opened any more.
            ground.api().keys("PATCH", ground.vaultHost(), old.substring(old.indexOf("/keys/")), Ground.body("""
                    {"attributes":{"enabled":false}}"""));
            forAll(names, vm -> ground.act(vm, "start"));
            assertThat(ground.power(names.getFirst())).isEqualTo("PowerState/running");
            assertThat(ground.power(names.getLast())).isEqualTo("PowerState/running");
        }
    }

    /** Until some artifacts are under the new key, and by far not all. */
    private static void awaitSome(Ground ground) {
        long under;
        do {
            under = under(ground);
        } while (under == 0);
        assertThat(under).isLessThan(3 * VMS / 2);
    }

    private static long under(Ground ground) {
        return Long.parseLong(ground.census("set").text("underOtherKeys"));
    }

    /** Asks as a client that polls would. */
    private static void awaitEnd(Ground ground) {
        String state;
        do {
            state = ground.set("set").text("properties.provisioningState");
        } while (state.equals("Updating"));
    }

    private static void forAll(List<String> names, Consumer<String> act)
            throws ExecutionException, InterruptedException {
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            names.forEach(n -> all.add(clients.submit(() -> act.accept(n))));
            for (Future<?> one : all) {
                one.get();
            }
        }
    }
}
