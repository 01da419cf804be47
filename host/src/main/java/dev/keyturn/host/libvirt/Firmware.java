package dev.keyturn.host.libvirt;

import java.nio.file.Path;

/**
 * OVMF with 4 MiB of flash, as Debian and Ubuntu install it. Every machine's variables begin with Microsoft's keys
 * enrolled; only the secure build enforces them.
 */
final class Firmware {
    static final Path PLAIN = Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd");
    static final Path SECURE = Path.of("/usr/share/OVMF/OVMF_CODE_4M.ms.fd");
    static final Path VARIABLES = Path.of("/usr/share/OVMF/OVMF_VARS_4M.ms.fd");
    /** Bytes of the variables' flash. */
    static final long VARIABLES_SIZE = 540_672;

    private Firmware() {}
}
