package dev.keyturn.core.audit;

import dev.keyturn.core.tx.Tx;
import java.util.Set;

/** Which other nodes look after their own chains. Thread-safe. */
@FunctionalInterface
public interface LiveNodes {
    /** This node is alone: whatever other chains there are, nobody else looks after them. */
    LiveNodes NONE = _ -> Set.of();

    /** The names that other nodes have at this moment. */
    Set<String> others(Tx tx);
}
