package dev.keyturn.bench.faults;

import java.util.Random;

/**
 * Nothing gets through between one node and the database, and nobody is told. Afterwards either what was held arrives late,
 * or the connections break.
 */
final class Partition implements Strike {
    private static final int FIRST_MILLIS = 1_500;
    private static final int SHORT_MILLIS = 8_000;
    private static final int LONG_MILLIS = 33_000;

    private final PostgresSite site;
    private final int first;
    private final int length;
    private final boolean breaks;

    Partition(PostgresSite site, Random random) {
        this.site = site;
        first = random.nextInt(FIRST_MILLIS);
        length = random.nextInt(6) == 0 ? LONG_MILLIS : random.nextInt(SHORT_MILLIS);
        breaks = random.nextBoolean();
    }

    @Override
    public String text() {
        return "partition after " + first + " ms for " + length + " ms" + (breaks ? ", then broken" : ", then late");
    }

    @Override
    public void strike(Stage stage) throws InterruptedException {
        TcpLink way = site.way(stage.anyNode());
        stage.sleep(first);
        way.hold();
        try {
            stage.sleep(length);
            if (breaks) {
                way.cut();
            }
        } finally {
            way.release();
        }
    }
}
