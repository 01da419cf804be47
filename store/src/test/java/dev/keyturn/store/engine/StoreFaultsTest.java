package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.SqlStores;
import dev.keyturn.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose a fault is that is met on a thread of the store, and how long its callers wait (docs/faults.md). */
final class StoreFaultsTest {
    /** Long enough for the first write to be begun also on a busy machine. */
    private static final Duration BUSY = Duration.ofMillis(500);

    private final Settings settings = SqlStores.create().settings();
    private final LinkedBlockingQueue<String> deaths = new LinkedBlockingQueue<>();
    private final VitalThreads vital = new VitalThreads(
            (thread, cause) -> deaths.add(thread + ": " + cause.getClass().getSimpleName()));

    @TempDir
    private Path directory;

    @Test
    void stackOverflowOfAWork_isItsCallers_andTheWriterGoesOn() {
        try (SqliteDatabase database = SqliteDatabase.open(directory, vital)) {
            assertThatThrownBy(() -> database.run(tx -> {
                        settings.put(tx, "half", "1");
                        deeper(0);
                    }))
                    .isInstanceOf(StackOverflowError.class);
            database.run(tx -> settings.put(tx, "next", "1"));
            assertThat(find(database, "half")).isEmpty();
            assertThat(find(database, "next")).isEqualTo("1");
            assertThatThrownBy(() -> database.read(tx -> deeper(0))).isInstanceOf(StackOverflowError.class);
            assertThat(find(database, "next")).isEqualTo("1");
        }
        assertThat(deaths).isEmpty();
    }

    @Test
    void stackOverflowOfOneOfAGroup_costsTheOthersNothing() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(directory, vital);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Future<?> first = callers.submit(() -> database.run(tx -> {
                busy.countDown();
                GroupCommitTest.await(go);
            }));
            GroupCommitTest.await(busy);
            Future<?> before = callers.submit(() -> database.run(tx -> settings.put(tx, "before", "1")));
            GroupCommitTest.waitFor(database, 1);
            Future<?> deep = callers.submit(() -> database.run(tx -> {
                settings.put(tx, "deep", "1");
                deeper(0);
            }));
            GroupCommitTest.waitFor(database, 2);
            Future<?> after = callers.submit(() -> database.run(tx -> settings.put(tx, "after", "1")));
            GroupCommitTest.waitFor(database, 3);
            go.countDown();
            first.get();
            before.get();
            after.get();
            assertThatThrownBy(deep::get).hasCauseInstanceOf(StackOverflowError.class);
            assertThat(List.of(find(database, "before"), find(database, "deep"), find(database, "after")))
                    .containsExactly("1", "", "1");
        }
    }

    @Test
    void outOfMemoryInAWork_isTheDeathOfTheWriter() throws Exception {
        SqliteDatabase database = SqliteDatabase.open(directory, vital, BUSY);
        assertThatThrownBy(() -> database.run(tx -> {
                    throw new OutOfMemoryError();
                }))
                .isInstanceOf(DomainException.class);
        assertThat(deaths.poll(60, TimeUnit.SECONDS)).isEqualTo("store-writer: OutOfMemoryError");
        database.close();
    }

    @Test
    void outOfMemoryInARead_isTheDeathOfThatReader() throws Exception {
        SqliteDatabase database = SqliteDatabase.open(directory, vital, BUSY);
        assertThatThrownBy(() -> database.read(tx -> {
                    throw new OutOfMemoryError();
                }))
                .isInstanceOf(DomainException.class);
        assertThat(deaths.poll(60, TimeUnit.SECONDS)).matches("store-reader-[1-4]: OutOfMemoryError");
        database.close();
    }

    @Test
    void writeThatWasNotBegunInTime_isTakenBack_andSaysSo() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(directory, vital, BUSY);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Future<?> first = callers.submit(() -> database.run(tx -> {
                busy.countDown();
                GroupCommitTest.await(go);
                settings.put(tx, "first", "1");
            }));
            GroupCommitTest.await(busy);
            assertThat(code(() -> database.run(tx -> settings.put(tx, "late", "1"))))
                    .isEqualTo("StorageBusy");
            // The first was at work when its caller gave up: nobody may say that it was not done.
            assertThatThrownBy(first::get).hasMessageContaining("may still be made");
            assertThat(database.load().oldest()).isGreaterThan(BUSY);
            go.countDown();
            // A machine that is busy with other things may not get to it in time either.
            Eventually.holds(
                    "it stays busy",
                    Duration.ofSeconds(30),
                    () -> code(() -> database.run(tx -> settings.put(tx, "then", "1")))
                            .equals("none"));
        }
        try (SqliteDatabase database = SqliteDatabase.open(directory, vital)) {
            assertThat(List.of(find(database, "first"), find(database, "late"), find(database, "then")))
                    .containsExactly("1", "", "1");
        }
    }

    @Test
    void oldest_withNothingToDo_isZero() {
        try (SqliteDatabase database = SqliteDatabase.open(directory, vital)) {
            assertThat(database.load().oldest()).isZero();
        }
    }

    private String find(SqliteDatabase database, String name) {
        return database.read(tx -> settings.find(tx, name)).orElse("");
    }

    private static String code(Runnable call) {
        try {
            call.run();
            return "none";
        } catch (DomainException e) {
            assertThat(e.error()).isInstanceOf(DomainError.Unavailable.class);
            return e.error().info().code();
        }
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private static int deeper(int depth) {
        return 1 + deeper(depth + 1);
    }
}
