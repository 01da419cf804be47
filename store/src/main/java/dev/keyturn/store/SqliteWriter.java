package dev.keyturn.store;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer. What waits when it is free is one group: each work in a savepoint of its own, one commit (one fsync)
 * for all. A work that fails takes back its own changes only; where SQLite drops the transaction over it, the others are
 * done again one by one. When the commit fails, the whole group fails.
 */
final class SqliteWriter extends StoreThread {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
    private static final int GROUP = 256;
    private final SqliteFile file;
    private final LongAdder commits = new LongAdder();
    private @Nullable SqliteSession session;

    SqliteWriter(SqliteFile file, SqliteSession first, JobQueue jobs) {
        super("store-writer", jobs, GROUP);
        this.file = file;
        this.session = first;
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
            for (Job<?> job : group) {
                if (!open.runInSavepoint(job)) {
                    takeApart(group);
                    return;
                }
            }
            open.commit();
            commits.increment();
        } catch (SQLException e) {
            RuntimeException reason = SqliteFailures.INSTANCE.translate(e);
            group.forEach(job -> job.lost(reason));
            startAfresh();
        }
    }

    /** One work has cost the others of its group their transaction: each of them is done again, alone. */
    private void takeApart(List<Job<?>> group) {
        startAfresh();
        group.stream().filter(job -> !job.failed()).forEach(job -> perform(List.of(job)));
    }

    /** After a failed commit nobody knows what the connection still holds: the next group gets a new one. */
    private void startAfresh() {
        try {
            disconnect();
        } catch (SQLException e) {
            LOG.warn("connection did not close cleanly after a failed commit: {}", e.getMessage());
        }
        session = null;
    }

    @Override
    void disconnect() throws SQLException {
        if (session != null) {
            session.close();
        }
    }
}
