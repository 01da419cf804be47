package dev.keyturn.core.door;

/**
 * A {@link dev.keyturn.core.identity.Call#rehearsed rehearsal} came to its end: the call itself would have been let
 * through, as things were. Nothing of it is left. Thrown inside the transaction, which it takes back, and on to whoever
 * rehearses.
 */
public final class Rehearsed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Rehearsed() {
        super("rehearsed; nothing was done", null, false, false);
    }
}
