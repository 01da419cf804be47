package dev.keyturn.store.engine;

import dev.keyturn.core.vital.VitalThreads;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of the readers: each work sees one state of the database, the newest when its first statement runs. */
final class SnapshotReader extends StoreThread {
    private final Sessions sessions;
    private @Nullable Session session;

    SnapshotReader(int number, Sessions sessions, JobQueue jobs, VitalThreads vital) {
        super("store-reader-" + number, jobs, 1, vital);
        this.sessions = sessions;
    }

    @Override
    void perform(List<Job<?>> group) {
        try {
            Session kept = session;
            if (kept != null && tried(kept, group)) {
                return;
            }
            Session fresh = sessions.reader();
            session = fresh;
            for (Job<?> job : group) {
                fresh.runAndForget(job);
            }
        } catch (SQLException e) {
            RuntimeException reason = sessions.failures().translate(e);
            group.forEach(job -> job.lost(reason));
            startAfresh();
        }
    }

    /** False where the session had lost its connection while it waited: reads change nothing, so they are done again. */
    private boolean tried(Session kept, List<Job<?>> group) throws SQLException {
        try {
            for (Job<?> job : group) {
                kept.runAndForget(job);
            }
            return true;
        } catch (SQLException e) {
            if (!kept.isLost()) {
                throw e;
            }
            startAfresh();
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
