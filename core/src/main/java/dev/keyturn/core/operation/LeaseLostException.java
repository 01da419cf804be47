package dev.keyturn.core.operation;

/** Another runner has the operation now, or this one is shutting down: stop, undo nothing, say nothing. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeaseLostException(OperationId id) {
        this("lease on operation " + id + " is gone");
    }

    private LeaseLostException(String message) {
        super(message, null, false, false);
    }

    /** A host has had an order of a later claim about {@code what}. */
    public static LeaseLostException fencedOff(String what, Fence mine) {
        return toldElsewhere("a claim later than " + mine + " has had its way with " + what);
    }

    /** What a host of another node has said so. */
    public static LeaseLostException toldElsewhere(String message) {
        return new LeaseLostException(message);
    }
}
