package dev.keyturn.core.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What becomes of a fault that the heartbeat of the leases meets. */
class HeldLeasesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final LinkedBlockingQueue<String> deaths = new LinkedBlockingQueue<>();

    @Test
    void beat_thatMeetsAnError_isADeath() throws Exception {
        beating(() -> new StackOverflowError());
        assertThat(deaths.take()).isEqualTo("operation-leases: StackOverflowError");
    }

    @Test
    void beat_whoseReportOfAFailureFails_isADeath() throws Exception {
        beating(() -> new IllegalStateException() {
            @Override
            public String getMessage() {
                throw new OutOfMemoryError();
            }
        });
        assertThat(deaths.take()).isEqualTo("operation-leases: OutOfMemoryError");
    }

    @Test
    void beat_thatFails_isFollowedByAnother() throws Exception {
        AtomicInteger beats = new AtomicInteger();
        beating(() -> beats.incrementAndGet() < 3 ? new IllegalStateException("busy") : new OutOfMemoryError());
        assertThat(deaths.take()).isEqualTo("operation-leases: OutOfMemoryError");
        assertThat(beats).hasValue(3);
    }

    private void beating(Supplier<Throwable> fault) {
        VitalThreads vital = new VitalThreads(
                (thread, cause) -> deaths.add(thread + ": " + cause.getClass().getSimpleName()));
        HeldLeases leases =
                new HeldLeases(new Failing(fault), noStore(), _ -> NOW, Duration.ofMillis(3), vital, System::nanoTime);
        leases.hold(
                new Operation(
                        new OperationId(UUID.randomUUID()),
                        OperationKind.START_VM,
                        new ArmId("s", "g", "Microsoft.Compute/virtualMachines", "vm"),
                        Map.of(),
                        "me",
                        UUID.randomUUID(),
                        OperationStatus.IN_PROGRESS,
                        NOW,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        0,
                        0,
                        1),
                System.nanoTime());
        leases.startBeating();
    }

    private static OperationStore noStore() {
        return (OperationStore) Proxy.newProxyInstance(
                OperationStore.class.getClassLoader(), new Class<?>[] {OperationStore.class}, (_, method, _) -> {
                    throw new IllegalStateException("nothing gets as far as " + method.getName());
                });
    }

    private record Failing(Supplier<Throwable> fault) implements Transactions {
        @Override
        public <T> T read(Function<Tx, T> work) {
            throw new IllegalStateException("nothing is read");
        }

        @Override
        public <T> T write(Function<Tx, T> work) {
            switch (fault.get()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }
}
