package dev.keyturn.core.audit;

/**
 * A place in a node's chain: a record's number and hash.
 *
 * @param sequence 0 before the first record
 */
public record Link(String node, long sequence, ChainHash hash) {
    /** What the first record of a node comes behind. */
    public static Link beforeFirst(String node) {
        return new Link(node, 0, ChainHash.NONE);
    }
}
