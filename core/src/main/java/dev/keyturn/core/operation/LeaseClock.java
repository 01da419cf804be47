package dev.keyturn.core.operation;

import dev.keyturn.core.tx.Tx;
import java.time.Instant;

/**
 * What leases begin and end by: one clock for all nodes on a store, because a node whose own clock is ahead would take
 * leases for ended that others hold. On a database server it is the server's; where one process has the store it may be
 * that process's. Thread-safe.
 */
@FunctionalInterface
public interface LeaseClock {
    /** The time at this moment, not at the beginning of the transaction. */
    Instant now(Tx tx);
}
