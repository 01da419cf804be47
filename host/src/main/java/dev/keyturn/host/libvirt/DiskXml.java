package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArtifactKind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** A disk of a domain: in its description at a start, and by itself where the domain runs. */
final class DiskXml {
    /** Data disks are at its luns, which are all there from the start, so one can come and go while the machine runs. */
    static final String CONTROLLER = "virtio-scsi";

    private DiskXml() {}

    /** What the machine is given while it runs. */
    static String attached(Storage storage, ArtifactImage image, UUID secret) {
        return Xml.document("disk", d -> write(d, storage, image, secret));
    }

    /** What is taken from it, by the name that the domain's description has for it. */
    static String detached(String target) {
        return Xml.document("disk", d -> {
            d.attribute("type", "file").attribute("device", "disk");
            d.element("target", t -> t.attribute("dev", target).attribute("bus", "scsi"));
        });
    }

    static void write(Xml disk, Storage storage, ArtifactImage image, UUID secret) {
        boolean os = image.kind() == ArtifactKind.OS_DISK;
        int lun = image.lun().orElse(0);
        disk.attribute("type", "file").attribute("device", "disk");
        disk.element("driver", d -> d.attribute("name", "qemu").attribute("type", "raw"));
        disk.element("source", s -> source(s, storage.disk(image.diskId().orElseThrow()), secret, Optional.empty()));
        disk.element(
                "target", t -> t.attribute("dev", os ? "vda" : scsi(lun)).attribute("bus", os ? "virtio" : "scsi"));
        image.diskId().ifPresent(id -> disk.text("serial", serial(id)));
        if (os) {
            disk.element("boot", b -> b.attribute("order", "1"));
        } else {
            disk.element(
                    "address",
                    a -> a.attribute("type", "drive")
                            .attribute("controller", "0")
                            .attribute("bus", "0")
                            .attribute("target", "0")
                            .attribute("unit", Integer.toString(lun)));
        }
    }

    static void source(Xml source, Path file, UUID secret, Optional<String> engine) {
        source.attribute("file", file.toString()).element("encryption", e -> {
            e.attribute("format", "luks");
            engine.ifPresent(n -> e.attribute("engine", n));
            e.element("secret", s -> s.attribute("type", "passphrase").attribute("uuid", secret.toString()));
        });
    }

    /** virtio-blk shows the first 20 characters. */
    private static String serial(UUID disk) {
        return disk.toString().replace("-", "").substring(0, 20);
    }

    /** The name of the lun-th SCSI disk: sda to sdz, sdaa and on. It only has to differ; the guest sees the lun. */
    private static String scsi(int lun) {
        String last = Character.toString((char) ('a' + lun % 26));
        return lun < 26 ? "sd" + last : "sd" + (char) ('a' + lun / 26 - 1) + last;
    }
}
