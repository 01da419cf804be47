package dev.keyturn.core.nodes;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows of nodes. One stays when its node has stopped: its time is over then. */
@CheckReturnValue
public interface NodeStore {
    Optional<NodeRow> find(Tx tx, String name);

    /** In the order of their names. */
    List<NodeRow> all(Tx tx);

    /** Writes the row, over an older one of its name. */
    void put(Tx tx, NodeRow row);

    /** Says until when the node is live, while the row is of this instance. */
    Hit renew(Tx tx, String name, UUID instance, Instant until);

    /** The newest version of the schema that was applied to the database. */
    long schema(Tx tx);
}
