package dev.keyturn.store;

import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A platform thread with a connection of its own that does jobs. Calls into SQLite hold a carrier thread while they
 * last, so virtual threads never make them; and whoever already is on such a thread is inside of a transaction.
 */
abstract class StoreThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);
    private final JobQueue jobs;
    private final int groupSize;

    StoreThread(String name, JobQueue jobs, int groupSize) {
        super(name);
        setDaemon(true);
        this.jobs = jobs;
        this.groupSize = groupSize;
    }

    /** Does the jobs, up to the group size of them, and decides the outcome of each. Throws nothing but bugs. */
    abstract void perform(List<Job<?>> group);

    /** Closes the connection, if there is one; an open transaction is rolled back. */
    abstract void disconnect() throws SQLException;

    /** After a failure nobody knows what the connection still holds: the next jobs get a new one. */
    final void startAfresh() {
        try {
            disconnect();
        } catch (SQLException e) {
            LOG.warn("connection of {} did not close cleanly: {}", getName(), e.getMessage());
        }
    }

    @Override
    public final void run() {
        for (List<Job<?>> group = jobs.take(groupSize); !group.isEmpty(); group = jobs.take(groupSize)) {
            try {
                perform(group);
            } catch (Throwable e) { // a caller must not wait for ever, and the next one wants its turn
                LOG.error("store thread {} failed", getName(), e);
                startAfresh();
                group.forEach(job -> job.lost(e));
            }
            group.forEach(Job::publish);
        }
        startAfresh();
    }
}
