package dev.keyturn.server;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;

/**
 * A program: a server of which one thread runs out of memory while an operation that a client was promised waits.
 * Arguments: the data directory, and the name of the thread.
 */
final class MortalServer {
    private MortalServer() {}

    public static void main(String[] arguments) throws Exception {
        MortalClock clock = new MortalClock(arguments[1]);
        RunningServer server = RunningServer.start(
                ServerConfig.in(Path.of(arguments[0])).withPort(0).withClock(clock));
        String group = server.subscription() + "/resourceGroups/g?api-version=2021-04-01";
        server.arm("PUT", group, "{\"location\":\"westeurope\"}");
        System.out.println(server.arm("DELETE", group, "").statusCode());
        clock.promised.countDown();
        new CountDownLatch(1).await();
    }

    /** Lets its victim die of asking it, once the promise was given. */
    private static final class MortalClock extends Clock {
        final CountDownLatch promised = new CountDownLatch(1);
        private final String victim;

        MortalClock(String victim) {
            this.victim = victim;
        }

        @Override
        public Instant instant() {
            String asks = Thread.currentThread().getName();
            if (promised.getCount() == 0 && asks.equals(victim)) {
                throw new OutOfMemoryError("as if");
            }
            return Instant.now();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
