package dev.keyturn.bench.faults;

import dev.keyturn.bench.Bodies;
import dev.keyturn.cli.client.Api;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * SIGKILL: at any moment, behind the n-th acknowledged request, or while a named call to the host is held for some seconds; and in some
 * rounds again, in the midst of starting or shortly after it.
 */
final class Kill implements Strike {
    /** Calls that are held. */
    static final List<String> CALLS =
            List.of("provision", "start", "stop", "prove", "attach", "plug", "unplug", "delete", "forget", "refusals");

    private static final String HELD = "held";
    /** A question to the host that takes longer is given up. */
    private static final int HELD_MILLIS = 4_000;

    private static final int LONGEST_MILLIS = 2_500;
    private static final int MOST_ACKNOWLEDGED = 80;
    private static final int START_MILLIS = 2_000;
    private static final long PATIENCE_MILLIS = 8_000;
    private static final long POLL_MILLIS = 10;

    private final int kind;
    private final int millis;
    private final int acknowledged;
    private final String call;
    private final List<Integer> again = new ArrayList<>();
    private String missed = "";

    Kill(Random random) {
        kind = random.nextInt(3);
        millis = random.nextInt(LONGEST_MILLIS);
        acknowledged = 1 + random.nextInt(MOST_ACKNOWLEDGED);
        call = CALLS.get(random.nextInt(CALLS.size()));
        while (again.size() < 3 && random.nextInt(5) < 2) {
            again.add(random.nextInt(START_MILLIS));
        }
    }

    @Override
    public String text() {
        String moment = switch (kind) {
            case 0 -> "after " + millis + " ms";
            case 1 -> "after " + acknowledged + " acknowledged";
            default -> "in " + call + missed;
        };
        return "kill " + moment + (again.isEmpty() ? "" : ", again " + again + " ms into the start");
    }

    private boolean held() {
        return kind == 2;
    }

    @Override
    public Optional<String> toward() {
        return held() ? Optional.of(call) : Optional.empty();
    }

    @Override
    public void prepare(Stage stage) {
        if (held()) {
            try (Api api = stage.site.api(0)) {
                api.own(
                        "PUT",
                        "/keyturn/simulatedHost/faults/" + HELD,
                        Bodies.json("{\"kind\":\"slow\",\"call\":\"%s\",\"delayMs\":%d,\"times\":%d}"
                                .formatted(call, HELD_MILLIS, times())));
            }
        }
    }

    @Override
    public void strike(Stage stage) throws IOException, InterruptedException, SQLException, Stage.StuckException {
        int node = stage.anyNode();
        await(stage);
        stage.kill(node);
        for (int wait : again) {
            ServerProcess server = stage.begin(node);
            stage.sleep(wait);
            if (server.alive()) {
                stage.kill(node);
            } else {
                stage.violation("node " + node + " ended in the midst of its start: " + server.lastWords());
            }
        }
        stage.begin(node);
        stage.awaitReady(node);
    }

    private void await(Stage stage) throws InterruptedException {
        if (kind == 0) {
            stage.sleep(millis);
            return;
        }
        long begin = System.nanoTime();
        try (Api api = stage.site.api(0)) {
            while (held()
                    ? stage.strikesLeft(api, HELD).orElse(times()) >= times()
                    : stage.journal.acknowledged() < acknowledged) {
                if (System.nanoTime() - begin > PATIENCE_MILLIS * 1_000_000) {
                    missed = " (nothing came there)";
                    return;
                }
                stage.sleep(POLL_MILLIS);
            }
        }
    }

    /** How often a call is held: once for each kill. */
    private int times() {
        return 1 + again.size();
    }
}
