package dev.keyturn.cli.demo;

import java.util.Locale;

/** What the demo's VMs run on. */
public enum HostKind {
    SIMULATED(4, 500),
    /** Real guests take memory and processors, so they are few. */
    LIBVIRT(2, 8);

    private final int usualVms;
    private final int mostVms;

    HostKind(int usualVms, int mostVms) {
        this.usualVms = usualVms;
        this.mostVms = mostVms;
    }

    public int usualVms() {
        return usualVms;
    }

    public int mostVms() {
        return mostVms;
    }

    /** As in {@code --host}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
