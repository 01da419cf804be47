package dev.keyturn.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RatesTest {
    private final AtomicLong now = new AtomicLong();
    private final Rates rates = new Rates(10, now::get);

    @Test
    void oneTooMany_waitsForThePlaceThatComesBack() {
        for (int i = 0; i < 10; i++) {
            assertThat(rates.count("a")).isEmpty();
        }
        assertThat(rates.full("a")).contains(Duration.ofSeconds(6));
        assertThat(rates.count("a")).contains(Duration.ofSeconds(6));
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(rates.count("a").orElseThrow()).isBetween(Duration.ofMillis(1999), Duration.ofMillis(2001));
        now.addAndGet(Duration.ofMillis(2001).toNanos());
        assertThat(rates.count("a")).isEmpty();
        assertThat(rates.count("a")).isPresent();
    }

    @Test
    void asManyAtOnce_asIsSaid_howeverManyAMinuteBringsBack() {
        Rates narrow = new Rates(2, 600, now::get);
        assertThat(narrow.count("a")).isEmpty();
        assertThat(narrow.count("a")).isEmpty();
        assertThat(narrow.count("a")).contains(Duration.ofMillis(100));
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(narrow.count("a")).isEmpty();
        assertThat(narrow.count("a")).isEmpty();
        assertThat(narrow.count("a")).isPresent();
    }

    @Test
    void holders_doNotUseUpOneAnothersTurns() {
        for (int i = 0; i < 11; i++) {
            rates.note("a");
        }
        assertThat(rates.full("a")).isPresent();
        assertThat(rates.full("b")).isEmpty();
        assertThat(rates.count("b")).isEmpty();
    }

    @Test
    void longSilence_bringsBackNoMoreThanAMinutesWorth() {
        rates.note("a");
        now.addAndGet(Duration.ofDays(365).toNanos());
        for (int i = 0; i < 10; i++) {
            assertThat(rates.count("a")).isEmpty();
        }
        assertThat(rates.count("a")).isPresent();
    }

    @Test
    void holdersWithoutEnd_areForgotten_whoWasSeenLastIsNot() {
        for (int i = 0; i < 11; i++) {
            rates.note("guesser");
        }
        for (int i = 0; i < 2 * Rates.HOLDERS; i++) {
            rates.note("holder " + i);
            assertThat(rates.full("guesser")).isPresent();
        }
        assertThat(rates.holders()).isEqualTo(Rates.HOLDERS);
    }
}
