package dev.keyturn.store.engine;

import java.sql.Connection;
import java.sql.SQLException;

/** One connection, its prepared statements and its transaction. Not thread-safe. */
final class SqliteSession implements AutoCloseable {
    private final Connection connection;
    private final Statements statements;
    private boolean occupied;

    SqliteSession(Connection connection) {
        this.connection = connection;
        this.statements = new Statements(connection);
    }

    /**
     * Runs one work of a group. The first runs as it is, those after it each in a savepoint, so that a failure takes back
     * its own changes only. Under a savepoint SQLite pays for each changed row with copies of the pages it is on, which
     * is why large batches ask to be alone.
     *
     * @throws SQLException where SQLite dropped the whole transaction, as it does on some errors (no space, I/O), and
     *     where the work broke off
     */
    Job.Result run(Job<?> job) throws SQLException {
        if (!occupied) {
            Job.Result result = job.run(statements, SqliteFailures.INSTANCE, false);
            requireWhole(job);
            if (result == Job.Result.DONE) {
                occupied = true;
            } else {
                connection.rollback();
            }
            return result;
        }
        statements.execute("SAVEPOINT work");
        Job.Result result = job.run(statements, SqliteFailures.INSTANCE, true);
        requireWhole(job);
        if (result != Job.Result.DONE) {
            statements.execute("ROLLBACK TO SAVEPOINT work");
        }
        statements.execute("RELEASE SAVEPOINT work");
        return result;
    }

    void runAndForget(Job<?> job) throws SQLException {
        try {
            job.run(statements, SqliteFailures.INSTANCE, false);
            requireWhole(job);
        } finally {
            connection.rollback();
        }
    }

    /** A stack that ran over inside of the driver may have left a statement or a lock of it half-way. */
    private static void requireWhole(Job<?> job) throws SQLException {
        if (job.brokeOff()) {
            throw new SQLException("a work broke off; its connection is not used again");
        }
    }

    /** False where there was nothing to commit. */
    boolean commit() throws SQLException {
        if (!occupied) {
            return false;
        }
        connection.commit();
        occupied = false;
        return true;
    }

    /** Closes the connection with its statements; an open transaction is rolled back. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
