package dev.keyturn.store;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.engine.Migrations;
import dev.keyturn.store.engine.PostgresDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A database of the test's own in a PostgreSQL server; the directory keeps where it is, also for another process. */
final class PostgresTestDatabase implements TestDatabase {
    private static final String ADDRESS = "postgresql.url";
    private final String url;
    private final VitalThreads vital;
    private final Migrations[] modules;
    private final SqlStores stores = SqlStores.create();
    private PostgresDatabase database;

    PostgresTestDatabase(Path directory) {
        this(directory, VitalThreads.halting());
    }

    PostgresTestDatabase(Path directory, VitalThreads vital, Migrations... modules) {
        this(address(directory, modules), vital, modules);
    }

    private PostgresTestDatabase(String url, VitalThreads vital, Migrations... modules) {
        this.url = url;
        this.vital = vital;
        this.modules = modules.clone();
        this.database = opened();
    }

    private static String address(Path directory, Migrations... modules) {
        Path file = directory.resolve(ADDRESS);
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, TestPostgres.newDatabase(modules));
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PostgresDatabase opened() {
        return PostgresDatabase.open(url, TestPostgres.source(url), vital, modules);
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
        database = opened();
    }

    @Override
    public TestDatabase copyTo(Path to) {
        database.close();
        try {
            Files.writeString(to.resolve(ADDRESS), TestPostgres.copyOf(url));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PostgresTestDatabase(to, vital, modules);
    }

    @Override
    public void close() {
        database.close();
    }
}
