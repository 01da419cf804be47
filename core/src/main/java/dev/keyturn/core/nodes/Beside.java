package dev.keyturn.core.nodes;

import java.util.List;
import java.util.Optional;

/** Whether a node runs beside others of its installation. */
public enum Beside {
    /** It is the only one; another takes over once its row has run out. */
    NOBODY {
        @Override
        Optional<String> problem(String name, List<NodeRow> live) {
            return live.stream()
                    .filter(r -> !r.name().equals(name))
                    .findFirst()
                    .map(r -> "The node '" + r.name() + "' at " + r.address() + " runs on this database, live until "
                            + r.liveUntil() + " by the database's clock, and one node at a time may. Stop it first; one"
                            + " that was killed is waited for until then.");
        }
    },
    /** They run together. */
    OTHERS {
        @Override
        Optional<String> problem(String name, List<NodeRow> live) {
            return Optional.empty();
        }
    };

    /** What a server does unless it is told otherwise, until every place in docs/nodes.md is closed. */
    public static final Beside DEFAULT = NOBODY;

    /** Why the node must not run beside these, itself perhaps among them; empty where it may. */
    abstract Optional<String> problem(String name, List<NodeRow> live);
}
