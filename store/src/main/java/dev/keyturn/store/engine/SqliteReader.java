package dev.keyturn.store.engine;

import dev.keyturn.core.vital.VitalThreads;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of the readers: each work sees one state of the database, the newest when its first statement runs. */
final class SqliteReader extends StoreThread {
    private final SqliteFile file;
    private @Nullable SqliteSession session;

    SqliteReader(int number, SqliteFile file, JobQueue jobs, VitalThreads vital) {
        super("store-reader-" + number, jobs, 1, vital);
        this.file = file;
    }

    @Override
    void perform(List<Job<?>> group) {
        try {
            SqliteSession open = session == null ? file.reader() : session;
            session = open;
            for (Job<?> job : group) {
                open.runAndForget(job);
            }
        } catch (SQLException e) {
            RuntimeException reason = SqliteFailures.INSTANCE.translate(e);
            group.forEach(job -> job.lost(reason));
            startAfresh();
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
