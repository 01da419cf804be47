package dev.keyturn.core.time;

import java.time.Clock;
import java.time.Instant;

/**
 * The time for what cannot be taken back: the end of a retention, the end of a grace. The clock of the machine can be
 * set, forth and back; the time seen cannot: it is only as late as the server has seen time pass (docs/clock.md).
 * Thread-safe.
 */
public interface ServerTime {
    /** The time seen. Only grows, but for the last few minutes, which it gives up to meet a clock that is behind. */
    Instant seen();

    /** The earlier of clock and time seen: what is due by now is due by both. */
    Instant reached();

    /** The later of clock and time seen: what begins to wait now waits its whole time by both. */
    Instant latest();

    /** Of a clock that is believed, whatever it says: for tests of other things. */
    static ServerTime of(Clock clock) {
        return new ServerTime() {
            @Override
            public Instant seen() {
                return clock.instant();
            }

            @Override
            public Instant reached() {
                return clock.instant();
            }

            @Override
            public Instant latest() {
                return clock.instant();
            }
        };
    }
}
