package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresLeaseClockTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void now_isTheTimeOfTheMoment_alsoInsideOfATransaction() {
        PostgresLeaseClock clock = new PostgresLeaseClock();
        try (TestDatabase database = new PostgresTestDatabase(directory)) {
            Instant before = Instant.now();
            List<Instant> seen = database.transactions().write(tx -> List.of(clock.now(tx), clock.now(tx)));
            assertThat(seen.get(1)).isAfter(seen.get(0));
            assertThat(seen)
                    .as("the server runs on this machine")
                    .allMatch(t -> Duration.between(before, t).abs().compareTo(Duration.ofMinutes(1)) < 0);
        }
    }
}
