package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Fixture;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers whose hosts are on one libvirt, and both call theirs the same. */
class TwoServersTest {
    private LibvirtRig ours;
    private LibvirtRig theirs;

    @BeforeEach
    void open() {
        ours = new LibvirtRig();
        theirs = new LibvirtRig();
    }

    @AfterEach
    void close() {
        if (ours != null) {
            ours.close();
        }
        if (theirs != null) {
            theirs.close();
        }
    }

    @Test
    void aStorageDirectoryOfAnotherInstallation_isRefusedInOneLine() {
        LibvirtSettings stolen = LibvirtRig.settings(ours.directory, UUID.randomUUID());
        HostUnusableException refused = catchThrowableOfType(
                HostUnusableException.class,
                () -> LibvirtHost.open(stolen, ours.database.transactions(), LibvirtRig.NO_NAMES));
        assertThat(refused.problems())
                .singleElement()
                .asString()
                .contains("'test'", ours.settings.storage().toString(), "belongs to another installation")
                .doesNotContain("\n");
    }

    @Test
    void eachSeesAndStopsItsOwnMachinesAlone() {
        Fixture vm = Fixture.vm1();
        theirs.host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        theirs.host.start(Fixture.fence(), vm.machine(), vm.all());

        assertThat(ours.host.active()).isEmpty();
        ours.host.close();
        ours.host = ours.open(ours.settings);
        assertThat(ours.host.active()).isEmpty();
        assertThat(theirs.host.power(vm.vm())).contains(PowerState.RUNNING);

        theirs.host.stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        assertThat(theirs.host.prove(vm.all())).isEmpty();
    }

    /** A start of theirs is under way while a server of ours begins and takes back what an earlier one left. */
    @Test
    void aNewServer_takesBackItsOwnSecretsAlone() {
        try (Hypervisor hypervisor =
                        new Hypervisor("x", LibvirtRig.SYSTEM, Duration.ofSeconds(10), () -> {}, (_, _) -> {});
                EphemeralSecrets.Lent lent = secrets(hypervisor, theirs).lend();
                SecretBytes key = Fixture.key();
                SecretBytes passphrase = Passphrases.OS_DISK.of(key)) {
            secrets(hypervisor, ours).lend().define(Passphrases.OS_DISK, passphrase);
            lent.define(Passphrases.OS_DISK, passphrase);
            assertThat(ours.secrets()).hasSize(1);

            ours.host.close();
            ours.host = ours.open(ours.settings);
            assertThat(ours.host.active()).isEmpty();

            assertThat(ours.secrets()).isEmpty();
            assertThat(theirs.secrets()).hasSize(1);
        }
        assertThat(theirs.secrets()).isEmpty();
    }

    private static EphemeralSecrets secrets(Hypervisor hypervisor, LibvirtRig rig) {
        return new EphemeralSecrets(hypervisor, rig.settings.installation(), rig.settings.name());
    }
}
