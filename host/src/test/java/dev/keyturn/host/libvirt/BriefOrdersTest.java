package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseLostException;
import dev.keyturn.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders to a file server that is gone: the call into it does not come back. */
class BriefOrdersTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void orderThatHangs_isRefusedAfterItsLimit_andCountedUntilItComesBack() throws Exception {
        CountDownLatch server = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (BriefOrders orders = new BriefOrders("rack1")) {
            ErrorInfo refusal = unavailable(orders, () -> {
                await(server);
                gone.countDown();
            });
            assertThat(refusal.code()).isEqualTo("HostNotReachable");
            assertThat(refusal.message()).contains("storage directory of the host 'rack1'", "20 ms");
            assertThat(orders.late()).isEqualTo(1);
            orders.within(LONG, "attach", () -> {});

            server.countDown();
            gone.await();
            orders.within(LONG, "attach", () -> Eventually.until(LONG, orders::late, n -> n == 0));
        }
    }

    @Test
    void orderThatHangs_keepsItsTurn_soALaterOneWaits_andIsNotOvertakenByIt() throws Exception {
        CountDownLatch server = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        Fences fences = Fences.open(directory);
        List<String> done = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        TreeSet<String> disk = new TreeSet<>(List.of("disk-1"));
        try (BriefOrders orders = new BriefOrders("rack1")) {
            unavailable(
                    orders,
                    () -> fences.under(new Fence(7), disk, () -> {
                        began.countDown();
                        await(server);
                        done.add("late");
                    }));
            began.await();
            unavailable(orders, () -> fences.under(new Fence(8), disk, () -> done.add("later")));
            server.countDown();
            orders.within(LONG, "delete", () -> fences.under(new Fence(9), disk, () -> done.add("last")));

            assertThat(done.getFirst()).isEqualTo("late");
            assertThat(done.getLast()).isEqualTo("last");
            assertThat(catchThrowableOfType(
                            LeaseLostException.class,
                            () -> orders.within(
                                    LONG, "delete", () -> fences.under(new Fence(6), disk, () -> done.add("stale")))))
                    .isNotNull();
        }
    }

    private static ErrorInfo unavailable(BriefOrders orders, Runnable order) {
        DomainException refused =
                catchThrowableOfType(DomainException.class, () -> orders.within(SHORT, "delete", order));
        assertThat(refused).isNotNull();
        assertThat(refused.error()).isInstanceOf(DomainError.Unavailable.class);
        return refused.error().info();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
