package dev.keyturn.host.simulated;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/**
 * The faults of the simulated host. They are stored, so they survive a restart of the server, and strike from the next
 * call on. Thread-safe.
 */
public final class Faults {
    private final Transactions transactions;
    private final FaultStore store;

    public Faults(Transactions transactions, FaultStore store) {
        this.transactions = transactions;
        this.store = store;
    }

    public List<Fault> all() {
        return transactions.read(store::all);
    }

    public Optional<Fault> find(String id) {
        return transactions.read(tx -> store.find(tx, id));
    }

    /** Sets it, in place of the one with its id; true where it is new. */
    public boolean put(Fault fault) {
        return transactions.write(tx -> put(tx, fault));
    }

    /** As {@link #put(Fault)}, inside a transaction of the caller's. */
    public boolean put(Tx tx, Fault fault) {
        boolean fresh = store.find(tx, fault.id()).isEmpty();
        store.put(tx, fault);
        return fresh;
    }

    /** False where there is none. */
    public boolean remove(String id) {
        return transactions.write(tx -> remove(tx, id));
    }

    /** As {@link #remove(String)}, inside a transaction of the caller's. */
    public boolean remove(Tx tx, String id) {
        return store.remove(tx, id).hit();
    }

    public void clear() {
        transactions.run(store::removeAll);
    }

    /** As {@link #clear()}, inside a transaction of the caller's. */
    public void clear(Tx tx) {
        store.removeAll(tx);
    }

    /** Whether the fault strikes now; where it has a count, this is one of its times. */
    boolean strikes(Fault fault) {
        return fault.times().isEmpty() || transactions.write(tx -> store.use(tx, fault.id(), 1)) == 1;
    }

    long use(Tx tx, Fault fault, long wanted) {
        return store.use(tx, fault.id(), wanted);
    }
}
