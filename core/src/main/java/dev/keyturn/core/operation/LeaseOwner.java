package dev.keyturn.core.operation;

import java.util.UUID;

/**
 * Who holds leases: a node, and which of its starts. Two processes of one name are told apart by the instance, so that
 * a start takes back what earlier processes of its name left and nothing of its own.
 *
 * @param node has no '/'
 */
public record LeaseOwner(String node, UUID instance) {
    public LeaseOwner {
        if (node.isEmpty() || node.indexOf('/') >= 0) {
            throw new IllegalArgumentException("a node's name has a character at least, and no '/': '" + node + "'");
        }
    }

    /** As it is stored: {@code name/instance}. */
    @Override
    public String toString() {
        return node + "/" + instance;
    }
}
