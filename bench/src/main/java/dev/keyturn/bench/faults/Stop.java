package dev.keyturn.bench.faults;

import java.io.IOException;
import java.util.Random;

/** SIGSTOP for longer than a lease lasts, and SIGCONT: what the node had in hand when it fell asleep comes late. */
final class Stop implements Strike {
    private static final int LEASE_MILLIS = 30_000;
    private static final int FIRST_MILLIS = 1_500;

    private final int first;
    private final int length;

    Stop(Random random) {
        first = random.nextInt(FIRST_MILLIS);
        length = LEASE_MILLIS + 1_000 + random.nextInt(3_000);
    }

    @Override
    public String text() {
        return "stop for " + length + " ms after " + first + " ms";
    }

    @Override
    public void strike(Stage stage) throws IOException, InterruptedException {
        ServerProcess server = stage.server(stage.anyNode());
        stage.sleep(first);
        server.signal("STOP");
        try {
            stage.sleep(length);
        } finally {
            server.signal("CONT");
        }
    }
}
