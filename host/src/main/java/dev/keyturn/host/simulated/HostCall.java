package dev.keyturn.host.simulated;

import java.util.Arrays;
import java.util.Optional;

/** The calls of {@link dev.keyturn.core.host.VmHost} that a fault may be narrowed to. */
public enum HostCall {
    PROVISION("provision", false),
    START("start", false),
    STOP("stop", false),
    POWER("power", true),
    ACTIVE("active", true),
    REFUSALS("refusals", true),
    PROVE("prove", false),
    ATTACH("attach", false),
    PLUG("plug", false),
    UNPLUG("unplug", false),
    DELETE("delete", false),
    FORGET("forget", false),
    FENCE("fence", false);

    private final String wire;
    private final boolean question;

    HostCall(String wire, boolean question) {
        this.wire = wire;
        this.question = question;
    }

    public String wire() {
        return wire;
    }

    /** Whether the caller waits no longer than the host's patience for it. */
    boolean question() {
        return question;
    }

    public static Optional<HostCall> of(String wire) {
        return Arrays.stream(values()).filter(c -> c.wire.equals(wire)).findFirst();
    }
}
