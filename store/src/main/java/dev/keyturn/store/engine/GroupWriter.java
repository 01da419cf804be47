package dev.keyturn.store.engine;

import dev.keyturn.core.model.OutcomeUnknown;
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
 * The one writer of this process. What waits when it is free is one group with one commit (one fsync) for all. A work that fails takes
 * back its own changes only; where the database drops the transaction over it, the others are done again one by one.
 * Large batches get a transaction of their own after the group's. When the commit fails, the whole group gets what
 * became of it.
 */
final class GroupWriter extends StoreThread {
    private static final int GROUP = 256;
    private final Sessions sessions;
    private final Runnable committed;
    private final LongAdder commits = new LongAdder();
    private final Consumer<Set<String>> changed;
    private @Nullable Session session;

    /**
     * @param first a session that is open already
     * @param committed done after each commit, before anybody is told of it
     * @param changed told of the tables of each commit
     */
    GroupWriter(
            Sessions sessions,
            Session first,
            JobQueue jobs,
            Runnable committed,
            Consumer<Set<String>> changed,
            VitalThreads vital) {
        super("store-writer", jobs, GROUP, vital);
        this.changed = changed;
        this.sessions = sessions;
        this.session = first;
        this.committed = committed;
    }

    /** How many groups were committed. */
    long commits() {
        return commits.sum();
    }

    @Override
    void perform(List<Job<?>> group) {
        try {
            Session open = begun();
            List<Job<?>> alone = new ArrayList<>();
            if (!run(open, group, alone)) {
                return;
            }
            List<Job<?>> together =
                    group.stream().filter(job -> !alone.contains(job)).toList();
            if (open.occupied()) {
                commit(open, together);
            }
            together.forEach(Job::publish);
            alone.forEach(job -> perform(List.of(job)));
        } catch (SQLException e) {
            RuntimeException reason = sessions.failures().translate(e);
            group.forEach(job -> job.lost(reason));
            startAfresh();
        }
    }

    /** A session that waited may have lost its connection: where it cannot begin, nothing was done, and a new one may. */
    private Session begun() throws SQLException {
        Session kept = session;
        if (kept != null) {
            try {
                kept.begin();
                return kept;
            } catch (SQLException e) {
                if (kept.answers()) {
                    throw e; // somebody else has the lock: another session would wait for it as long again
                }
                startAfresh();
            }
        }
        Session fresh = sessions.writer();
        session = fresh;
        fresh.begin();
        return fresh;
    }

    private void commit(Session open, List<Job<?>> group) {
        try {
            open.commit();
        } catch (SQLException e) {
            RuntimeException reason = sessions.failures().translate(e);
            startAfresh();
            switch (sessions.fate(open)) {
                case MADE -> {}
                case NOT_MADE -> {
                    group.forEach(job -> job.lost(reason));
                    return;
                }
                case UNKNOWN -> {
                    RuntimeException unknown = OutcomeUnknown.because("The database was lost over a commit, and nobody"
                            + " can say yet what became of it. A change that this request asks for may have been made:"
                            + " look before you ask again.");
                    group.forEach(job -> job.lost(unknown));
                    return;
                }
            }
        }
        commits.increment();
        committed.run();
        changed.accept(group.stream()
                .filter(job -> !job.failed())
                .flatMap(job -> job.written().stream())
                .collect(Collectors.toSet()));
    }

    /**
     * Runs the group in the open transaction; those that ask to be alone are left out. False where one of them has cost
     * the others the transaction: then each of those was done again by itself.
     */
    private boolean run(Session open, List<Job<?>> group, List<Job<?>> alone) throws SQLException {
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
        Session last = session;
        session = null;
        if (last != null) {
            last.close();
        }
    }
}
