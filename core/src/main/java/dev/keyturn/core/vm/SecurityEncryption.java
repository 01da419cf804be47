package dev.keyturn.core.vm;

import java.util.Optional;

/** {@code securityEncryptionType} of a CVM's OS disk; cannot be changed after creation. */
public enum SecurityEncryption {
    /** OS disk and guest state; under the key of a disk encryption set, or the platform's without one (R1). */
    DISK_WITH_VM_GUEST_STATE("DiskWithVMGuestState"),
    /** Always under the platform's key; takes no disk encryption set. */
    VM_GUEST_STATE_ONLY("VMGuestStateOnly");

    private final String wire;

    SecurityEncryption(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    public static Optional<SecurityEncryption> parse(String text) {
        for (SecurityEncryption e : values()) {
            if (e.wire.equalsIgnoreCase(text)) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }
}
