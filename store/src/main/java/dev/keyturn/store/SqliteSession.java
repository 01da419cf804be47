package dev.keyturn.store;

import java.sql.Connection;
import java.sql.SQLException;

/** One connection, its prepared statements and its transaction. Not thread-safe. */
final class SqliteSession implements AutoCloseable {
    private final Connection connection;
    private final Statements statements;

    SqliteSession(Connection connection) {
        this.connection = connection;
        this.statements = new Statements(connection);
    }

    /**
     * Runs one work of a group. SQLite itself rolls the whole transaction back on some errors (no space, I/O): then the
     * savepoint is gone with all that the group did before, the work has failed, and the answer is false.
     */
    boolean runInSavepoint(Job<?> job) throws SQLException {
        statements.execute("SAVEPOINT work");
        boolean done = job.run(statements, SqliteFailures.INSTANCE);
        try {
            if (!done) {
                statements.execute("ROLLBACK TO SAVEPOINT work");
            }
            statements.execute("RELEASE SAVEPOINT work");
            return true;
        } catch (SQLException e) {
            job.lost(SqliteFailures.INSTANCE.translate(e));
            return false;
        }
    }

    void runAndForget(Job<?> job) throws SQLException {
        try {
            job.run(statements, SqliteFailures.INSTANCE);
        } finally {
            connection.rollback();
        }
    }

    void commit() throws SQLException {
        connection.commit();
    }

    /** Closes the connection with its statements; an open transaction is rolled back. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
