package dev.keyturn.core.operation;

/**
 * As it stands in a poll answer. {@code IN_PROGRESS} is the only state that an operation leaves. {@code CANCELED} is the
 * end of one that gave way to something else: not its own failure, but it says nothing either. The three ends are those
 * of Azure's asynchronous operations, and clients wait for nothing after them.
 */
public enum OperationStatus {
    IN_PROGRESS("InProgress"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    CANCELED("Canceled");

    private final String wire;

    OperationStatus(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }
}
