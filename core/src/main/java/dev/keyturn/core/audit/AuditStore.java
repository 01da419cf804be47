package dev.keyturn.core.audit;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** The rows of records and checkpoints. Records are only ever added, and removed from the begin up. */
@CheckReturnValue
public interface AuditStore {
    /** The newest record of the node that is there. */
    Optional<Link> last(Tx tx, String node);

    /** @throws RuntimeException where the node has a record of that number already */
    void append(Tx tx, AuditRecord auditRecord);

    /** Records of the node from after {@code sequence} on, in their order. */
    List<AuditRecord> after(Tx tx, String node, long sequence, int limit);

    /**
     * What the query asks for: newest first, of one time by node and number. Looks at a limited number of records, so
     * that no question holds the database for long.
     */
    Found find(Tx tx, AuditQuery query, int limit);

    /**
     * What was found, and the record up to which was looked where there may be more behind it; absent where there is no
     * more, and where as many were found as were wanted.
     */
    record Found(List<AuditRecord> records, Optional<AuditQuery.Position> further) {
        public Found {
            records = List.copyOf(records);
        }
    }

    /** The names of all nodes that have records or checkpoints, in order. */
    List<String> nodes(Tx tx);

    void append(Tx tx, Checkpoint checkpoint);

    Optional<Checkpoint> lastCheckpoint(Tx tx, String node);

    /** Checkpoints of the node from after {@code number} on, in their order. */
    List<Checkpoint> checkpointsAfter(Tx tx, String node, long number, int limit);

    /** The checkpoint up to which records were cut, by retention. */
    Optional<Checkpoint> cut(Tx tx, String node);

    /** From now on the records up to this checkpoint count as cut. */
    void markCut(Tx tx, Checkpoint checkpoint);

    /** Removes up to {@code limit} records of the node that are numbered {@code sequence} or less; how many there were. */
    int remove(Tx tx, String node, long sequence, int limit);
}
