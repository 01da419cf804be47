package dev.keyturn.core.host;

import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which node serves which host, for all nodes. A host that is rows of the store is nobody's and is not in it: each node
 * serves it itself.
 */
@CheckReturnValue
public interface HostDirectory {
    /**
     * Takes the host for its owner. A miss where another node has it that is live at {@code now}; another start of the
     * same node is over.
     */
    Hit claim(Tx tx, ServedHost host, Instant now);

    /** Writes down what the owner says of it, and until when it is live. A miss where it is another's by now. */
    Hit renew(Tx tx, ServedHost host);

    Optional<ServedHost> find(Tx tx, String name);

    /** All, also those of nodes that are gone; by name. */
    List<ServedHost> all(Tx tx);

    /** The owner serves none of its hosts from now on. */
    void leave(Tx tx, LeaseOwner owner, Instant now);

    /** Forgets the hosts of the node that are not among these: it was started without them. */
    void retain(Tx tx, String node, Collection<String> names);
}
