package dev.keyturn.server.nodes;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Which seals were used. A seal is good while its time is not further from this node's than {@link #WINDOW}, and is
 * remembered as long as it could be good. Only who can make a seal adds to it. Thread-safe.
 */
final class Nonces {
    static final Duration WINDOW = Duration.ofSeconds(60);

    /** How often it is looked what need not be remembered any more. */
    private static final Duration OFTEN = Duration.ofSeconds(5);

    /** Until when each may be good. */
    private final Map<String, Instant> used = new HashMap<>();

    private Instant next = Instant.MIN;

    /** Whether the seal is in time and new; it is used from now on. */
    synchronized boolean take(NodeSeal seal, Instant now) {
        if (!now.isBefore(next)) {
            used.values().removeIf(until -> until.isBefore(now));
            next = now.plus(OFTEN);
        }
        if (Duration.between(seal.at(), now).abs().compareTo(WINDOW) > 0) {
            return false;
        }
        return used.putIfAbsent(seal.nonce(), seal.at().plus(WINDOW)) == null;
    }
}
