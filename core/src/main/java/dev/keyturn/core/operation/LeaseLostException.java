package dev.keyturn.core.operation;

/** Another runner has the operation now, or this one is shutting down: stop, undo nothing, say nothing. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeaseLostException(OperationId id) {
        super("lease on operation " + id + " is gone", null, false, false);
    }
}
