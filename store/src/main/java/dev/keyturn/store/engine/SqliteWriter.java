package dev.keyturn.store.engine;

import dev.keyturn.core.vital.VitalThreads;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one writer. What waits when it is free is one group with one commit (one fsync) for all. A work that fails takes
 * back its own changes only; where SQLite drops the transaction over it, the others are done again one by one. Large
 * batches get a transaction of their own after the group's. When the commit fails, the whole group fails.
 */
final class SqliteWriter extends StoreThread {
    private static final int GROUP = 256;
    private final SqliteFile file;
    private final Folding folding;
    private final LongAdder commits = new LongAdder();
    private final Consumer<Set<String>> changed;
    private @Nullable SqliteSession session;

    /** {@code changed} is told of the tables of each commit. */
    SqliteWriter(
            SqliteFile file,
            SqliteSession first,
            JobQueue jobs,
            Folding folding,
            Consumer<Set<String>> changed,
            VitalThreads vital) {
        super("store-writer", jobs, GROUP, vital);
        this.changed = changed;
        this.file = file;
        this.session = first;
        this.folding = folding;
    }

    /** How many groups were committed. */
    long commits() {
        return commits.sum();
    }

    @Override
    void perform(List<Job<?>> group) {
        try {
            SqliteSession open = session == null ? file.writer() : session;
            session = open;
            List<Job<?>> alone = new ArrayList<>();
            if (!run(open, group, alone)) {
                return;
            }
            if (open.commit()) {
                commits.increment();
                folding.committed();
            }
            List<Job<?>> together =
                    group.stream().filter(job -> !alone.contains(job)).toList();
            changed.accept(together.stream()
                    .filter(job -> !job.failed())
                    .flatMap(job -> job.written().stream())
                    .collect(Collectors.toSet()));
            together.forEach(Job::publish);
            alone.forEach(job -> perform(List.of(job)));
        } catch (SQLException e) {
            RuntimeException reason = SqliteFailures.INSTANCE.translate(e);
            group.forEach(job -> job.lost(reason));
            startAfresh();
        }
    }

    /**
     * Runs the group in the open transaction; those that ask to be alone are left out. False where one of them has cost
     * the others the transaction: then each of those was done again by itself.
     */
    private boolean run(SqliteSession open, List<Job<?>> group, List<Job<?>> alone) throws SQLException {
        try {
            for (Job<?> job : group) {
                if (open.run(job) == Job.Result.ALONE) {
                    alone.add(job);
                }
            }
            return true;
        } catch (SQLException e) {
            if (group.size() == 1) {
                throw e;
            }
            startAfresh();
            group.stream().filter(job -> !job.failed()).forEach(job -> perform(List.of(job)));
            return false;
        }
    }

    @Override
    void disconnect() throws SQLException {
        SqliteSession last = session;
        session = null;
        if (last != null) {
            last.close();
        }
    }
}
