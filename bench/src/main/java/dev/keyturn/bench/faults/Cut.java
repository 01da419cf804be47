package dev.keyturn.bench.faults;

import java.io.IOException;
import java.util.Random;

/** PostgreSQL is killed, or stopped without ending anything in order, whatever it is committing; later it is back. */
final class Cut implements Strike {
    private static final int FIRST_MILLIS = 1_500;
    private static final int LENGTH_MILLIS = 3_000;

    private final PostgresProcess postgres;
    private final int first;
    private final int length;
    private final boolean kills;

    Cut(PostgresProcess postgres, Random random) {
        this.postgres = postgres;
        first = random.nextInt(FIRST_MILLIS);
        length = random.nextInt(LENGTH_MILLIS);
        kills = random.nextBoolean();
    }

    @Override
    public String text() {
        return "PostgreSQL " + (kills ? "killed" : "stopped at once") + " after " + first + " ms, away for " + length
                + " ms";
    }

    @Override
    public void strike(Stage stage) throws IOException, InterruptedException {
        stage.sleep(first);
        if (kills) {
            postgres.kill();
        } else {
            postgres.stopImmediately();
        }
        try {
            stage.sleep(length);
        } finally {
            postgres.start();
        }
    }
}
