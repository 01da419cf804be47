package dev.keyturn.store.migrate;

/** Told of each batch of rows that has reached the disk of the copy. */
public interface Progress {
    /**
     * @param copied of the table's rows, those of an earlier run among them
     * @param of all of them
     */
    void batch(String table, long copied, long of);
}
