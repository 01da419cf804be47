package dev.keyturn.store.engine;

import dev.keyturn.core.vital.FaultLog;
import dev.keyturn.core.vital.VitalThreads;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A platform thread with a connection of its own that does jobs. Calls into SQLite hold a carrier thread while they
 * last, so virtual threads never make them; and whoever already is on such a thread is inside of a transaction.
 *
 * <p>What a work throws is its caller's. A bug of this thread costs the group at hand its transaction and nothing else.
 * An Error of this thread, and one of a work after which no process can be trusted, ends the process.
 */
abstract class StoreThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);
    private static final FaultLog FAULTS = new FaultLog(LOG);
    private final JobQueue jobs;
    private final int groupSize;
    private final VitalThreads vital;
    private final List<Job<?>> none = List.of();
    private volatile List<Job<?>> atWork = none;

    StoreThread(String name, JobQueue jobs, int groupSize, VitalThreads vital) {
        super(name);
        setDaemon(true);
        this.jobs = jobs;
        this.vital = vital;
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

    /** How long the oldest of the jobs at hand has waited for its outcome; zero without any. */
    final Duration age() {
        return atWork.stream().findFirst().map(jobs::age).orElse(Duration.ZERO);
    }

    @Override
    public final void run() {
        vital.live(this::work);
    }

    private void work() {
        for (List<Job<?>> group = jobs.take(groupSize); !group.isEmpty(); group = jobs.take(groupSize)) {
            atWork = group;
            try {
                perform(group);
            } catch (RuntimeException e) { // a caller must not wait for ever, and the next one wants its turn
                FAULTS.tell(getName(), "a fault of the store's own, thread", e);
                startAfresh();
                group.forEach(job -> job.lost(e));
            }
            group.forEach(Job::publish);
            atWork = none;
        }
        startAfresh();
    }
}
