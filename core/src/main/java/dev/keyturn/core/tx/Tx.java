package dev.keyturn.core.tx;

/**
 * An open transaction. Opaque here: every store method takes one, so that no store can be used outside of a
 * transaction. Valid only inside the work it was given to, on that thread.
 */
public interface Tx {}
