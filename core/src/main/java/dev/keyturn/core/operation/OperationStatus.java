package dev.keyturn.core.operation;

/** As it stands in a poll answer. {@code IN_PROGRESS} is the only state that an operation leaves. */
public enum OperationStatus {
    IN_PROGRESS("InProgress"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String wire;

    OperationStatus(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }
}
