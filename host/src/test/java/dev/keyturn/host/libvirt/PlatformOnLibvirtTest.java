package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.host.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What this machine's libvirt offers, found out for real. */
class PlatformOnLibvirtTest {
    private static LibvirtSettings with(
            LibvirtSettings s, LibvirtSettings.Accelerator how, LibvirtSettings.MemoryEncryption memory) {
        return new LibvirtSettings(
                s.name(),
                s.uri(),
                s.storage(),
                s.images(),
                s.installation(),
                how,
                memory,
                s.vcpus(),
                s.memoryMib(),
                s.network(),
                s.uefiVariables(),
                s.patience());
    }

    @Test
    void accelerator_isSaidInTheView_andAskedForOncePerBootOfTheHost() throws Exception {
        try (LibvirtRig rig = new LibvirtRig()) {
            LibvirtSettings auto = with(
                    rig.settings, LibvirtSettings.Accelerator.AUTO, LibvirtSettings.MemoryEncryption.WHERE_OFFERED);
            Fixture vm = Fixture.vm1();
            rig.host.close();
            try (LibvirtHost host = rig.open(auto)) {
                host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
                host.start(Fixture.fence(), vm.machine(), vm.all());
                assertThat(host.notes(vm.vm()).get("accelerator")).matches("KVM|emulation: .*");
                assertThat(host.info().label()).startsWith("encrypted at rest");
            }
            Path found = auto.storage().resolve("kvm-probe/found");
            if (Files.exists(found)) {
                String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip();
                assertThat(Files.readString(found)).startsWith(boot);
            }
            assertThat(LibvirtRig.virsh("list", "--name").said()).doesNotContain("kvm-probe");
        }
    }

    @Test
    void requiredConfidentialHardware_refusesToStartWhereThereIsNone() {
        try (LibvirtRig rig = new LibvirtRig()) {
            LibvirtSettings required = with(
                    rig.settings, LibvirtSettings.Accelerator.EMULATION, LibvirtSettings.MemoryEncryption.REQUIRED);
            Fixture vm = Fixture.vm1();
            rig.host.close();
            try (LibvirtHost host = rig.open(required)) {
                host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
                DomainException refused =
                        assertThrows(DomainException.class, () -> host.start(Fixture.fence(), vm.machine(), vm.all()));
                assertThat(refused.error()).isInstanceOf(DomainError.Conflict.class);
                assertThat(refused.error().info().code()).isEqualTo("ConfidentialHardwareRequired");
                assertThat(host.active()).isEmpty();
            }
        }
    }

    /** The sign of life that the probe waits for does come where the firmware runs. */
    @Test
    void firmware_isSeenToRun_inEmulation() {
        try (LibvirtRig rig = new LibvirtRig();
                Hypervisor hypervisor =
                        new Hypervisor("probe", LibvirtRig.SYSTEM, Duration.ofSeconds(10), () -> {}, (_, _) -> {})) {
            KvmProbe emulated = new KvmProbe(hypervisor, rig.settings.storage(), rig.settings.installation(), "qemu");
            assertThat(emulated.fault()).isEmpty();
        }
    }

    /** As a server that was killed leaves it; the one of another installation may just be at work. */
    @Test
    void probeThatAKilledServerLeft_isEndedByTheNext_andThatOfAnotherInstallationIsNot() throws IOException {
        UUID left = UUID.randomUUID();
        UUID foreign = UUID.randomUUID();
        try (LibvirtRig rig = new LibvirtRig()) {
            rig.host.close();
            try {
                run(rig, KvmProbe.name(rig.settings.installation(), left), left);
                run(rig, KvmProbe.name(UUID.randomUUID(), foreign), foreign);

                rig.host = rig.open(rig.settings);
                assertThat(rig.host.active()).isEmpty();

                assertThat(LibvirtRig.virsh("list", "--uuid").said())
                        .doesNotContain(left.toString())
                        .contains(foreign.toString());
            } finally {
                LibvirtRig.virsh("destroy", left.toString());
                LibvirtRig.virsh("destroy", foreign.toString());
            }
        }
    }

    private static void run(LibvirtRig rig, String name, UUID id) throws IOException {
        Path xml = Files.writeString(
                rig.directory.resolve(id + ".xml"),
                "<domain type='qemu'><name>" + name + "</name><uuid>" + id + "</uuid><memory unit='MiB'>64</memory>"
                        + "<os><type arch='x86_64' machine='q35'>hvm</type></os></domain>");
        Tool.Answer answer = LibvirtRig.virsh("create", xml.toString());
        assertThat(answer.well()).as(answer.said()).isTrue();
    }
}
