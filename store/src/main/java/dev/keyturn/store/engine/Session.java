package dev.keyturn.store.engine;

import java.sql.Connection;
import java.sql.SQLException;

/** One connection, its prepared statements and its transaction. Not thread-safe. */
class Session implements AutoCloseable {
    private final Connection connection;
    private final Statements statements;
    private final DatabaseFailures failures;
    private boolean begun;
    private boolean occupied;

    /** {@code connection}: of this session alone, without autocommit. */
    Session(Connection connection, DatabaseFailures failures) {
        this.connection = connection;
        this.statements = new Statements(connection);
        this.failures = failures;
    }

    /** What a transaction begins with, before the first work in it; nothing, where the database needs nothing. */
    void first(Statements in) throws SQLException {}

    /** Begins a transaction where none has begun; before that no work was run. */
    final void begin() throws SQLException {
        if (!begun) {
            first(statements);
            begun = true;
        }
    }

    /**
     * Runs one work of a group. The first runs as it is, those after it each in a savepoint, so that a failure takes back
     * its own changes only. Under a savepoint SQLite pays for each changed row with copies of the pages it is on, which
     * is why large batches ask to be alone.
     *
     * @throws SQLException where the database dropped the whole transaction, as SQLite does on some errors (no space,
     *     I/O), and where the work broke off
     */
    Job.Result run(Job<?> job) throws SQLException {
        begin();
        if (!occupied) {
            Job.Result result = job.run(statements, failures, false);
            requireWhole(job);
            if (result == Job.Result.DONE) {
                occupied = true;
            } else {
                connection.rollback();
                begun = false;
            }
            return result;
        }
        statements.execute("SAVEPOINT work");
        Job.Result result = job.run(statements, failures, true);
        requireWhole(job);
        if (result != Job.Result.DONE) {
            statements.execute("ROLLBACK TO SAVEPOINT work");
        }
        statements.execute("RELEASE SAVEPOINT work");
        return result;
    }

    void runAndForget(Job<?> job) throws SQLException {
        try {
            job.run(statements, failures, false);
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

    /** Whether its connection is gone, so that nothing more can be asked of it. */
    boolean isLost() throws SQLException {
        return connection.isClosed();
    }

    /** Whether its connection still answers; an open transaction is rolled back by that. */
    boolean answers() {
        try {
            connection.rollback();
            return !connection.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }

    /** Whether there is something to commit. */
    boolean occupied() {
        return occupied;
    }

    void commit() throws SQLException {
        connection.commit();
        occupied = false;
        begun = false;
    }

    /** Closes the connection with its statements; an open transaction is rolled back. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
