package dev.keyturn.store.engine;

import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** One writer and a few readers, each a thread with a session of its own, and what waits for them. Thread-safe. */
final class GroupCommit implements AutoCloseable {
    private static final int READERS = 4;
    private final JobQueue writes;
    private final JobQueue reads;
    private final GroupWriter writer;
    private final List<StoreThread> threads = new ArrayList<>();
    private final List<Consumer<Set<String>>> watchers = new CopyOnWriteArrayList<>();

    /**
     * @param first the writer's session, open already
     * @param committed done after each commit, before anybody is told of it
     * @param patience how long a call waits for its turn and its outcome
     */
    GroupCommit(Sessions sessions, Session first, Runnable committed, VitalThreads vital, Duration patience) {
        writes = new JobQueue(patience);
        reads = new JobQueue(patience);
        writer = new GroupWriter(sessions, first, writes, committed, this::changed, vital);
        threads.add(writer);
        for (int i = 1; i <= READERS; i++) {
            threads.add(new SnapshotReader(i, sessions, reads, vital));
        }
        threads.forEach(Thread::start);
    }

    <T> T read(Function<Tx, T> work) {
        return reads.call(work);
    }

    <T> T write(Function<Tx, T> work) {
        return writes.call(work);
    }

    Load load() {
        Duration oldest = Stream.concat(
                        Stream.of(writes.age(), reads.age()), threads.stream().map(StoreThread::age))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new Load(writes.waiting(), reads.waiting(), writer.commits(), oldest);
    }

    /** Told on the thread that writes: what is done about it is short and fails never. */
    void onCommit(Consumer<Set<String>> watcher) {
        watchers.add(watcher);
    }

    private void changed(Set<String> tables) {
        if (!tables.isEmpty()) {
            watchers.forEach(w -> w.accept(tables));
        }
    }

    /** @throws IllegalStateException inside of a transaction, from which the database cannot be closed */
    static void requireOutside() {
        if (Thread.currentThread() instanceof StoreThread) {
            throw new IllegalStateException("the database cannot be closed inside of a transaction");
        }
    }

    /** Takes no more work, finishes what it has, closes the sessions. An interrupt is kept for the caller. */
    @Override
    public void close() {
        requireOutside();
        writes.close();
        reads.close();
        boolean interrupted = false;
        for (StoreThread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
