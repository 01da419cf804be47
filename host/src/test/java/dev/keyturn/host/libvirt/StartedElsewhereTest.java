package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.host.Fixture;
import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Machines that somebody started with libvirt's own tools, behind the server's back. */
class StartedElsewhereTest {
    private final UUID other = UUID.randomUUID();
    private LibvirtRig rig;
    private Fixture vm;
    private Path disk;

    @BeforeEach
    void open() {
        rig = new LibvirtRig();
        vm = Fixture.vm1();
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        disk = rig.storage().disk(vm.dataDisk().image().diskId().orElseThrow());
    }

    @AfterEach
    void close() {
        if (rig != null) {
            LibvirtRig.virsh("destroy", other.toString());
            rig.close();
        }
    }

    @Test
    void aDomainWithTheVmsId_isTheVm_andItsNameIsSaid() throws IOException {
        String name = "behind-" + other;
        create(name, vm.vm(), Optional.empty());

        assertThat(rig.host.power(vm.vm())).contains(PowerState.RUNNING);
        assertThat(rig.host.active()).containsExactly(vm.vm());
        assertThat(rig.host.refusals(vm.images()))
                .hasSize(3)
                .allSatisfy(p -> assertThat(p.reason().message()).contains("'test'", "qemu:///system", name));

        rig.host.stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        assertThat(rig.host.refusals(vm.images())).isEmpty();
    }

    @Test
    void anotherDomainWithTheImageOpen_blocksThatImage_andItsNameIsSaid() throws IOException {
        String name = "thief-" + other;
        create(name, other, Optional.of(disk));

        blocks(vm.dataDisk(), "'test'", "qemu:///system", name, disk.toString());
        assertThat(rig.host.active()).isEmpty();
        LibvirtRig.virsh("destroy", other.toString());
        assertThat(rig.host.refusals(vm.images())).isEmpty();
    }

    /** What libvirt knows nothing of: here a program with a lock as QEMU's own tools take it. */
    @Test
    void anotherProgramWithTheImageLocked_blocksThatImage() throws IOException, InterruptedException {
        Process program = new ProcessBuilder("qemu-io", "-f", "raw", "-c", "sleep 600000", disk.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Eventually.until(Duration.ofSeconds(30), () -> rig.host.refusals(vm.images()), p -> !p.isEmpty());
            blocks(vm.dataDisk(), "'test'", disk.toString(), "locked");
        } finally {
            program.destroyForcibly().waitFor();
        }
        assertThat(rig.host.refusals(vm.images())).isEmpty();
    }

    private void blocks(HostArtifact artifact, String... said) {
        assertThat(rig.host.refusals(vm.images())).singleElement().satisfies(p -> {
            assertThat(p.artifact()).isEqualTo(Fixture.id(artifact));
            assertThat(p.reason().message()).contains(said);
        });
    }

    private void create(String name, UUID id, Optional<Path> image) throws IOException {
        Path description = rig.directory.resolve(name + ".xml");
        Files.writeString(description, """
                <domain type='qemu'><name>%s</name><uuid>%s</uuid><memory unit='MiB'>64</memory>
                <os><type arch='x86_64' machine='q35'>hvm</type></os><devices>%s<memballoon model='none'/></devices></domain>
                """.formatted(
                        name, id, image.map(StartedElsewhereTest::disk).orElse("")));
        Tool.Answer answer = LibvirtRig.virsh("create", description.toString());
        assertThat(answer.well()).as(answer.said()).isTrue();
    }

    private static String disk(Path image) {
        return "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/>".formatted(image)
                + "<target dev='vda' bus='virtio'/></disk>";
    }
}
