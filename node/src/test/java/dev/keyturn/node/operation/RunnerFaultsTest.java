package dev.keyturn.node.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.FenceLift;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationRunner;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.node.SettableClock;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose a fault is that the operation runner meets (docs/faults.md). */
class RunnerFaultsTest {

    @TempDir
    Path directory;

    private final LinkedBlockingQueue<String> deaths = new LinkedBlockingQueue<>();
    private final VitalThreads vital = new VitalThreads(
            (thread, cause) -> deaths.add(thread + ": " + cause.getClass().getSimpleName()));
    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private SqlStores stores;
    private TestDatabase database;
    private OperationService operations;

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, vital, SimulatedTables.MIGRATIONS);
        stores = database.stores();
        operations = new OperationService(database.transactions(), stores.operations(), clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void claimer_thatMeetsAnError_isADeath() throws Exception {
        try (OperationRunner runner =
                runner(new Claims(() -> new StackOverflowError()), handler(OutOfMemoryError::new))) {
            runner.start();
            assertThat(deaths.take()).isEqualTo("operations: StackOverflowError");
        }
    }

    @Test
    void claimer_whoseReportOfAFailureFails_isADeath() throws Exception {
        Claims transactions = new Claims(() -> new IllegalStateException() {
            @Override
            public String getMessage() {
                throw new OutOfMemoryError();
            }
        });
        try (OperationRunner runner = runner(transactions, handler(OutOfMemoryError::new))) {
            runner.start();
            assertThat(deaths.take()).isEqualTo("operations: OutOfMemoryError");
        }
    }

    @Test
    void operation_thatRunsOutOfMemory_isADeath_andStaysToBeResumed() throws Exception {
        Operation operation = begin();
        try (OperationRunner runner = runner(database.transactions(), handler(OutOfMemoryError::new))) {
            runner.start();
            assertThat(deaths.take()).isEqualTo("operation-" + operation.id() + ": OutOfMemoryError");
        }
        assertThat(operations.find(operation.id()).orElseThrow().running()).isTrue();
    }

    @Test
    void operation_whoseStackOverflows_isTriedAgain_asAfterAnyFault() throws Exception {
        Operation operation = begin();
        OperationRunner runner = runner(database.transactions(), handler(StackOverflowError::new));
        assertThat(runner.runDue()).isEqualTo(1);
        assertThat(operations.find(operation.id()).orElseThrow().running()).isTrue();
        assertThat(runner.runDue()).as("not before its delay").isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(runner.runDue()).isEqualTo(1);
        assertThat(deaths).isEmpty();
    }

    @Test
    void operationsThatTakeAllPlaces_andDoNothing_areSeen_untilOneDoes() throws Exception {
        AtomicLong now = new AtomicLong();
        Semaphore begun = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        LinkedBlockingQueue<Lease> leases = new LinkedBlockingQueue<>();
        OperationHandler hanging = new OperationHandler() {
            @Override
            public OperationKind kind() {
                return OperationKind.START_VM;
            }

            @Override
            public Completion run(Operation operation, Lease lease) {
                leases.add(lease);
                begun.release();
                go.acquireUninterruptibly();
                return _ -> Optional.empty();
            }

            @Override
            public void failed(Tx tx, Operation operation, ErrorInfo error) {}
        };
        try (OperationRunner runner = new OperationRunner(parts(database.transactions(), now::get), List.of(hanging))) {
            for (int i = 0; i < OperationRunner.AT_ONCE - 1; i++) {
                begin();
            }
            runner.start();
            begun.acquire(OperationRunner.AT_ONCE - 1);
            now.addAndGet(Duration.ofHours(1).toNanos());
            assertThat(runner.stuck()).as("there is a place left").isZero();
            begin();
            begun.acquire();
            assertThat(runner.stuck()).isZero();
            now.addAndGet(Duration.ofHours(1).toNanos());
            assertThat(runner.stuck()).isEqualTo(Duration.ofHours(1));
            leases.take().progress(1);
            assertThat(runner.stuck()).isZero();
            go.release(OperationRunner.AT_ONCE);
        }
    }

    private Operation begin() {
        return Asked.begin(database, operations, clock);
    }

    private OperationRunner runner(Transactions transactions, OperationHandler handler) {
        return new OperationRunner(parts(transactions, System::nanoTime), List.of(handler));
    }

    private OperationRunner.Parts parts(Transactions transactions, LongSupplier nanos) {
        return new OperationRunner.Parts(
                transactions,
                stores.operations(),
                operations,
                clock,
                _ -> clock.instant(),
                new LeaseOwner("n", UUID.randomUUID()),
                () -> true,
                new FenceLift(() -> 0, () -> Fence.NONE, transactions, stores.operations()),
                vital,
                nanos);
    }

    private static OperationHandler handler(Supplier<Error> fault) {
        return new OperationHandler() {
            @Override
            public OperationKind kind() {
                return OperationKind.START_VM;
            }

            @Override
            public Completion run(Operation operation, Lease lease) {
                throw fault.get();
            }

            @Override
            public void failed(Tx tx, Operation operation, ErrorInfo error) {}
        };
    }

    /** A store that fails the claimer, and nobody else. */
    private final class Claims implements Transactions {
        private final Supplier<Throwable> fault;

        Claims(Supplier<Throwable> fault) {
            this.fault = fault;
        }

        @Override
        public <T> T read(Function<Tx, T> work) {
            return database.transactions().read(work);
        }

        @Override
        public <T> T write(Function<Tx, T> work) {
            if (!Thread.currentThread().getName().equals("operations")) {
                return database.transactions().write(work);
            }
            switch (fault.get()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }
}
