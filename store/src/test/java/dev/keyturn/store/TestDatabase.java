package dev.keyturn.store;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.engine.Migrations;
import java.nio.file.Path;

/**
 * A database for tests, of the kind that the system property {@code keyturn.test.database} names ({@code sqlite} where
 * it is not set). A test that asks for one this way runs on every kind.
 */
public interface TestDatabase extends AutoCloseable {
    /**
     * Opens the database that {@code directory} has; makes an empty one where it has none. The directory exists. A
     * directory has one database, and it is open once at a time. It has the store's tables and those of the modules.
     */
    static TestDatabase in(Path directory, Migrations... modules) {
        return in(directory, VitalThreads.halting(), modules);
    }

    /** With what follows when a thread of it dies. */
    static TestDatabase in(Path directory, VitalThreads vital, Migrations... modules) {
        return DatabaseKind.chosen().open(directory, vital, modules);
    }

    /** Of this kind ({@code sqlite}, {@code postgresql}), for a test that runs on several whatever was chosen. */
    static TestDatabase of(String kind, Path directory, Migrations... modules) {
        return DatabaseKind.named(kind).open(directory, VitalThreads.halting(), modules);
    }

    /** The argument for a JVM that a test starts: it opens databases of the same kind. */
    static String jvmArgument() {
        return "-D" + DatabaseKind.PROPERTY + "=" + DatabaseKind.chosen().word();
    }

    /** Valid until it is closed or reopened. */
    Transactions transactions();

    /** What the stores keep is in the transaction: they may be used with any database of this kind. */
    SqlStores stores();

    /** Closes the database and opens it again with what it has. */
    void reopen();

    /**
     * Another database with what this one has, opened. This one is closed.
     *
     * @param directory exists and is empty
     */
    TestDatabase copyTo(Path directory);

    /** What was written stays: {@link #in} with the same directory finds it. Idempotent. */
    @Override
    void close();
}
