package dev.keyturn.server.portal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AskersTest {
    private static final Instant MADE = Instant.parse("2026-05-01T10:00:00Z");

    @Test
    void whatWasAskedForBeforeThePersonOfThatNameWasMade_isNotTheirs() {
        Askers askers = new Askers(Map.of("ann", MADE));
        assertThat(askers.told("ann", MADE.minusMillis(1))).isEqualTo("ann (not the person of that name now)");
        assertThat(askers.told("ann", MADE)).isEqualTo("ann");
        assertThat(askers.told("a program", MADE.minusSeconds(1))).isEqualTo("a program");
        assertThat(Askers.NONE.told("ann", Instant.MIN)).isEqualTo("ann");
    }
}
