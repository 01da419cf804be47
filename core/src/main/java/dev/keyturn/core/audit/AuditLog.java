package dev.keyturn.core.audit;

import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;

/** The records of one node, each chained to the one before it. Thread-safe. */
public final class AuditLog {
    private final AuditStore store;
    private final Clock clock;
    private final String node;

    public AuditLog(AuditStore store, Clock clock, String node) {
        this.store = store;
        this.clock = clock;
        this.node = node;
    }

    /** The records of another node, which does not add to them now. */
    AuditLog of(String other) {
        return new AuditLog(store, clock, other);
    }

    /** What the next record would have as its time. */
    public Instant now() {
        return clock.instant();
    }

    /** Adds a record inside a transaction of the caller's: it is there if, and only if, what else is done there is. */
    public AuditRecord append(Tx tx, AuditEntry entry) {
        AuditRecord made = AuditRecord.behind(last(tx), clock.instant(), entry);
        store.append(tx, made);
        return made;
    }

    /** Where the next record goes: behind the newest there is, or behind what was cut. */
    private Link last(Tx tx) {
        return store.last(tx, node)
                .or(() -> store.lastCheckpoint(tx, node).map(Checkpoint::link))
                .orElseGet(() -> Link.beforeFirst(node));
    }
}
