package dev.keyturn.core.model;

import java.util.Arrays;

/**
 * What is encrypted under a data key of its own, and all that differs between kinds of it: nothing else asks for the
 * kind but the hosts, which make images of each. A new kind is a constant here. Numbers are stored and never change.
 */
public enum ArtifactKind {
    /** vTPM state and UEFI variables of a VM; Azure's VMGS file. Its owner is the VM. */
    GUEST_STATE(1, "GuestState", "guest state", false),
    /** Its owner is the disk. */
    OS_DISK(2, "OsDisk", "OS disk", true),
    /** Its owner is the disk. */
    DATA_DISK(3, "DataDisk", "data disk", true);

    private final int number;
    private final String wire;
    private final String words;
    private final boolean attachable;

    ArtifactKind(int number, String wire, String words, boolean attachable) {
        this.number = number;
        this.wire = wire;
        this.words = words;
        this.attachable = attachable;
    }

    /** @throws IllegalStateException where there is none: a newer program stored it */
    public static ArtifactKind numbered(int number) {
        return Arrays.stream(values())
                .filter(k -> k.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no artifact kind " + number));
    }

    /** What the store calls it. */
    public int number() {
        return number;
    }

    public String wire() {
        return wire;
    }

    /** What a sentence calls it. */
    public String words() {
        return words;
    }

    /** Whether its owner is something that a VM may have or not have. */
    public boolean attachable() {
        return attachable;
    }
}
