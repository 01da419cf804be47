package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.SqlTx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

abstract class TransactionsContract extends StoreContract {
    private static final String COUNTER = "counter";

    @Test
    void write_returnsTheResultAndIsDurable() {
        assertThat(write(tx -> add(tx, 7)).intValue()).isEqualTo(7);
        reopen();

        assertThat(value()).isEqualTo(7);
    }

    @Test
    void write_thatThrows_leavesNothingAndThrowsTheSame() {
        var boom = new IllegalArgumentException("boom");
        var refusal = DomainError.notAllowed("no").asException();

        assertThatThrownBy(() -> write(tx -> {
                    add(tx, 1);
                    throw boom;
                }))
                .isSameAs(boom);
        assertThatThrownBy(() -> write(tx -> {
                    add(tx, 1);
                    throw refusal;
                }))
                .isSameAs(refusal);
        assertThatThrownBy(() -> write(tx -> {
                    add(tx, 1);
                    throw new AssertionError("not even an error");
                }))
                .isInstanceOf(AssertionError.class);
        assertThat(value()).isZero();
    }

    @Test
    void write_afterAFailedOne_works() {
        assertThatThrownBy(() -> run(tx -> SqlTx.of(tx).update("INSERT INTO setting (name, value) VALUES ('a', NULL)")))
                .isInstanceOf(IllegalStateException.class);

        run(tx -> add(tx, 1));
        assertThat(value()).isEqualTo(1);
    }

    @Test
    void write_thatGoesOnAfterAStatementFailed_isNotMade_andIsNotSaidToBe() {
        assertThatThrownBy(() -> run(tx -> {
                    add(tx, 1);
                    try {
                        SqlTx.of(tx).update("INSERT INTO setting (name, value) VALUES ('a', NULL)");
                    } catch (IllegalStateException e) {
                        // as no work may
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("went on");

        assertThat(value()).isZero();
    }

    @Test
    void writes_ofManyThreads_neverInterleave() throws Exception {
        int threads = 16;
        int each = 50;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        inParallel(threads, () -> {
            for (int i = 0; i < each; i++) {
                run(tx -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    // read, then write what was read plus one: a lost update would show
                    stores.settings().put(tx, COUNTER, Integer.toString(current(tx) + 1));
                    inside.decrementAndGet();
                });
            }
        });

        assertThat(value()).isEqualTo(threads * each);
        assertThat(most).hasValue(1);
    }

    @Test
    void writesThatFail_amongManyThatDoNot_takeBackOnlyTheirOwn() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger number = new AtomicInteger();
        inParallel(16, () -> {
            for (int i = 0; i < 40; i++) {
                boolean fails = number.incrementAndGet() % 3 == 0;
                try {
                    run(tx -> {
                        add(tx, 1);
                        if (fails) {
                            throw DomainError.notAllowed("every third").asException();
                        }
                    });
                } catch (DomainException e) {
                    refused.incrementAndGet();
                }
            }
        });

        assertThat(refused).hasValue(16 * 40 / 3);
        assertThat(value()).isEqualTo(16 * 40 - 16 * 40 / 3);
    }

    @Test
    void read_seesOneState_whateverIsWrittenMeanwhile() {
        run(tx -> add(tx, 1));

        List<Integer> seen = read(tx -> {
            List<Integer> values = new ArrayList<>();
            values.add(current(tx));
            onAnotherThread(() -> run(other -> add(other, 1)));
            values.add(current(tx));
            return values;
        });

        assertThat(seen).containsExactly(1, 1);
        assertThat(value()).isEqualTo(2);
    }

    @Test
    void read_seesEveryWriteThatReturnedBefore() {
        for (int i = 1; i <= 100; i++) {
            run(tx -> add(tx, 1));
            assertThat(value()).isEqualTo(i);
        }
    }

    @Test
    void read_thatWrites_isRefused() {
        assertThatThrownBy(() -> read(tx -> add(tx, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only reads");
        assertThat(value()).isZero();
    }

    @Test
    void reads_goOnWhileAWriteIsAtWork() {
        run(tx -> add(tx, 5));

        run(tx -> {
            add(tx, 1);
            AtomicInteger seen = new AtomicInteger();
            onAnotherThread(() -> seen.set(value()));
            assertThat(seen).hasValue(5);
        });
    }

    @Test
    void aTransactionInsideOfATransaction_isRefused() {
        assertThatThrownBy(() -> write(tx -> write(inner -> 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inside of a transaction");
        assertThatThrownBy(() -> write(tx -> read(inner -> 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> read(tx -> write(inner -> 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> read(tx -> read(inner -> 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTransaction_afterItsWork_isRefused() {
        Tx kept = write(tx -> tx);

        assertThatThrownBy(() -> current(kept)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> run(tx -> current(kept))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void virtualThreads_moreThanAnyPool_allGetThrough() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                all.add(executor.submit(() -> {
                    run(tx -> add(tx, 1));
                    return value();
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(value()).isEqualTo(5_000);
    }

    @Test
    void anInterruptedCaller_stillLearnsTheOutcome() {
        Thread.currentThread().interrupt();
        run(tx -> add(tx, 1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(value()).isEqualTo(1);
    }

    private Integer add(Tx tx, int more) {
        int sum = current(tx) + more;
        stores.settings().put(tx, COUNTER, Integer.toString(sum));
        return sum;
    }

    private int current(Tx tx) {
        return stores.settings().find(tx, COUNTER).map(Integer::parseInt).orElse(0);
    }

    private int value() {
        return transactions().<Integer>read(this::current);
    }

    private static void onAnotherThread(Runnable work) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = Thread.ofPlatform()
                .uncaughtExceptionHandler((t, e) -> failure.set(e))
                .start(work);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(failure).hasValue(null);
    }

    /** All begin at once; the first failure of any is thrown. */
    private static void inParallel(int threads, Runnable work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(executor.submit(() -> {
                    start.await();
                    work.run();
                    return true;
                }));
            }
            start.countDown();
            for (Future<?> each : all) {
                each.get();
            }
        }
    }
}
