package dev.keyturn.core.vault;

import dev.keyturn.core.time.ServerTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The times of vaults and keys, which Key Vault counts in whole seconds. Thread-safe. */
public record Deletions(Clock clock, ServerTime time) {
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * A deletion that happens now: what it is of is kept for that many days, by the clock and by the server's time
     * (docs/clock.md).
     */
    public Deletion in(int days) {
        Instant now = now();
        Instant latest = time.latest().truncatedTo(ChronoUnit.SECONDS);
        Instant from = latest.isAfter(now.plusSeconds(1)) ? latest : now;
        return new Deletion(now, from.plus(Duration.ofDays(days)));
    }
}
