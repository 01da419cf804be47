package dev.keyturn.core.tx;

/**
 * What came of a write that may find something else than it expects: another revision, no row, a name that is taken.
 * Where it missed, nothing was changed. Every caller looks at it ({@link CheckReturnValue} at the ports): either the
 * miss is an answer, or it is {@link #require required} not to happen.
 *
 * <p>A write that returns nothing throws where the row that it changes is not there, or is right also without one: it
 * deletes what there is, or a lease that is lost anyway.
 */
@CheckReturnValue
public enum Hit {
    HIT,
    MISSED;

    public static Hit of(boolean hit) {
        return hit ? HIT : MISSED;
    }

    public boolean hit() {
        return this == HIT;
    }

    public boolean missed() {
        return this == MISSED;
    }

    /**
     * For a write that must hit, because the same transaction has just read what it is about.
     *
     * @param about what is named where it missed
     * @throws IllegalStateException where it missed: the transaction is taken back
     */
    public void require(Object about) {
        if (missed()) {
            throw new IllegalStateException("a write inside a transaction did not find what the transaction read, or"
                    + " found what it did not: " + about);
        }
    }
}
