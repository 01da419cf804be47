package dev.keyturn.bench.faults;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks at the store again and again while servers run and are killed, each time at one state of it: whether a machine
 * runs while the key of its set is being changed. It sees what the host itself has, which on the simulated host are rows.
 */
final class Watcher implements AutoCloseable {
    private static final String LOOK =
            "SELECT (SELECT count(*) FROM disk_set WHERE rotation IS NOT NULL), (SELECT min(arm_key) FROM ("
                    + StoreLook.RUNNING_WHILE_UPDATING + ") AS found)";
    private static final long PAUSE_MILLIS = 4;
    private static final long LATER_MILLIS = 50;

    private final Site site;
    private final Set<String> violations = new ConcurrentSkipListSet<>();
    private final ReentrantLock open = new ReentrantLock();
    private volatile boolean paused = true;
    private volatile boolean over;
    private final AtomicInteger looks = new AtomicInteger();

    /** It begins to look with {@link #resume}. */
    Watcher(Site site) {
        this.site = site;
        Thread.ofPlatform().daemon().name("watcher").start(this::watch);
    }

    Set<String> violations() {
        return new TreeSet<>(violations);
    }

    /** How often it looked while a key was being changed. */
    int looksAtRotations() {
        return looks.get();
    }

    /**
     * Lets go of the store until {@link #resume}. Before a kill it must: as long as somebody else has the file open, SQLite
     * goes on with the index that the killed process left, and does not read the log anew.
     */
    void pause() {
        paused = true;
        open.lock();
        try {
            // nobody looks any more
        } finally {
            open.unlock();
        }
    }

    void resume() {
        paused = false;
    }

    private void watch() {
        while (!over) {
            open.lock();
            try {
                if (!paused) {
                    lookUntilPaused();
                }
            } finally {
                open.unlock();
            }
            sleep(LATER_MILLIS);
        }
    }

    private void lookUntilPaused() {
        try (Connection connection = site.look()) {
            while (!over && !paused) {
                lookOnce(connection);
                sleep(PAUSE_MILLIS);
            }
        } catch (SQLException e) {
            // the store is away, or begins anew
        }
    }

    private void lookOnce(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LOOK)) {
            row.next();
            if (row.getInt(1) > 0) {
                looks.incrementAndGet();
            }
            String vm = row.getString(2);
            if (vm != null) {
                violations.add("the machine of " + vm + " ran while the key of its set was being changed");
            }
        }
    }

    private void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            over = true;
        }
    }

    @Override
    public void close() {
        over = true;
        pause();
    }
}
