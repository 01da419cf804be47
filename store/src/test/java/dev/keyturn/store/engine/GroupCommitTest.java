package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.SqlStores;
import dev.keyturn.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What works that share a commit do to each other: nothing. */
final class GroupCommitTest {
    private final Settings settings = SqlStores.create().settings();

    @TempDir
    private Path directory;

    @Test
    void writesThatWaitTogether_shareOneCommit() throws Exception {
        int waiting = 100;
        try (SqliteDatabase database = SqliteDatabase.open(directory);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<?>> all = new ArrayList<>();
            all.add(callers.submit(() -> database.run(tx -> {
                busy.countDown();
                await(go);
            })));
            await(busy);
            long before = database.load().commits();
            for (int i = 0; i < waiting; i++) {
                String name = "n" + i;
                all.add(callers.submit(() -> database.run(tx -> settings.put(tx, name, name))));
            }
            waitFor(database, waiting);
            go.countDown();
            for (Future<?> each : all) {
                each.get();
            }

            assertThat(database.load().commits()).isEqualTo(before + 2);
            for (int i = 0; i < waiting; i++) {
                assertThat(find(database, "n" + i)).isPresent();
            }
        }
    }

    @Test
    void aLargeBatchThatWaitedInAGroup_runsOnceInATransactionOfItsOwn() throws Exception {
        List<Integer> items = IntStream.range(0, 1000).boxed().toList();
        try (SqliteDatabase database = SqliteDatabase.open(directory);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Future<?> first = callers.submit(() -> database.run(tx -> {
                busy.countDown();
                await(go);
            }));
            await(busy);
            long before = database.load().commits();
            Future<?> small = callers.submit(() -> database.run(tx -> settings.put(tx, "small", "1")));
            waitFor(database, 1);
            Future<Integer> large = callers.submit(() -> database.write(tx -> {
                settings.put(tx, "begun", settings.find(tx, "begun").orElse("") + "x");
                return SqlTx.of(tx)
                        .batch(
                                "INSERT INTO setting (name, value) VALUES (?, '1')",
                                items,
                                (statement, item) -> statement.setString(1, "item" + item))
                        .length;
            }));
            waitFor(database, 2);
            Future<?> later = callers.submit(() -> database.run(tx -> settings.put(tx, "later", "1")));
            waitFor(database, 3);
            go.countDown();

            first.get();
            small.get();
            later.get();
            assertThat(large.get()).isEqualTo(1000);
            assertThat(database.load().commits()).isEqualTo(before + 3);
            assertThat(find(database, "begun")).contains("x");
            assertThat(find(database, "item999")).contains("1");
        }
    }

    @Test
    void aFullDisk_refusesWhatDoesNotFit_andNothingElse() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(directory);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Future<?> first = callers.submit(() -> database.run(tx -> {
                long pages = SqlTx.of(tx).number("PRAGMA page_count");
                SqlTx.of(tx).number("PRAGMA max_page_count = " + (pages + 20));
                busy.countDown();
                await(go);
            }));
            await(busy);
            // one group: a small write, one that does not fit, another small one
            Future<?> small = callers.submit(() -> database.run(tx -> settings.put(tx, "small", "1")));
            waitFor(database, 1);
            Future<?> big = callers.submit(() -> database.run(tx -> settings.put(tx, "big", "x".repeat(1_000_000))));
            waitFor(database, 2);
            Future<?> later = callers.submit(() -> database.run(tx -> settings.put(tx, "later", "1")));
            waitFor(database, 3);
            go.countDown();

            first.get();
            small.get();
            later.get();
            assertThatThrownBy(big::get)
                    .hasCauseInstanceOf(DomainException.class)
                    .hasMessageContaining("no space");
            assertThat(find(database, "small")).contains("1");
            assertThat(find(database, "later")).contains("1");
            assertThat(find(database, "big")).isEmpty();
        }
    }

    private Optional<String> find(SqliteDatabase database, String name) {
        return database.read((Tx tx) -> settings.find(tx, name));
    }

    static void waitFor(SqliteDatabase database, int waiting) {
        Eventually.holds(
                "not all wait", Duration.ofSeconds(30), () -> database.load().waitingWrites() >= waiting);
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
