package dev.keyturn.core.model;

/** What of a CVM is encrypted under a data key of its own. */
public enum ArtifactKind {
    /** vTPM state and UEFI variables; Azure's VMGS file. */
    GUEST_STATE("GuestState"),
    OS_DISK("OsDisk"),
    DATA_DISK("DataDisk");

    private final String wire;

    ArtifactKind(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }
}
