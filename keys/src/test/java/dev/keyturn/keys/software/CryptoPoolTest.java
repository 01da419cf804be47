package dev.keyturn.keys.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.Errand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CryptoPoolTest {
    private final CryptoPool pool = new CryptoPool("test", 1, 1, 2, Duration.ofSeconds(3));
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<String> done = new CopyOnWriteArrayList<>();

    /** A client that can hang up. */
    private static final class Client implements Errand {
        private final String name;
        private final CompletableFuture<Runnable> watched = new CompletableFuture<>();

        Client(String name) {
            this.name = name;
        }

        @Override
        public String principal() {
            return name;
        }

        @Override
        public Watch whenAbandoned(Runnable action) {
            watched.complete(action);
            return () -> {};
        }

        void hangUp() throws Exception {
            watched.get(10, TimeUnit.SECONDS).run();
        }
    }

    @AfterEach
    void close() {
        released.countDown();
        pool.close();
    }

    @Test
    void principalWithItsShareWaiting_isThrottled_andAnotherIsNot() throws Exception {
        CompletableFuture<String> first = start(new Client("ann"), this::occupy);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Client ann = new Client("ann");
        CompletableFuture<String> second = start(ann, () -> "second");
        ann.watched.get(10, TimeUnit.SECONDS); // it waits

        assertThatThrownBy(() -> run(new Client("ann"), () -> "third"))
                .isInstanceOfSatisfying(
                        DomainException.class,
                        e -> assertThat(e.error())
                                .isInstanceOfSatisfying(
                                        DomainError.Throttled.class,
                                        t -> assertThat(t.retryAfter()).isEqualTo(Duration.ofSeconds(3))));
        CompletableFuture<String> other = start(new Client("bob"), () -> "other");
        released.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("occupied");
        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("second");
        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo("other");
    }

    @Test
    void workThatHasNotBegun_isDroppedWhenItsClientHangsUp() throws Exception {
        CompletableFuture<String> first = start(new Client("bob"), this::occupy);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Client gone = new Client("ann");
        CompletableFuture<String> dropped = start(gone, () -> {
            done.add("work of a client that is gone");
            return "";
        });
        gone.hangUp();
        assertThatThrownBy(() -> dropped.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("hung up");
        assertThat(pool.waiting()).isZero();
        released.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("occupied");
        assertThat(run(new Client("ann"), () -> "next")).isEqualTo("next");
        assertThat(done).isEmpty();
    }

    @Test
    void principalWithLongWork_leavesAThreadToOthers_andItsNextIsDoneAfterwards() throws Exception {
        try (CryptoPool two = new CryptoPool("two", 2, 1, 10, Duration.ofSeconds(1))) {
            CompletableFuture<String> first = start(two, new Client("ann"), this::occupy);
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            Client ann = new Client("ann");
            CompletableFuture<String> second = start(two, ann, () -> "second");
            ann.watched.get(10, TimeUnit.SECONDS); // it waits, although a thread is free
            assertThat(start(two, new Client("bob"), () -> "other").get(10, TimeUnit.SECONDS))
                    .isEqualTo("other");
            assertThat(second).isNotDone();
            released.countDown();
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("occupied");
            assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("second");
        }
    }

    @Test
    void serversOwnWork_isNotBoundByAnyShare() throws Exception {
        for (int i = 0; i < 5; i++) {
            int n = i;
            assertThat(pool.call(() -> n)).isEqualTo(n);
        }
    }

    private String occupy() throws InterruptedException {
        begun.countDown();
        assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
        return "occupied";
    }

    private <T> T run(Errand errand, Callable<T> work) throws Exception {
        return run(pool, errand, work);
    }

    private static <T> T run(CryptoPool in, Errand errand, Callable<T> work) throws Exception {
        return ScopedValue.where(Errand.CURRENT, errand).call(() -> in.call(work));
    }

    private <T> CompletableFuture<T> start(Errand errand, Callable<T> work) {
        return start(pool, errand, work);
    }

    private static <T> CompletableFuture<T> start(CryptoPool in, Errand errand, Callable<T> work) {
        CompletableFuture<T> out = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                out.complete(run(in, errand, work));
            } catch (Exception e) {
                out.completeExceptionally(e);
            }
        });
        return out;
    }
}
