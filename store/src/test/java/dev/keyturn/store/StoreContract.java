package dev.keyturn.store;

import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the contract of every port stands on: a fresh database, all stores, and rows to begin with. */
abstract class StoreContract {
    final SqlStores stores = SqlStores.create();
    final Samples samples = new Samples(stores);
    private TestDatabase database;

    abstract TestDatabase open(Path directory);

    @BeforeEach
    void openDatabase(@TempDir Path directory) {
        database = open(directory);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    Transactions transactions() {
        return database.transactions();
    }

    void reopen() {
        database.reopen();
    }

    <T> T read(Function<Tx, T> work) {
        return transactions().read(work);
    }

    <T> T write(Function<Tx, T> work) {
        return transactions().write(work);
    }

    // Named by what they return, so that an assertion knows its type.

    <T> Optional<T> one(Function<Tx, Optional<T>> question) {
        return read(question);
    }

    <T> List<T> many(Function<Tx, List<T>> question) {
        return read(question);
    }

    long count(Function<Tx, Long> question) {
        return read(question);
    }

    boolean did(Function<Tx, Hit> work) {
        return write(work).hit();
    }

    void run(Consumer<Tx> work) {
        transactions().run(work);
    }
}
