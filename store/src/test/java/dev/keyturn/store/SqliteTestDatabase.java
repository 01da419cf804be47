package dev.keyturn.store;

import dev.keyturn.core.tx.Transactions;
import java.nio.file.Path;

/** The embedded database in a directory of the test. */
final class SqliteTestDatabase implements TestDatabase {
    private final Path directory;
    private SqliteDatabase database;

    SqliteTestDatabase(Path directory) {
        this.directory = directory;
        this.database = SqliteDatabase.open(directory);
    }

    @Override
    public Transactions transactions() {
        return database;
    }

    @Override
    public void reopen() {
        database.close();
        database = SqliteDatabase.open(directory);
    }

    @Override
    public void close() {
        database.close();
    }
}
