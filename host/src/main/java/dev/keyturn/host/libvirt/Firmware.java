package dev.keyturn.host.libvirt;

import java.nio.file.Path;

/** OVMF with 4 MiB of flash, as Debian and Ubuntu install it. Only the secure build enforces the keys in the variables. */
public final class Firmware {
    static final Path PLAIN = Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd");
    static final Path SECURE = Path.of("/usr/share/OVMF/OVMF_CODE_4M.ms.fd");
    /** Variables with Microsoft's keys enrolled, which signed distributions boot with. */
    public static final Path MICROSOFT_KEYS = Path.of("/usr/share/OVMF/OVMF_VARS_4M.ms.fd");
    /** Bytes of the variables' flash. */
    static final long VARIABLES_SIZE = 540_672;

    private Firmware() {}
}
