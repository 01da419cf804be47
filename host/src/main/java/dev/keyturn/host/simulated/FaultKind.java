package dev.keyturn.host.simulated;

import java.util.Arrays;
import java.util.Optional;

/** What can be made to go wrong on a simulated host. */
public enum FaultKind {
    /** The host does not let an artifact's envelope be changed: what makes a rotation fail in part (R5). */
    UPDATE_REFUSED("updateRefused", true, false),
    /** An image does not open, whatever the key: its ciphertext is damaged while the fault lasts. */
    IMAGE_CORRUPT("imageCorrupt", true, false),
    START_FAILS("startFails", false, false),
    STOP_FAILS("stopFails", false, false),
    /** A guest does not let go of a disk that is to be taken from its machine. */
    UNPLUG_FAILS("unplugFails", false, false),
    /** Every call takes longer by a delay. */
    SLOW("slow", false, true),
    /** Every call fails with {@code Unavailable}. */
    UNREACHABLE("unreachable", false, true);

    private final String wire;
    private final boolean ofArtifacts;
    private final boolean ofHost;

    FaultKind(String wire, boolean ofArtifacts, boolean ofHost) {
        this.wire = wire;
        this.ofArtifacts = ofArtifacts;
        this.ofHost = ofHost;
    }

    public String wire() {
        return wire;
    }

    /** Whether it may be narrowed to a disk and a kind of artifact. */
    public boolean ofArtifacts() {
        return ofArtifacts;
    }

    /** Whether it is about the host as a whole: it may be narrowed to a call, but not to a VM. */
    public boolean ofHost() {
        return ofHost;
    }

    public static Optional<FaultKind> of(String wire) {
        return Arrays.stream(values()).filter(k -> k.wire.equals(wire)).findFirst();
    }
}
