package dev.keyturn.core.diskset;

import java.util.Arrays;
import java.util.Optional;

/** What a disk encryption set is for: Azure's {@code properties.encryptionType}. */
public enum EncryptionType {
    /** The disks and the guest states of confidential VMs. */
    CONFIDENTIAL_VM("ConfidentialVmEncryptedWithCustomerKey", true),
    /** Managed disks, encrypted by their storage. Azure's default. */
    AT_REST("EncryptionAtRestWithCustomerKey", false),
    AT_REST_TWICE("EncryptionAtRestWithPlatformAndCustomerKeys", false);

    private final String wire;
    private final boolean served;

    EncryptionType(String wire, boolean served) {
        this.wire = wire;
        this.served = served;
    }

    public String wire() {
        return wire;
    }

    /** Whether a set of this type can be made here. */
    boolean served() {
        return served;
    }

    /** In any case of letters, as Azure reads it. */
    static Optional<EncryptionType> named(String wire) {
        return Arrays.stream(values())
                .filter(t -> t.wire.equalsIgnoreCase(wire))
                .findFirst();
    }
}
