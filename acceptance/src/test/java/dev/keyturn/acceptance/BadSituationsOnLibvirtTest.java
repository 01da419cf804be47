package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.cli.client.RefusedException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damage, theft and a full disk on a libvirt host, seen from outside the server: each ends well. */
class BadSituationsOnLibvirtTest {
    private static final String VMS = "2024-07-01";

    private final String thief = "thief-" + UUID.randomUUID();
    private LibvirtServer place;

    @BeforeEach
    void open() {
        place = new LibvirtServer(LibvirtServer.SYSTEM);
    }

    @AfterEach
    void close() {
        if (place != null) {
            place.virsh("destroy", thief);
            place.close();
        }
    }

    @Test
    void rotation_failsTheDamagedAndTheStolenArtifactAlone_andIsFinishedByAnotherSave() throws IOException {
        try (ServerProcess server = place.start();
                Ground ground = Ground.on(server, "bad")) {
            ground.newSet("set", ground.newKey("k"));
            ground.newVm("web", "set");
            ground.newVm("db", "set");
            try {
                ground.act("web", "deallocate");
                ground.act("db", "deallocate");
                String key = ground.newKey("k");
                Path damaged = image(ground, "web-data");
                byte[] header = damage(damaged);
                create(domain(UUID.randomUUID(), Optional.of(image(ground, "db-os"))));

                RefusedException failed = refused(() -> ground.rotate("set", key));
                assertThat(failed.refusal().details()).hasSize(2);
                assertThat(failed.getMessage()).contains("web-data", damaged.toString());
                assertThat(failed.getMessage()).contains("db-os", thief, LibvirtServer.SYSTEM);
                assertThat(ground.census("set").text("underActiveKey")).isEqualTo("2");
                assertThat(ground.census("set").text("underOtherKeys")).isEqualTo("4");
                RefusedException unproven = refused(() -> ground.verify("set"));
                assertThat(unproven.getMessage()).contains("web-data").doesNotContain("web-os", "db-data");

                place.virsh("destroy", thief);
                restore(damaged, header);
                ground.rotate("set", key);
                assertThat(ground.census("set").text("underOtherKeys")).isEqualTo("0");
                ground.verify("set");
                ground.act("web", "start");
                assertThat(ground.power("web")).isEqualTo("PowerState/running");
            } finally {
                place.virsh("destroy", thief);
                delete(ground, "web");
                delete(ground, "db");
            }
            nothingIsLeft();
        }
    }

    @Test
    void vmStartedBehindTheServersBack_blocksARotation_andIsShownAsRunning() throws IOException {
        try (ServerProcess server = place.start();
                Ground ground = Ground.on(server, "behind")) {
            ground.newSet("set", ground.newKey("k"));
            ground.newVm("web", "set");
            try {
                ground.act("web", "deallocate");
                String key = ground.newKey("k");
                String id = ground.api()
                        .arm("GET", ground.vmPath("web"), VMS, Optional.empty())
                        .text("properties.vmId");
                create(domain(UUID.fromString(id), Optional.empty()));

                assertThat(refused(() -> ground.rotate("set", key)).getMessage())
                        .contains("VM 'web'", "Stop or deallocate it first");
                LibvirtServer.until(
                        Duration.ofSeconds(60), () -> ground.power("web").equals("PowerState/running"));
                assertThat(refused(() -> ground.rotate("set", key)).getMessage())
                        .contains("VM 'web'");

                ground.act("web", "deallocate");
                assertThat(place.virsh("list", "--name").said()).doesNotContain(thief);
                ground.rotate("set", key);
            } finally {
                delete(ground, "web");
            }
            nothingIsLeft();
        }
    }

    @Test
    void diskThatFillsUp_failsTheVm_andTheSamePutWorksOnceThereIsRoom() {
        run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=14m,mode=711",
                "tmpfs",
                place.storage().toString());
        try (ServerProcess server = place.start();
                Ground ground = Ground.on(server, "full")) {
            ground.newSet("set", ground.newKey("k"));
            RefusedException failed = refused(() -> ground.newVm("web", "set"));
            try {
                assertThat(failed.getMessage())
                        .contains("disk is full", place.storage().toString());
                assertThat(ground.api()
                                .arm("GET", ground.vmPath("web"), VMS, Optional.empty())
                                .text("properties.provisioningState"))
                        .isEqualTo("Failed");
                assertThat(place.imageFiles()).noneMatch(f -> f.toString().endsWith(".part"));

                run("mount", "-o", "remount,size=200m", place.storage().toString());
                ground.newVm("web", "set");
                assertThat(ground.power("web")).isEqualTo("PowerState/running");
            } finally {
                delete(ground, "web");
            }
            nothingIsLeft();
        } finally {
            run("umount", place.storage().toString());
        }
    }

    @Test
    void aSecondServerOnTheSameStorage_refusesToStartInOneLine() {
        try (ServerProcess server = place.start()) {
            assertThat(server.readyLine()).isNotBlank();
            List<String> options = new ArrayList<>(List.of(place.options()));
            options.addAll(List.of("--data", place.directory().resolve("other").toString(), "--port", "0"));
            ServerProcess.Ended second = ServerProcess.run("up", options.toArray(String[]::new));
            assertThat(second.status()).isNotZero();
            assertThat(second.err().strip().lines())
                    .singleElement()
                    .asString()
                    .contains(place.storage().toString(), "belongs to another installation", "storage=DIR");
            assertThat(second.out()).isEmpty();
        }
    }

    private void nothingIsLeft() {
        assertThat(place.imageFiles()).isEmpty();
        assertThat(place.virsh("list", "--all", "--name").said()).doesNotContain("keyturn-web-", "keyturn-db-", thief);
    }

    private static void delete(Ground ground, String vm) {
        ground.api().armToEnd("DELETE", ground.vmPath(vm), VMS, Optional.empty());
    }

    private static RefusedException refused(Runnable call) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, call::run);
        assertThat(refused).isNotNull();
        return refused;
    }

    private Path image(Ground ground, String disk) {
        String path = ground.groupPath() + "/providers/Microsoft.Compute/disks/" + disk;
        String id =
                ground.api().arm("GET", path, "2024-03-02", Optional.empty()).text("properties.uniqueId");
        return place.storage().resolve("disks").resolve(id + ".luks");
    }

    private void create(String xml) throws IOException {
        Path file = place.directory().resolve("domain.xml");
        Files.writeString(file, xml);
        LibvirtServer.Ended ended = place.virsh("create", file.toString());
        assertThat(ended.status()).as(ended.said()).isZero();
    }

    private String domain(UUID id, Optional<Path> image) {
        String disk = image.map(f -> "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='"
                        + f + "'/><target dev='vda' bus='virtio'/></disk>")
                .orElse("");
        return "<domain type='qemu'><name>%s</name><uuid>%s</uuid><memory unit='MiB'>64</memory>".formatted(thief, id)
                + "<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>" + disk
                + "<memballoon model='none'/></devices></domain>";
    }

    /** Overwrites the LUKS header's first sector; what was there. */
    private static byte[] damage(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            byte[] header = new byte[512];
            file.readFully(header);
            file.seek(0);
            file.write(new byte[header.length]);
            return header;
        }
    }

    private static void restore(Path image, byte[] header) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.write(header);
        }
    }

    private static void run(String... command) {
        LibvirtServer.Ended ended = LibvirtServer.run(command);
        assertThat(ended.status()).as(ended.said()).isZero();
    }
}
