package dev.keyturn.core.host;

import dev.keyturn.core.operation.LeaseOwner;
import java.time.Duration;
import java.time.Instant;

/**
 * A host and the node that serves it.
 *
 * @param patience the longest that the owner lets a question take
 * @param address where other nodes reach the owner, as host:port
 * @param liveUntil by the clock of all nodes ({@link dev.keyturn.core.operation.LeaseClock}); the owner moves it on
 *     again and again
 */
public record ServedHost(HostInfo info, Duration patience, LeaseOwner owner, String address, Instant liveUntil) {
    public String name() {
        return info.name();
    }

    public ServedHost until(Instant time) {
        return new ServedHost(info, patience, owner, address, time);
    }
}
