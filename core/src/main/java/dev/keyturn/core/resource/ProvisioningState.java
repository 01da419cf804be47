package dev.keyturn.core.resource;

/** Azure's provisioning states, as far as Keyturn's resources have them. */
public enum ProvisioningState {
    CREATING("Creating"),
    UPDATING("Updating"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    DELETING("Deleting");

    private final String wire;

    ProvisioningState(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** Whether an operation is at work on the resource. */
    public boolean busy() {
        return this == CREATING || this == UPDATING || this == DELETING;
    }
}
