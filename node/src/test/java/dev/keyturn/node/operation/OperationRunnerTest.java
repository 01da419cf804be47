package dev.keyturn.node.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.FenceLift;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.LeaseClock;
import dev.keyturn.core.operation.LeaseLostException;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.operation.NotYetException;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationRunner;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.node.SettableClock;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import dev.keyturn.store.engine.SqlTx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationRunnerTest {
    private static class StartHandler implements OperationHandler {
        private final BiFunction<Operation, Lease, Completion> work;
        private final List<ErrorInfo> failures = new ArrayList<>();

        StartHandler(BiFunction<Operation, Lease, Completion> work) {
            this.work = work;
        }

        @Override
        public OperationKind kind() {
            return OperationKind.START_VM;
        }

        @Override
        public Completion run(Operation operation, Lease lease) {
            return work.apply(operation, lease);
        }

        @Override
        public void failed(Tx tx, Operation operation, ErrorInfo error) {
            failures.add(error);
        }
    }

    private static final LeaseOwner EARLIER = new LeaseOwner("n", UUID.randomUUID());
    private static final LeaseOwner LATER = new LeaseOwner("n", UUID.randomUUID());

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong sessions = new AtomicLong();
    private final AtomicBoolean mayClaim = new AtomicBoolean(true);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private LeaseClock leaseClock = _ -> clock.instant();
    private SqlStores stores;
    private TestDatabase database;
    private OperationService operations;

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        stores = database.stores();
        operations = new OperationService(database.transactions(), stores.operations(), clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private OperationRunner runner(String node, OperationHandler handler) {
        return new OperationRunner(
                new OperationRunner.Parts(
                        database.transactions(),
                        stores.operations(),
                        operations,
                        clock,
                        tx -> leaseClock.now(tx),
                        new LeaseOwner(node, UUID.randomUUID()),
                        mayClaim::get,
                        new FenceLift(
                                sessions::get, () -> new Fence(700), database.transactions(), stores.operations()),
                        VitalThreads.halting(),
                        nanos::get),
                List.of(handler));
    }

    private Operation begin() {
        return Asked.begin(database, operations, clock);
    }

    private Operation now(Operation operation) {
        return operations.find(operation.id()).orElseThrow();
    }

    @Test
    void run_endsWithWhatTheCompletionSays() throws Exception {
        Operation good = begin();
        assertThat(runner("n", new StartHandler((o, l) -> tx -> Optional.empty()))
                        .runDue())
                .isEqualTo(1);
        assertThat(now(good).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(now(good).endedAt()).contains(clock.instant());
        Operation bad = begin();
        runner("n", new StartHandler((o, l) -> tx -> Optional.of(ErrorInfo.of("Broken", "it broke"))))
                .runDue();
        assertThat(now(bad).status()).isEqualTo(OperationStatus.FAILED);
        assertThat(now(bad).error().orElseThrow().code()).isEqualTo("Broken");
    }

    @Test
    void run_thatIsRefused_failsThroughItsHandler() throws Exception {
        Operation operation = begin();
        StartHandler handler = new StartHandler((o, l) -> {
            throw DomainError.notAllowed("not now").asException();
        });
        runner("n", handler).runDue();
        assertThat(now(operation).error().orElseThrow().message()).isEqualTo("not now");
        assertThat(handler.failures).hasSize(1);
    }

    @Test
    void run_thatMeetsAFault_isTriedAgainWithAGrowingDelay_andThenGivenUp() throws Exception {
        Operation operation = begin();
        AtomicInteger tries = new AtomicInteger();
        StartHandler handler = new StartHandler((o, l) -> {
            tries.incrementAndGet();
            throw new IllegalStateException("a fault");
        });
        OperationRunner runner = runner("n", handler);
        for (int i = 1; i <= 5; i++) {
            runner.runDue();
            assertThat(tries).hasValue(i);
            clock.advance(Duration.ofSeconds(1L << (i - 1)));
        }
        assertThat(now(operation).status()).isEqualTo(OperationStatus.FAILED);
        assertThat(now(operation).error().orElseThrow().message()).doesNotContain("a fault");
        assertThat(handler.failures).hasSize(1);
    }

    @Test
    void run_whereSomethingIsUnavailableOnce_succeedsLater() throws Exception {
        Operation operation = begin();
        AtomicInteger tries = new AtomicInteger();
        OperationRunner runner = runner("n", new StartHandler((o, l) -> {
            if (tries.incrementAndGet() == 1) {
                throw new DomainError.Unavailable(ErrorInfo.of("HostUnreachable", "silent")).asException();
            }
            return tx -> Optional.empty();
        }));
        runner.runDue();
        assertThat(now(operation).running()).isTrue();
        clock.advance(Duration.ofSeconds(1));
        runner.runDue();
        assertThat(now(operation).status()).isEqualTo(OperationStatus.SUCCEEDED);
    }

    @Test
    void run_afterManyKills_hasAllItsTriesLeft() throws Exception {
        Operation operation = begin();
        for (int kill = 0; kill < 7; kill++) {
            database.transactions()
                    .run(tx -> assertThat(stores.operations()
                                    .claim(
                                            tx,
                                            EARLIER,
                                            clock.instant(),
                                            clock.instant().plusSeconds(30),
                                            10))
                            .hasSize(1));
            database.transactions().run(tx -> stores.operations().abandon(tx, LATER, clock.instant()));
        }
        AtomicInteger tries = new AtomicInteger();
        OperationRunner runner = runner("n", new StartHandler((o, l) -> {
            tries.incrementAndGet();
            throw new DomainError.Unavailable(ErrorInfo.of("HostUnreachable", "silent")).asException();
        }));
        for (int i = 1; i <= 5; i++) {
            assertThat(now(operation).running()).as("before try " + i).isTrue();
            runner.runDue();
            assertThat(tries).hasValue(i);
            clock.advance(Duration.ofSeconds(1L << (i - 1)));
        }
        assertThat(now(operation).status()).isEqualTo(OperationStatus.FAILED);
    }

    @Test
    void run_thatWaitedOften_hasAllItsTriesLeft() throws Exception {
        Operation operation = begin();
        AtomicInteger runs = new AtomicInteger();
        OperationRunner runner = runner("n", new StartHandler((o, l) -> {
            if (runs.incrementAndGet() <= 9) {
                throw new NotYetException(Duration.ofSeconds(1));
            }
            throw new DomainError.Unavailable(ErrorInfo.of("HostUnreachable", "silent")).asException();
        }));
        for (int i = 1; i <= 10; i++) {
            runner.runDue();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(now(operation).running()).isTrue();
        assertThat(now(operation).failures()).isEqualTo(1);
    }

    @Test
    void run_ofWhatIsNeverGivenUp_isTriedUntilItSucceeds_whateverItMeets() throws Exception {
        Operation operation = begin();
        AtomicInteger runs = new AtomicInteger();
        OperationRunner runner = runner(
                "n",
                new StartHandler((o, l) -> {
                    int run = runs.incrementAndGet();
                    if (run == 30) {
                        return tx -> Optional.empty();
                    }
                    throw run % 2 == 0
                            ? DomainError.notAllowed("in use").asException()
                            : new IllegalStateException("a fault");
                }) {
                    @Override
                    public boolean givesUp() {
                        return false;
                    }
                });
        for (int i = 1; i <= 30; i++) {
            runner.runDue();
            assertThat(runs).hasValue(i);
            clock.advance(Duration.ofMinutes(5));
        }
        assertThat(now(operation).status()).isEqualTo(OperationStatus.SUCCEEDED);
    }

    @Test
    void run_thatAHostFencedOff_stopsQuietly() throws Exception {
        Operation operation = begin();
        List<Fence> fences = new ArrayList<>();
        StartHandler handler = new StartHandler((o, l) -> {
            fences.add(l.fence());
            if (fences.size() == 1) {
                throw LeaseLostException.fencedOff("vm-1", l.fence());
            }
            return tx -> Optional.empty();
        });
        OperationRunner runner = runner("n", handler);
        runner.runDue();
        assertThat(now(operation).running()).isTrue();
        assertThat(now(operation).failures()).isZero();
        assertThat(handler.failures).isEmpty();
        clock.advance(Duration.ofSeconds(30));
        runner.runDue();
        assertThat(now(operation).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(fences.get(1)).isGreaterThan(fences.get(0));
    }

    @Test
    void write_afterAnotherNodeTookOver_changesNothing() throws Exception {
        Operation operation = begin();
        List<Lease> leases = new ArrayList<>();
        OperationRunner slow = runner("slow", new StartHandler((o, l) -> {
            leases.add(l);
            clock.advance(Duration.ofMinutes(5));
            OperationRunner other = runner("other", new StartHandler((o2, l2) -> tx -> Optional.empty()));
            try {
                assertThat(other.runDue()).isEqualTo(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return tx -> Optional.of(ErrorInfo.of("Late", "must not be stored"));
        }));
        slow.runDue();
        assertThat(now(operation).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThatThrownBy(() -> leases.getFirst().run(tx -> stores.operations().progress(tx, operation.id(), 1)))
                .isInstanceOf(LeaseLostException.class);
    }

    @Test
    void leaseThatTheSameProcessTookAgain_staysItsOwn_whenTheEarlierRunEnds() throws Exception {
        Operation operation = begin();
        CountDownLatch secondBegan = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        List<Thread> second = new ArrayList<>();
        List<OperationRunner> self = new ArrayList<>();
        self.add(runner("n", new StartHandler((o, l) -> {
            try {
                if (runs.incrementAndGet() == 1) {
                    clock.advance(Duration.ofMinutes(5)); // the machine slept
                    second.add(Thread.ofVirtual().start(() -> {
                        try {
                            self.getFirst().runDue();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }));
                    secondBegan.await();
                } else {
                    secondBegan.countDown();
                    closed.await();
                    l.run(tx -> stores.operations().progress(tx, o.id(), 1));
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } catch (LeaseLostException e) {
                lost.incrementAndGet();
                throw e;
            }
            return tx -> Optional.empty();
        })));
        self.getFirst().runDue();
        self.getFirst().close();
        closed.countDown();
        second.getFirst().join();
        assertThat(runs).hasValue(2);
        assertThat(lost).as("the second run lost its lease with the close").hasValue(1);
        assertThat(now(operation).status()).isEqualTo(OperationStatus.IN_PROGRESS);
    }

    @Test
    void start_resumesAtOnceWhatADeadProcessOfTheSameNameHeld() throws Exception {
        Operation operation = begin();
        database.transactions()
                .run(tx -> assertThat(stores.operations()
                                .claim(
                                        tx,
                                        EARLIER,
                                        clock.instant(),
                                        clock.instant().plusSeconds(3_600),
                                        10))
                        .hasSize(1));
        CountDownLatch ran = new CountDownLatch(1);
        try (OperationRunner next = runner("n", new StartHandler((o, l) -> tx -> {
            ran.countDown();
            return Optional.empty();
        }))) {
            next.start();
            assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
            next.drain(Duration.ofSeconds(10));
        }
        assertThat(now(operation).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(now(operation).attempts()).isEqualTo(2);
    }

    @Test
    void start_leavesWhatAnotherNodeHolds() throws Exception {
        Operation operation = begin();
        LeaseOwner other = new LeaseOwner("m", UUID.randomUUID());
        database.transactions()
                .run(tx -> assertThat(stores.operations()
                                .claim(
                                        tx,
                                        other,
                                        clock.instant(),
                                        clock.instant().plusSeconds(30),
                                        10))
                        .hasSize(1));
        try (OperationRunner next = runner("n", new StartHandler((o, l) -> tx -> Optional.empty()))) {
            next.start();
            assertThat(next.runDue()).isZero();
        }
        assertThat(now(operation).attempts()).isEqualTo(1);
    }

    @Test
    void drain_givesWhatIsAtWorkToAnotherNode_atOnce_andCountsNoLoss() throws Exception {
        Operation operation = begin();
        List<OperationRunner> self = new ArrayList<>();
        self.add(runner("n", new StartHandler((o, l) -> {
            self.getFirst().close();
            l.run(tx -> stores.operations().progress(tx, o.id(), 50));
            return tx -> Optional.empty();
        })));
        self.getFirst().runDue();
        assertThat(now(operation).percentComplete())
                .as("what it wrote afterwards")
                .isEmpty();

        List<Operation> taken = new ArrayList<>();
        runner("m", new StartHandler((o, l) -> {
                    taken.add(o);
                    return tx -> Optional.empty();
                }))
                .runDue();

        assertThat(taken).extracting(Operation::losses).containsExactly(0);
        assertThat(now(operation).status()).isEqualTo(OperationStatus.SUCCEEDED);
    }

    @Test
    void leaseThatCannotBeExtended_isLostToItsWork_beforeAnotherNodeCanHaveIt() throws Exception {
        Operation operation = begin();
        List<String> saw = new ArrayList<>();
        OperationRunner runner = runner("n", new StartHandler((o, l) -> {
            nanos.addAndGet(Duration.ofMillis(24_999).toNanos());
            l.run(tx -> saw.add("held"));
            nanos.addAndGet(Duration.ofMillis(1).toNanos());
            assertThatThrownBy(l::fence).isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(() -> l.read(tx -> "")).isInstanceOf(LeaseLostException.class);
            l.run(tx -> saw.add("held yet"));
            return tx -> Optional.empty();
        }));
        runner.runDue();
        assertThat(saw).containsExactly("held");
        assertThat(now(operation).running()).isTrue();
        clock.advance(Duration.ofSeconds(30));
        assertThat(runner("m", new StartHandler((o, l) -> tx -> Optional.empty()))
                        .runDue())
                .isEqualTo(1);
    }

    @Test
    void claim_takesNothing_whileTheNodeMayNot() throws Exception {
        begin();
        mayClaim.set(false);
        OperationRunner runner = runner("n", new StartHandler((o, l) -> tx -> Optional.empty()));
        assertThat(runner.runDue()).isZero();
        mayClaim.set(true);
        assertThat(runner.runDue()).isEqualTo(1);
    }

    @Test
    void leases_goByTheirOwnClock_whateverTheNodesClockSays() throws Exception {
        Operation operation = begin();
        database.transactions()
                .run(tx -> assertThat(stores.operations()
                                .claim(
                                        tx,
                                        EARLIER,
                                        clock.instant(),
                                        clock.instant().plusSeconds(30),
                                        10))
                        .hasSize(1));
        Instant shared = clock.instant();
        leaseClock = _ -> shared;
        clock.advance(Duration.ofHours(1));
        OperationRunner ahead = runner("m", new StartHandler((o, l) -> tx -> Optional.empty()));
        assertThat(ahead.runDue()).isZero();
        leaseClock = _ -> shared.plusSeconds(30);
        assertThat(ahead.runDue()).isEqualTo(1);
        assertThat(now(operation).endedAt()).contains(clock.instant());
    }

    @Test
    void claim_afterTheStoreWentBack_givesNoNumberThatWasGivenBefore() throws Exception {
        List<Long> given = new ArrayList<>();
        OperationRunner runner = runner("n", new StartHandler((o, l) -> {
            given.add(l.fence().number());
            return tx -> Optional.empty();
        }));
        for (int i = 0; i < 3; i++) {
            begin();
            runner.runDue();
        }
        long highest = given.getLast();
        rollBackCounter(1); // a server that lost commits has taken over
        sessions.incrementAndGet();
        begin();
        runner.runDue();
        assertThat(given.getLast()).as("a late order of a lost claim is lower").isGreaterThan(highest);
        assertThat(given.getLast())
                .as("above what the hosts have seen, and far")
                .isGreaterThan(1_000_700);
        begin();
        runner.runDue();
        assertThat(given.getLast()).as("it leaps once").isEqualTo(given.get(3) + 1);
    }

    @Test
    void claim_duringWhichTheStoreWentBack_isNotWorkedOn_beforeItsNumberIsAboveAll() throws Exception {
        Operation operation = begin();
        List<Long> given = new ArrayList<>();
        AtomicInteger claims = new AtomicInteger();
        leaseClock = tx -> {
            if (claims.incrementAndGet() == 1) {
                sessions.incrementAndGet(); // the claim is made on a session of the new server
            }
            return clock.instant();
        };
        OperationRunner runner = runner("n", new StartHandler((o, l) -> {
            given.add(l.fence().number());
            return tx -> Optional.empty();
        }));
        assertThat(runner.runDue()).isZero();
        assertThat(given).isEmpty();
        assertThat(runner.runDue()).isEqualTo(1);
        assertThat(given).allMatch(n -> n > 1_000_700);
        assertThat(now(operation).losses()).isZero();
    }

    private void rollBackCounter(long next) {
        database.transactions()
                .run(tx -> assertThat(SqlTx.of(tx).update("UPDATE counter SET next = ? WHERE name = 'fence'", next))
                        .isEqualTo(1));
    }

    @Test
    void requireIdle_whileOneRuns_isRefusedNamingIt() {
        Operation operation = begin();
        assertThatThrownBy(() -> database.transactions().run(tx -> operations.requireIdle(tx, Asked.TARGET)))
                .hasMessageContaining(operation.id().toString());
    }

    @Test
    void forgetOld_keepsWhatRunsAndWhatEndedLately() throws Exception {
        Operation old = begin();
        runner("n", new StartHandler((o, l) -> tx -> Optional.empty())).runDue();
        clock.advance(Duration.ofDays(31));
        Operation running = begin();
        assertThat(operations.forgetOld(clock.instant())).isEqualTo(1);
        assertThat(operations.find(old.id())).isEmpty();
        assertThat(operations.find(running.id())).isPresent();
    }
}
