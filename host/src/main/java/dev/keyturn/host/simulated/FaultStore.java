package dev.keyturn.host.simulated;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** The rows of injected faults: few. */
@CheckReturnValue
public interface FaultStore {
    /** By id. */
    List<Fault> all(Tx tx);

    Optional<Fault> find(Tx tx, String id);

    /** Inserts it, or replaces the one with its id. */
    void put(Tx tx, Fault fault);

    /** Missed where there is none. */
    Hit remove(Tx tx, String id);

    void removeAll(Tx tx);

    /**
     * Uses up to {@code wanted} of the fault's times and returns how many it had left for that: all of them where it
     * has no count, none where it was removed meanwhile. A fault that is used up is removed.
     */
    default long use(Tx tx, String id, long wanted) {
        Optional<Fault> fault = find(tx, id);
        if (fault.isEmpty()) {
            return 0;
        }
        Optional<Long> times = fault.get().times();
        if (times.isEmpty()) {
            return wanted;
        }
        long used = Math.min(wanted, times.get());
        if (used == times.get()) {
            remove(tx, id).require(id);
        } else if (used > 0) {
            put(tx, fault.get().times(times.get() - used));
        }
        return used;
    }
}
