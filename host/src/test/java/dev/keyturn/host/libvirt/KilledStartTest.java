package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.host.Fixture;
import dev.keyturn.store.TestDatabase;
import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of the process that starts a machine, while its secrets are in libvirt. */
class KilledStartTest {
    private static final Duration SOON = Duration.ofSeconds(90);

    private LibvirtRig rig;
    private final Fixture vm = Fixture.seeded(UUID.randomUUID());

    @BeforeEach
    void open() {
        rig = new LibvirtRig();
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        rig.host.close();
    }

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void killedBetweenSecretAndMachine_theSecretIsTakenBackByTheNextServer() throws IOException, InterruptedException {
        Process starting = run(StartingProcess.SECRETS);
        Eventually.until(SOON, rig::secrets, s -> s.size() == 4);
        kill(starting);
        assertThat(rig.secrets()).hasSize(4);

        nextServer();
        assertThat(rig.host.power(vm.vm())).contains(PowerState.STOPPED);
        assertThat(rig.secrets()).isEmpty();
        startsAndStops();
    }

    /** Libvirt may go on with what it was asked for: then the machine runs, and the next server knows it. */
    @Test
    void killedInTheMiddle_theMachineIsStoppedOrKnown_andNoSecretIsLeft() throws IOException, InterruptedException {
        Process starting = run(StartingProcess.START);
        Eventually.until(SOON, rig::secrets, s -> s.size() == 4);
        kill(starting);

        nextServer();
        startsAndStops();
        assertThat(LibvirtRig.virsh("list", "--all", "--uuid").said())
                .doesNotContain(vm.vm().toString());
    }

    private void nextServer() {
        rig.host = rig.open(rig.settings);
    }

    private void startsAndStops() {
        rig.host.start(Fixture.fence(), vm.machine(), vm.all());
        assertThat(rig.host.active()).containsExactly(vm.vm());
        assertThat(rig.secrets()).isEmpty();
        rig.host.stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        assertThat(rig.host.refusals(vm.images())).isEmpty();
        assertThat(rig.host.prove(vm.all())).isEmpty();
    }

    private Process run(String what) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        TestDatabase.jvmArgument(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartingProcess.class.getName(),
                        rig.directory.toString(),
                        rig.settings.installation().toString(),
                        vm.vm().toString(),
                        what))
                .inheritIO()
                .start();
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
