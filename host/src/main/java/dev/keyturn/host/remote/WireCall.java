package dev.keyturn.host.remote;

import java.util.Arrays;
import java.util.Optional;

/**
 * The calls of {@link dev.keyturn.core.host.VmHost} that go to another node. A question is answered within the host's
 * patience; an order may take its time, so that whoever carries it out says again and again that it is at it.
 */
public enum WireCall {
    PROVISION("provision", false),
    START("start", false),
    STOP("stop", false),
    FENCE("fence", false),
    NEWEST_FENCE("newest-fence", true),
    POWER("power", true),
    ACTIVE("active", true),
    REFUSALS("refusals", true),
    PROVE("prove", false),
    ATTACH("attach", false),
    PLUG("plug", false),
    UNPLUG("unplug", false),
    DELETE("delete", false),
    FORGET("forget", false),
    CRASH("crash", true),
    CONSOLE("console", true),
    FILES("files", true),
    NOTES("notes", true);

    private final String wire;
    private final boolean question;

    WireCall(String wire, boolean question) {
        this.wire = wire;
        this.question = question;
    }

    /** As it is called in an address. */
    public String wire() {
        return wire;
    }

    /** Whether the caller waits no longer than the host's patience for it. */
    public boolean question() {
        return question;
    }

    public static Optional<WireCall> of(String wire) {
        return Arrays.stream(values()).filter(c -> c.wire.equals(wire)).findFirst();
    }
}
