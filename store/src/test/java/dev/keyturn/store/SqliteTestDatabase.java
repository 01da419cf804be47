package dev.keyturn.store;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.engine.Migrations;
import dev.keyturn.store.engine.SqliteDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The embedded database in a directory of the test. */
final class SqliteTestDatabase implements TestDatabase {
    private final Path directory;
    private final VitalThreads vital;
    private final Migrations[] modules;
    private final SqlStores stores = SqlStores.create();
    private SqliteDatabase database;

    SqliteTestDatabase(Path directory) {
        this(directory, VitalThreads.halting());
    }

    SqliteTestDatabase(Path directory, VitalThreads vital, Migrations... modules) {
        this.directory = directory;
        this.vital = vital;
        this.modules = modules.clone();
        this.database = SqliteDatabase.open(directory, vital, modules);
    }

    @Override
    public Transactions transactions() {
        return database;
    }

    @Override
    public SqlStores stores() {
        return stores;
    }

    @Override
    public void reopen() {
        database.close();
        database = SqliteDatabase.open(directory, vital, modules);
    }

    @Override
    public TestDatabase copyTo(Path to) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SqliteTestDatabase(to, vital, modules);
    }

    @Override
    public void close() {
        database.close();
    }
}
