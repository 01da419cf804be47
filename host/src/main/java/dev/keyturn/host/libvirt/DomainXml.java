package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.Machine;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A CVM as a libvirt domain: OS disk on virtio-blk, data disks on virtio-scsi at their lun, UEFI variables and vTPM, a
 * serial console that is logged. Each of the four is opened with its own secret.
 */
final class DomainXml {
    private final LibvirtSettings settings;
    private final Storage storage;
    private final Platform platform;

    DomainXml(LibvirtSettings settings, Storage storage, Platform platform) {
        this.settings = settings;
        this.storage = storage;
        this.platform = platform;
    }

    /** The secrets' ids: of each disk's image, of the UEFI variables and of the vTPM. */
    record Keys(Map<ArtifactImage, UUID> disks, UUID variables, UUID vtpm) {}

    /** Unique on its libvirt, and known again by a person. */
    static String name(Machine machine) {
        return "keyturn-" + machine.name() + "-" + machine.vmId().toString().substring(0, 8);
    }

    String of(Machine machine, Keys keys) {
        MachineSize size = MachineSize.of(machine.hardware(), settings);
        return Xml.document("domain", domain -> {
            domain.attribute("type", platform.kvm() ? "kvm" : "qemu");
            domain.text("name", name(machine)).text("uuid", machine.vmId().toString());
            domain.text("title", machine.name());
            domain.element("memory", m -> m.attribute("unit", "MiB").characters(Integer.toString(size.memoryMib())));
            domain.text("vcpu", Integer.toString(size.vcpus()));
            domain.element("os", os -> boot(os, machine, keys));
            domain.element("features", f -> {
                f.empty("acpi").empty("apic");
                if (machine.hardware().secureBoot()) {
                    f.element("smm", s -> s.attribute("state", "on"));
                }
            });
            domain.element("cpu", c -> c.attribute("mode", platform.kvm() ? "host-passthrough" : "maximum"));
            domain.text("on_poweroff", "destroy").text("on_reboot", "restart").text("on_crash", "destroy");
            domain.element("devices", d -> devices(d, machine, keys));
            platform.memoryEncryption()
                    .ifPresent(kind -> domain.element(
                            "launchSecurity",
                            l -> l.attribute("type", kind.libvirt()).text("policy", kind.policy())));
        });
    }

    private void boot(Xml os, Machine machine, Keys keys) {
        boolean secure = machine.hardware().secureBoot();
        os.element(
                "type",
                t -> t.attribute("arch", "x86_64").attribute("machine", "q35").characters("hvm"));
        os.element(
                "loader",
                l -> l.attribute("readonly", "yes")
                        .attribute("secure", secure ? "yes" : "no")
                        .attribute("type", "pflash")
                        .characters((secure ? Firmware.SECURE : Firmware.PLAIN).toString()));
        // Without engine='qemu' libvirt 9.0 refuses an encrypted nvram.
        os.element(
                "nvram",
                n -> n.attribute("type", "file")
                        .element(
                                "source",
                                s -> DiskXml.source(
                                        s, storage.variables(machine.vmId()), keys.variables(), Optional.of("qemu"))));
    }

    private void devices(Xml devices, Machine machine, Keys keys) {
        devices.element(
                "controller",
                c -> c.attribute("type", "scsi").attribute("index", "0").attribute("model", DiskXml.CONTROLLER));
        keys.disks().forEach((image, secret) -> devices.element("disk", d -> DiskXml.write(d, storage, image, secret)));
        settings.network()
                .ifPresent(n -> devices.element(
                        "interface",
                        i -> i.attribute("type", "network")
                                .element("mac", m -> m.attribute("address", mac(machine.vmId())))
                                .element("source", s -> s.attribute("network", n))
                                .element("model", m -> m.attribute("type", "virtio"))));
        devices.element(
                "serial",
                s -> s.attribute("type", "pty")
                        .element(
                                "log",
                                l -> l.attribute(
                                                "file",
                                                storage.console(machine.vmId()).toString())
                                        .attribute("append", "on"))
                        .element(
                                "target", t -> t.attribute("type", "isa-serial").attribute("port", "0")));
        // persistent_state: without it the state is deleted when the domain goes.
        devices.element(
                "tpm",
                t -> t.attribute("model", "tpm-crb")
                        .element(
                                "backend",
                                b -> b.attribute("type", "emulator")
                                        .attribute("version", "2.0")
                                        .attribute("persistent_state", "yes")
                                        .element(
                                                "encryption",
                                                e -> e.attribute(
                                                        "secret", keys.vtpm().toString()))));
        devices.element(
                "rng",
                r -> r.attribute("model", "virtio")
                        .element("backend", b -> b.attribute("model", "random").characters("/dev/urandom")));
        // A guest that panics is told of, and ends.
        devices.element("panic", p -> p.attribute("model", "isa"));
        devices.element("memballoon", m -> m.attribute("model", "none"));
    }

    /** The same at every start; 52:54:00 is QEMU's. */
    private static String mac(UUID vm) {
        long bits = vm.getLeastSignificantBits();
        return String.format(
                Locale.ROOT, "52:54:00:%02x:%02x:%02x", (bits >> 16) & 0xff, (bits >> 8) & 0xff, bits & 0xff);
    }
}
