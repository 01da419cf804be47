package dev.keyturn.host.libvirt;

import java.util.Optional;

/**
 * What a host runs machines with, found out once.
 *
 * @param kvm whether by KVM or in emulation
 * @param accelerator what a person is told of it
 * @param memoryEncryption what keeps the host from reading a guest's memory, if anything
 */
record Platform(boolean kvm, String accelerator, Optional<MemoryProtection> memoryEncryption) {
    static final String AT_REST = "encrypted at rest, no memory encryption on this host";

    String label() {
        return memoryEncryption
                .map(m -> "encrypted at rest, memory encrypted with " + m.shown())
                .orElse(AT_REST);
    }

    /** The kinds of confidential hardware that libvirt can ask for. */
    enum MemoryProtection {
        SEV_SNP("sev-snp", "AMD SEV-SNP", "0x00030000"),
        TDX("tdx", "Intel TDX", "0x10000000");

        private final String libvirt;
        private final String shown;
        private final String policy;

        MemoryProtection(String libvirt, String shown, String policy) {
            this.libvirt = libvirt;
            this.shown = shown;
            this.policy = policy;
        }

        /** As in {@code launchSecurity} and in the host's capabilities. */
        String libvirt() {
            return libvirt;
        }

        String shown() {
            return shown;
        }

        /** SEV-SNP: SMT allowed, bit 17 always set, no debugging. TDX: SEPT_VE_DISABLE (bit 28), no debugging. */
        String policy() {
            return policy;
        }
    }
}
