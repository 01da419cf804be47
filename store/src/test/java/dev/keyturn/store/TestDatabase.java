package dev.keyturn.store;

import dev.keyturn.core.tx.Transactions;

/** A fresh database of some kind, for one test. */
interface TestDatabase extends AutoCloseable {
    Transactions transactions();

    /** Closes the database and opens it again. */
    void reopen();

    @Override
    void close();
}
