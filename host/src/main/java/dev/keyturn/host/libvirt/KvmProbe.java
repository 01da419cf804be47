package dev.keyturn.host.libvirt;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boots the firmware of a CVM under KVM, without any disk, and waits for what it writes to its console: there are hosts
 * that accept such a machine and never run it, or run a simpler one. That it booted holds until the host is booted
 * again, and is kept in the storage directory.
 */
final class KvmProbe {
    /** Under KVM the firmware is there in a second or two. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String BOOTS = "boots";

    /** The machines that this process is probing with, on any of its hosts. */
    private static final Set<UUID> MINE = ConcurrentHashMap.newKeySet();

    private static final Logger LOG = LoggerFactory.getLogger(KvmProbe.class);

    private final Hypervisor hypervisor;
    private final Path directory;
    private final String type;
    private final UUID installation;

    /** {@code installation} is whose probes these are. */
    KvmProbe(Hypervisor hypervisor, Path storage, UUID installation) {
        this(hypervisor, storage, installation, "kvm");
    }

    /** {@code type} is the kind of domain that is tried. */
    KvmProbe(Hypervisor hypervisor, Path storage, UUID installation, String type) {
        this.hypervisor = hypervisor;
        this.type = type;
        this.directory = storage.resolve("kvm-probe");
        this.installation = installation;
    }

    /** What a probe's machine is called. */
    static String name(UUID installation, UUID id) {
        return "keyturn-kvm-probe-" + installation + "-" + id;
    }

    /** Ends the machines that a server of this installation was probing with when it was killed. */
    void sweep() {
        for (Map.Entry<UUID, Hypervisor.Active> machine : hypervisor.active().entrySet()) {
            UUID id = machine.getKey();
            if (machine.getValue().name().equals(name(installation, id)) && !MINE.contains(id)) {
                hypervisor.destroy(id);
                LOG.warn(
                        "ended the machine {}, left by a probe that was cut off",
                        machine.getValue().name());
            }
        }
    }

    /** Variables and consoles of such machines. */
    private void tidy() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*.{fd,out}")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Why KVM does not boot a guest here; empty where it does. */
    Optional<String> fault() {
        try {
            Storage.passable(directory);
            tidy();
            Path kept = directory.resolve("found");
            String bootId = Files.readString(BOOT_ID).strip();
            if (Files.exists(kept)) {
                String[] lines = Files.readString(kept).split("\n", 2);
                if (lines.length == 2 && lines[0].equals(bootId) && lines[1].equals(BOOTS)) {
                    return Optional.empty();
                }
            }
            Optional<String> fault = boot();
            if (fault.isEmpty()) {
                // A fault may pass, and is found again by the next server.
                Files.writeString(kept, bootId + "\n" + BOOTS);
            }
            return fault;
        } catch (IOException e) {
            return Optional.of("it cannot be tried: " + Reason.of(e));
        }
    }

    private Optional<String> boot() throws IOException {
        UUID id = UUID.randomUUID();
        Path variables = directory.resolve(id + ".fd");
        Path console = directory.resolve(id + ".out");
        MINE.add(id);
        try {
            Files.copy(Firmware.MICROSOFT_KEYS, variables);
            hypervisor.create(xml(id, variables, console));
            return wrote(console)
                    ? Optional.empty()
                    : Optional.of("its firmware gave no sign of life within " + LIMIT.toSeconds() + " s");
        } catch (LibvirtRefusedException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("it is refused"));
        } finally {
            hypervisor.destroy(id);
            Files.deleteIfExists(variables);
            Files.deleteIfExists(console);
            MINE.remove(id);
        }
    }

    private static boolean wrote(Path console) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            if (Files.exists(console) && Files.size(console) > 0) {
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

    private String xml(UUID id, Path variables, Path console) {
        return Xml.document("domain", domain -> {
            domain.attribute("type", type);
            domain.text("name", name(installation, id)).text("uuid", id.toString());
            domain.element("memory", m -> m.attribute("unit", "MiB").characters("256"));
            domain.text("vcpu", "1");
            domain.element("os", os -> {
                os.element(
                        "type",
                        t -> t.attribute("arch", "x86_64")
                                .attribute("machine", "q35")
                                .characters("hvm"));
                os.element(
                        "loader",
                        l -> l.attribute("readonly", "yes")
                                .attribute("secure", "yes")
                                .attribute("type", "pflash")
                                .characters(Firmware.SECURE.toString()));
                os.text("nvram", variables.toString());
            });
            domain.element(
                    "features", f -> f.empty("acpi").empty("apic").element("smm", s -> s.attribute("state", "on")));
            domain.element("cpu", c -> c.attribute("mode", type.equals("kvm") ? "host-passthrough" : "maximum"));
            domain.element("devices", d -> {
                d.element(
                        "serial",
                        s -> s.attribute("type", "file")
                                .element("source", f -> f.attribute("path", console.toString())));
                d.element("memballoon", m -> m.attribute("model", "none"));
            });
        });
    }
}
