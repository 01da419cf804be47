package dev.keyturn.store.migrate;

import dev.keyturn.store.engine.BareDatabase;
import java.sql.Connection;
import java.sql.SQLException;

/** One state of a database, to be read as long as this is open. The database writes nothing meanwhile. */
record Snapshot(BareDatabase database) implements AutoCloseable {
    static Snapshot of(BareDatabase database) throws SQLException {
        Connection connection = database.connection();
        if (database.kind() == BareDatabase.Kind.POSTGRESQL) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
        }
        connection.setAutoCommit(false); // SQLite's snapshot begins with the first statement as well
        return new Snapshot(database);
    }

    @Override
    public void close() throws SQLException {
        Connection connection = database.connection();
        connection.rollback();
        connection.setAutoCommit(true);
        if (database.kind() == BareDatabase.Kind.POSTGRESQL) {
            connection.setReadOnly(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }
}
