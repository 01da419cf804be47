package dev.keyturn.server.portal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PulseTest {
    private final Pulse pulse = new Pulse();

    @Test
    void change_movesTheMoment() {
        String before = pulse.now();
        assertThat(pulse.now()).isEqualTo(before);
        pulse.changed();
        assertThat(pulse.now()).isNotEqualTo(before);
    }

    @Test
    void whoWaits_isWokenByAChange() throws Exception {
        String before = pulse.now();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<String> woken = new CompletableFuture<>();
            threads.execute(() -> {
                try {
                    woken.complete(pulse.after(before, Duration.ofMinutes(5)));
                } catch (InterruptedException e) {
                    woken.completeExceptionally(e);
                }
            });
            pulse.changed();
            assertThat(woken.get()).isEqualTo(pulse.now()).isNotEqualTo(before);
        }
    }

    @Test
    void momentOfAnotherProcess_isNeverThePresentOne() throws Exception {
        assertThat(new Pulse().now()).isNotEqualTo(pulse.now());
        assertThat(pulse.after(new Pulse().now(), Duration.ofMinutes(5))).isEqualTo(pulse.now());
    }
}
