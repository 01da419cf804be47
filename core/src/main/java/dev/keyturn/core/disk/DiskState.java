package dev.keyturn.core.disk;

import dev.keyturn.core.host.PowerState;
import java.util.Optional;

/** {@code diskState} of a disk, as it follows from the VM it is attached to. */
public enum DiskState {
    UNATTACHED("Unattached"),
    ATTACHED("Attached"),
    /** Attached to a VM that is deallocated. */
    RESERVED("Reserved");

    private final String wire;

    DiskState(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** The state of a disk whose VM, where it has one, is in {@code power}. */
    public static DiskState of(Optional<PowerState> power) {
        return power.map(p -> p == PowerState.DEALLOCATED ? RESERVED : ATTACHED).orElse(UNATTACHED);
    }
}
