package dev.keyturn.core.operation;

import dev.keyturn.core.tx.Transactions;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lifts the numbers of claims over all that were ever given, whenever the store may have lost some. A database server that
 * takes over for another one may not have that one's last commits, so it would give their numbers twice, and a host could
 * not tell a late order from the present one. Every connection that writes and is made anew may be to such a server; that
 * it is another one is asked of nobody, because a server that was put back from a copy of its disk says that it is the
 * same. Thread-safe.
 */
public final class FenceLift {
    /** More claims than can get lost with a server: orders of those that no host has seen yet are below it too. */
    static final long LEAP = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(FenceLift.class);

    private final LongSupplier sessions;
    private final Supplier<Fence> newest;
    private final Transactions transactions;
    private final OperationStore store;
    private long lifted;

    /**
     * @param sessions counts the connections that write to the store's server; always zero where the store loses nothing
     * @param newest the highest number that the hosts of this node have taken
     */
    public FenceLift(LongSupplier sessions, Supplier<Fence> newest, Transactions transactions, OperationStore store) {
        this.sessions = sessions;
        this.newest = newest;
        this.transactions = transactions;
        this.store = store;
    }

    /**
     * To be called before a claim, which counts where {@link #sessions} says the same after it: else its number may be of
     * a server that took over in between.
     */
    synchronized long ready() {
        long now = sessions.getAsLong();
        if (now != lifted) {
            Fence above = newest.get();
            transactions.run(tx -> store.leap(tx, above, LEAP));
            LOG.info("connected to the database anew: numbers of claims go on {} higher", LEAP);
            lifted = now;
        }
        return now;
    }

    long sessions() {
        return sessions.getAsLong();
    }
}
