package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.host.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A guest's whole life under secure boot, and that no key of it is ever written anywhere. */
class FullCycleTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final List<Path> WHERE_LIBVIRT_WRITES = List.of(
            Path.of("/etc/libvirt"),
            Path.of("/run/libvirt"),
            Path.of("/var/lib/libvirt"),
            Path.of("/var/log/libvirt"),
            Path.of("/var/log/swtpm"));

    private LibvirtRig rig;
    private final Fixture vm = Fixture.seeded(UUID.randomUUID());

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
    void whatTheGuestWrote_isReadAfterARestart_andNoKeyIsFoundAnywhere() throws IOException {
        SecretScan scan = SecretScan.forKeysOf(vm);
        TestGuest guest = TestGuest.provision(rig, vm);
        Map<String, TestGuest.Store> written = guest.boot();
        assertThat(written).containsOnlyKeys("file", "tpm", "uefi", "data0");
        assertThat(written.values()).extracting(TestGuest.Store::how).containsOnly("written");
        assertThat(scan.processes()).isEmpty();
        nothingFound(scan);

        rig.host.stop(Fixture.fence(), vm.vm(), LIMIT);
        assertThat(guest.await(s -> s.contains("KEYTURN shutdown"))).isNotEmpty();
        assertThat(rig.host.prove(vm.all())).isEmpty();

        Map<String, TestGuest.Store> read = guest.boot();
        assertThat(read.values()).extracting(TestGuest.Store::how).containsOnly("read");
        written.forEach((name, store) ->
                assertThat(read.get(name)).extracting(TestGuest.Store::value).isEqualTo(store.value()));
        assertThat(scan.processes()).isEmpty();

        guest.type("deaf", "KEYTURN deaf");
        rig.host.stop(Fixture.fence(), vm.vm(), Duration.ofSeconds(1));
        assertThat(rig.host.power(vm.vm())).contains(PowerState.STOPPED);
        nothingFound(scan);

        rig.host.delete(Fixture.fence(), vm.images());
        rig.host.forget(Fixture.fence(), vm.vm());
        nothingFound(scan);
        assertThat(rig.secrets()).isEmpty();
        assertThat(LibvirtRig.virsh("list", "--all", "--uuid").said())
                .doesNotContain(vm.vm().toString());
        assertThat(Files.exists(rig.tpms().resolve(vm.vm().toString()))).isFalse();
    }

    /** Without an operating system nobody hears the power button. */
    @Test
    void aMachineThatDoesNotObeyThePowerButton_isEndedAfterTheLimit() {
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        rig.host.start(Fixture.fence(), vm.machine(), vm.all());

        rig.host.stop(Fixture.fence(), vm.vm(), Duration.ofSeconds(1));

        assertThat(rig.host.power(vm.vm())).contains(PowerState.STOPPED);
        assertThat(rig.host.refusals(vm.images())).isEmpty();
        assertThat(rig.host.prove(vm.all())).isEmpty();
    }

    /** That the search would find one, in each of the forms it looks for. */
    @Test
    void theSearchForKeys_findsThem() throws IOException {
        SecretScan scan = SecretScan.forKeysOf(vm);
        Path file = rig.directory.resolve("leak");
        for (byte[] form : scan.forms()) {
            byte[] content = new byte[(1 << 20) + 20];
            System.arraycopy(form, 0, content, content.length - form.length, form.length);
            Files.write(file, content);
            assertThat(scan.files(List.of(rig.directory))).containsExactly(file);
        }
    }

    private void nothingFound(SecretScan scan) throws IOException {
        assertThat(scan.files(List.of(rig.directory))).isEmpty();
        assertThat(scan.files(WHERE_LIBVIRT_WRITES)).isEmpty();
    }
}
