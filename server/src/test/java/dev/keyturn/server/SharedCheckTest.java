package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedCheckTest {
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final AtomicLong now = new AtomicLong();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private Optional<String> state = Optional.empty();
    private int runs;

    private Optional<String> look() {
        runs++;
        return state;
    }

    private SharedCheck check(SharedCheck.Check check) {
        return new SharedCheck(check, FRESH, Duration.ofSeconds(3), now::get, Runnable::run);
    }

    @Test
    void manyAskers_withinFreshness_causeOneRun() {
        SharedCheck check = check(this::look);
        for (int i = 0; i < 1_000; i++) {
            assertThat(check.problem()).isEmpty();
        }
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void answer_olderThanFreshness_isLookedUpAgain() {
        SharedCheck check = check(this::look);
        assertThat(check.problem()).isEmpty();
        state = Optional.of("The disk is full.");
        now.addAndGet(FRESH.toNanos() - 1);
        assertThat(check.problem()).isEmpty();
        now.addAndGet(1);
        assertThat(check.problem()).contains("The disk is full.");
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void runThatDoesNotEnd_isTheAnswer_andIsNotStartedTwice() {
        SharedCheck check = new SharedCheck(this::look, FRESH, Duration.ZERO, now::get, waiting::add);
        assertThat(check.problem()).contains("The check does not end.");
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(check.problem()).contains("The check does not end.");
        assertThat(waiting).hasSize(1);

        waiting.remove().run();
        assertThat(check.problem())
                .as("its late answer is old, a new run begins")
                .contains("The check does not end.");
        waiting.remove().run();
        assertThat(check.problem()).isEmpty();
    }

    @Test
    void checkThatThrows_isAnAnswer_andTriedAgainLater() {
        SharedCheck check = check(() -> {
            runs++;
            throw new IllegalStateException("no such table");
        });
        assertThat(check.problem()).contains("The check failed.");
        assertThat(check.problem()).contains("The check failed.");
        now.addAndGet(FRESH.toNanos());
        assertThat(check.problem()).contains("The check failed.");
        assertThat(runs).isEqualTo(2);
    }
}
