package dev.keyturn.core.tx;

/** For writes that must hit, because the same transaction has just read what they are about. */
public final class Stored {
    private Stored() {}

    /**
     * @param hit what the store answered
     * @throws IllegalStateException where it did not hit: the transaction is taken back
     */
    public static void require(boolean hit, Object about) {
        if (!hit) {
            throw new IllegalStateException("a write inside a transaction did not find what the transaction read, or"
                    + " found what it did not: " + about);
        }
    }
}
