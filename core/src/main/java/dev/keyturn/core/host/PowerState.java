package dev.keyturn.core.host;

/** {@code PowerState/...} of a VM's instance view. */
public enum PowerState {
    STARTING("starting"),
    RUNNING("running"),
    STOPPING("stopping"),
    STOPPED("stopped"),
    DEALLOCATING("deallocating"),
    DEALLOCATED("deallocated");

    private final String wire;

    PowerState(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** R3: the two states in which a CVM lets its set be rotated. */
    public boolean stopped() {
        return this == STOPPED || this == DEALLOCATED;
    }
}
