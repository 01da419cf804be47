package dev.keyturn.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HandshakePlacesTest {
    private final HandshakePlaces places = new HandshakePlaces(1);

    /** A fault behind which all wait is a silence; a crowd that is served is none. */
    @Test
    void crowd_isOneThatWaits_whileOthersEnd() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (CountDownLatch end : List.of(first, second, second)) {
            threads.add(Thread.startVirtualThread(() -> places.run(() -> await(end))));
            int waiting = threads.size() - 1;
            until(() -> places.waiting() == waiting);
        }
        long before = places.done();
        assertThat(places.isCrowdedSince(before)).isFalse();
        first.countDown();
        until(() -> places.done() == before + 1);
        assertThat(places.isCrowdedSince(before)).isTrue();
        assertThat(places.isCrowdedSince(before + 1)).isFalse();
        second.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(places.isCrowdedSince(before)).isFalse();
    }

    @Test
    void taskThatFails_givesItsPlaceBack() {
        try {
            places.run(() -> {
                throw new IllegalStateException();
            });
        } catch (IllegalStateException e) {
            assertThat(places.done()).isEqualTo(1);
        }
        places.run(() -> {});
        assertThat(places.done()).isEqualTo(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void until(Eventually.Condition condition) {
        Eventually.holds("not in time", Duration.ofSeconds(30), condition);
    }
}
