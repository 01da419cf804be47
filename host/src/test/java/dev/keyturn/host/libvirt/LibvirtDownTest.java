package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Fixture;
import dev.keyturn.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A libvirt that is stopped, killed and frozen under the host's feet. */
class LibvirtDownTest {
    private static final Duration SOON = Duration.ofSeconds(90);

    private OwnLibvirt libvirt;
    private LibvirtRig rig;
    private Fixture vm;

    @BeforeEach
    void open() {
        libvirt = new OwnLibvirt();
        rig = new LibvirtRig(libvirt.uri(), _ -> {});
        vm = Fixture.vm1();
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
    }

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
        if (libvirt != null) {
            libvirt.close();
        }
    }

    @Test
    void whileLibvirtIsDown_everyCallSaysSo_andItWorksWhenItIsBack() {
        libvirt.stop();

        everythingIsUnavailable();
        assertThat(rig.host.prove(vm.all())).isEmpty();

        libvirt.start();
        runsAndStops();
    }

    @Test
    void whileLibvirtHangs_everyCallSaysSo_andItWorksWhenItGoesOn() {
        assertThat(rig.host.active()).isEmpty();
        libvirt.freeze(true);
        try {
            unavailable(() -> rig.host.active());
            unavailable(() -> rig.host.start(Fixture.fence(), vm.machine(), vm.all()));
        } finally {
            libvirt.freeze(false);
        }
        runsAndStops();
    }

    @Test
    void aRunningMachine_outlivesLibvirt() {
        rig.host.start(Fixture.fence(), vm.machine(), vm.all());
        libvirt.kill();

        everythingIsUnavailable();
        assertThat(rig.host.prove(List.of(vm.osDisk()))).isEmpty();

        libvirt.start();
        assertThat(rig.host.active()).containsExactly(vm.vm());
        rig.host.stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        assertThat(rig.host.power(vm.vm())).contains(PowerState.STOPPED);
        assertThat(rig.host.refusals(vm.images())).isEmpty();
    }

    /** How far a start had come. */
    enum Moment {
        FIRST_SECRET {
            @Override
            boolean come(LibvirtRig rig) {
                return !rig.secrets().isEmpty();
            }
        },
        MACHINE_IN_SIGHT {
            @Override
            boolean come(LibvirtRig rig) {
                return LibvirtRig.virsh(rig.settings.uri(), "list", "--all", "--name")
                        .said()
                        .contains("keyturn-");
            }
        };

        abstract boolean come(LibvirtRig rig);
    }

    @ParameterizedTest
    @EnumSource
    void libvirtKilledDuringAStart_leavesNoSecret_andTheStartCanBeDoneAgain(Moment moment) {
        CompletableFuture<Optional<DomainException>> start =
                CompletableFuture.supplyAsync(() -> Optional.ofNullable(catchThrowableOfType(
                        DomainException.class, () -> rig.host.start(Fixture.fence(), vm.machine(), vm.all()))));
        Eventually.until(SOON, () -> moment.come(rig), come -> come || start.isDone());
        libvirt.kill();
        libvirt.start();
        start.join()
                .ifPresent(e -> assertThat(e.error())
                        .isInstanceOfAny(DomainError.Unavailable.class, DomainError.Conflict.class));

        runsAndStops();
        assertThat(rig.host.prove(vm.all())).isEmpty();
    }

    @Test
    void aSecretThatLibvirtTookTooLate_isTakenBack() {
        try (Hypervisor hypervisor =
                        new Hypervisor("test", libvirt.uri(), Duration.ofSeconds(1), () -> {}, (_, _) -> {});
                SecretBytes passphrase = Passphrases.OS_DISK.of(vm.osDisk().dataKey())) {
            EphemeralSecrets secrets = secrets(hypervisor);
            assertThat(hypervisor.active()).isEmpty();
            libvirt.freeze(true);
            try (EphemeralSecrets.Lent lent = secrets.lend()) {
                unavailable(() -> lent.define(Passphrases.OS_DISK, passphrase));
            } finally {
                libvirt.freeze(false);
            }
            secrets(hypervisor).lend().define(Passphrases.OS_DISK, passphrase);
            assertThat(rig.secrets()).isNotEmpty();

            secrets.tidy();
            assertThat(rig.secrets()).isEmpty();
        }
    }

    private EphemeralSecrets secrets(Hypervisor hypervisor) {
        return new EphemeralSecrets(hypervisor, rig.settings.installation(), rig.settings.name());
    }

    private void everythingIsUnavailable() {
        unavailable(() -> rig.host.active());
        unavailable(() -> rig.host.power(vm.vm()));
        unavailable(() -> rig.host.refusals(vm.images()));
        unavailable(() -> rig.host.start(Fixture.fence(), vm.machine(), vm.all()));
        unavailable(() -> rig.host.stop(Fixture.fence(), vm.vm(), Duration.ZERO));
        unavailable(() -> rig.host.delete(Fixture.fence(), vm.images()));
        unavailable(() -> rig.host.forget(Fixture.fence(), vm.vm()));
        unavailable(() -> rig.host.attach(Fixture.fence(), vm.dataDisk().image(), Optional.empty()));
    }

    private static void unavailable(Runnable call) {
        DomainException refused = catchThrowableOfType(DomainException.class, call::run);
        assertThat(refused).isNotNull();
        assertThat(refused.error()).isInstanceOf(DomainError.Unavailable.class);
        assertThat(refused.error().info().message()).contains("'test'");
    }

    private void runsAndStops() {
        rig.host.start(Fixture.fence(), vm.machine(), vm.all());
        assertThat(rig.host.active()).containsExactly(vm.vm());
        assertThat(rig.secrets()).isEmpty();
        rig.host.stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        assertThat(rig.host.active()).isEmpty();
        assertThat(rig.host.refusals(vm.images())).isEmpty();
    }
}
