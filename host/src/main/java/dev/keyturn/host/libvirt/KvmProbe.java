package dev.keyturn.host.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Boots a tiny machine under KVM and waits for a sign of life: there are hosts that accept one and never run it. What
 * was found holds until the host is booted again, and is kept in the storage directory.
 */
final class KvmProbe {
    /**
     * A boot sector: {@code cli; mov dx,0x3f8; mov al,'K'; out dx,al; mov al,'T'; out dx,al; hlt}, and a jump back to the
     * halt.
     */
    private static final byte[] SECTOR = HexFormat.of().parseHex("fabaf803b04beeb054eef4ebfd");

    private static final int SECTOR_SIZE = 512;
    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String BOOTS = "boots";

    private final Hypervisor hypervisor;
    private final Path directory;

    KvmProbe(Hypervisor hypervisor, Path storage) {
        this.hypervisor = hypervisor;
        this.directory = storage.resolve("kvm-probe");
    }

    /** Why KVM does not boot a guest here; empty where it does. */
    Optional<String> fault() {
        try {
            Storage.passable(directory);
            Path kept = directory.resolve("found");
            String bootId = Files.readString(BOOT_ID).strip();
            if (Files.exists(kept)) {
                String[] lines = Files.readString(kept).split("\n", 2);
                if (lines.length == 2 && lines[0].equals(bootId)) {
                    return lines[1].equals(BOOTS) ? Optional.empty() : Optional.of(lines[1]);
                }
            }
            Optional<String> fault = boot();
            Files.writeString(kept, bootId + "\n" + fault.orElse(BOOTS));
            return fault;
        } catch (IOException e) {
            return Optional.of("it cannot be tried: " + Reason.of(e));
        }
    }

    private Optional<String> boot() throws IOException {
        UUID id = UUID.randomUUID();
        Path disk = directory.resolve(id + ".img");
        Path serial = directory.resolve(id + ".out");
        byte[] sector = new byte[SECTOR_SIZE];
        System.arraycopy(SECTOR, 0, sector, 0, SECTOR.length);
        sector[SECTOR_SIZE - 2] = 0x55;
        sector[SECTOR_SIZE - 1] = (byte) 0xaa;
        try {
            Files.write(disk, sector);
            hypervisor.create(xml(id, disk, serial));
            return wrote(serial)
                    ? Optional.empty()
                    : Optional.of("a test machine gave no sign of life within " + LIMIT.toSeconds() + " s");
        } catch (LibvirtRefusedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            hypervisor.destroy(id);
            Files.deleteIfExists(disk);
            Files.deleteIfExists(serial);
        }
    }

    private static boolean wrote(Path serial) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            if (Files.exists(serial)
                    && new String(Files.readAllBytes(serial), StandardCharsets.ISO_8859_1).contains("KT")) {
                return true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private static String xml(UUID id, Path disk, Path serial) {
        return Xml.document("domain", domain -> {
            domain.attribute("type", "kvm");
            domain.text("name", "keyturn-kvm-probe-" + id).text("uuid", id.toString());
            domain.element("memory", m -> m.attribute("unit", "MiB").characters("64"));
            domain.text("vcpu", "1");
            domain.element(
                    "os",
                    os -> os.element(
                            "type",
                            t -> t.attribute("arch", "x86_64")
                                    .attribute("machine", "q35")
                                    .characters("hvm")));
            domain.element("features", f -> f.empty("acpi"));
            domain.element("devices", d -> {
                d.element(
                        "disk",
                        k -> k.attribute("type", "file")
                                .attribute("device", "disk")
                                .element(
                                        "driver",
                                        v -> v.attribute("name", "qemu").attribute("type", "raw"))
                                .element("source", s -> s.attribute("file", disk.toString()))
                                .element(
                                        "target", t -> t.attribute("dev", "vda").attribute("bus", "virtio")));
                d.element(
                        "serial",
                        s -> s.attribute("type", "file")
                                .element("source", f -> f.attribute("path", serial.toString())));
                d.element("memballoon", m -> m.attribute("model", "none"));
            });
        });
    }
}
