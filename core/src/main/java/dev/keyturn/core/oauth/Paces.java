package dev.keyturn.core.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How often clients ask for what they wait for (RFC 8628, 3.5). As many as there are open codes, and no more: who is over
 * is forgotten. Thread-safe.
 */
final class Paces {
    /** Between two questions. */
    static final Duration INTERVAL = DeviceSignIn.INTERVAL;

    /** A network that held one question back does not make the next one too early. */
    private static final Duration SLACK = Duration.ofMillis(500);

    private record Pace(Instant asked, Duration interval) {}

    private final Map<String, Pace> paces = new HashMap<>();

    /** Whether it asks sooner than it should; then it should wait longer from now on. */
    synchronized boolean tooFast(String id, Instant now) {
        Pace last = paces.getOrDefault(id, new Pace(Instant.MIN, INTERVAL));
        boolean tooFast = now.isBefore(last.asked().plus(last.interval()).minus(SLACK));
        paces.put(id, new Pace(now, tooFast ? last.interval().plus(INTERVAL) : last.interval()));
        paces.values().removeIf(p -> p.asked().isBefore(now.minus(DeviceSignIn.LIFETIME)));
        return tooFast;
    }

    synchronized void forget(String id) {
        paces.remove(id);
    }
}
