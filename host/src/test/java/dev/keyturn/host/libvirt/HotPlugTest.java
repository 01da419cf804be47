package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.host.Fixture;
import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A guest gets a data disk while it runs, writes to it and gives it back. */
class HotPlugTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Fixture vm = Fixture.seeded(UUID.randomUUID());
    private final List<HostArtifact> withoutIt = List.of(vm.guestState(), vm.osDisk());
    private LibvirtRig rig;

    @BeforeEach
    void open() {
        rig = new LibvirtRig();
    }

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void whatTheGuestWroteToADiskThatCameWhileItRan_isReadAfterARestart_andNoKeyIsFound() throws IOException {
        SecretScan scan = SecretScan.forKeysOf(vm);
        TestGuest guest = TestGuest.provision(rig, vm);
        assertThat(guest.boot(withoutIt)).doesNotContainKey("data0");

        rig.host.plug(Fixture.fence(), vm.vm(), vm.dataDisk());
        Map<String, TestGuest.Store> written = Eventually.until(SOON, guest::disks, d -> d.containsKey("data0"));
        TestGuest.Store first = Objects.requireNonNull(written.get("data0"));
        assertThat(first.how()).isEqualTo("written");
        String value = first.value();
        assertThat(guest.disks().get("data0")).isEqualTo(new TestGuest.Store("read", value));
        assertThat(scan.processes()).isEmpty();
        assertThat(scan.files(List.of(rig.directory, Path.of("/run/libvirt"), Path.of("/var/log/libvirt"))))
                .isEmpty();
        assertThat(rig.secrets()).isEmpty();

        rig.host.unplug(Fixture.fence(), vm.vm(), vm.dataDisk().image());
        assertThat(Eventually.until(SOON, guest::disks, d -> d.isEmpty())).isEmpty();
        assertThat(rig.host.prove(List.of(vm.dataDisk()))).isEmpty();
        rig.host.plug(Fixture.fence(), vm.vm(), vm.dataDisk());
        assertThat(Eventually.until(SOON, guest::disks, d -> d.containsKey("data0")))
                .containsEntry("data0", new TestGuest.Store("read", value));

        rig.host.stop(Fixture.fence(), vm.vm(), LIMIT);
        assertThat(guest.boot().get("data0")).isEqualTo(new TestGuest.Store("read", value));
        assertThat(rig.secrets()).isEmpty();
    }

    /** One that somebody made, or that was started before machines had a controller for such disks. */
    @Test
    void aMachineWithoutAControllerForDisks_isToBeStartedOnce() throws IOException {
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        Path description = rig.directory.resolve("old.xml");
        Files.writeString(description, """
                <domain type='qemu'><name>old-%1$s</name><uuid>%1$s</uuid><memory unit='MiB'>64</memory>
                <os><type arch='x86_64' machine='q35'>hvm</type></os><devices><memballoon model='none'/></devices></domain>
                """.formatted(vm.vm()));
        Tool.Answer made = LibvirtRig.virsh("create", description.toString());
        assertThat(made.well()).as(made.said()).isTrue();

        DomainException refused = catchThrowableOfType(
                DomainException.class, () -> rig.host.plug(Fixture.fence(), vm.vm(), vm.dataDisk()));
        assertThat(refused.error().info().message()).contains("Stop the VM and start it once");
        assertThat(rig.host.power(vm.vm())).contains(PowerState.RUNNING);

        rig.host.stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        rig.host.start(Fixture.fence(), vm.machine(), withoutIt);
        rig.host.plug(Fixture.fence(), vm.vm(), vm.dataDisk());
        assertThat(rig.host.refusals(List.of(vm.dataDisk().image()))).hasSize(1);
    }
}
