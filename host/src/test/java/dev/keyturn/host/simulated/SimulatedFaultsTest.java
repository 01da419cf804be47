package dev.keyturn.host.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.host.Fixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedFaultsTest {
    @TempDir
    Path directory;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Fixture vm(String name) {
        Fixture vm = Fixture.vm1();
        rig.names.name(vm, name);
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        return vm;
    }

    private static DomainError refused(Runnable call) {
        DomainException e = catchThrowableOfType(DomainException.class, call::run);
        assertThat(e).isNotNull();
        return e.error();
    }

    @Test
    void updateRefused_ofANamedDisk_strikesThatDiskAlone() {
        Fixture web1 = vm("web1");
        Fixture web2 = vm("web2");
        rig.faults.put(Fault.of("f1", FaultKind.UPDATE_REFUSED).ofDisk("WEB1_OS"));
        assertThat(rig.host.refusals(web2.images())).isEmpty();
        assertThat(rig.host.refusals(web1.images())).singleElement().satisfies(p -> {
            assertThat(p.artifact()).isEqualTo(Fixture.id(web1.osDisk()));
            assertThat(p.reason().code()).isEqualTo("HostRefusedUpdate");
            assertThat(p.reason().message()).contains("f1");
        });
        assertThat(rig.faults.remove("f1")).isTrue();
        assertThat(rig.host.refusals(web1.images())).isEmpty();
    }

    @Test
    void updateRefused_ofAVmAndAKind_strikesTheirIntersection() {
        Fixture web1 = vm("web1");
        vm("web2");
        rig.faults.put(Fault.of("f1", FaultKind.UPDATE_REFUSED)
                .ofVm(KnownNames.vmId("web1").toString())
                .of(ArtifactKind.GUEST_STATE));
        assertThat(rig.host.refusals(web1.images()))
                .extracting(ImageProblem::artifact)
                .containsExactly(Fixture.id(web1.guestState()));
    }

    @Test
    void updateRefused_withACount_isGoneWhenUsedUp() {
        Fixture web1 = vm("web1");
        rig.faults.put(Fault.of("f1", FaultKind.UPDATE_REFUSED).ofVm("web1").times(4));
        assertThat(rig.host.refusals(web1.images())).hasSize(3);
        assertThat(rig.faults.find("f1").flatMap(Fault::times)).contains(1L);
        assertThat(rig.host.refusals(web1.images())).hasSize(1);
        assertThat(rig.faults.all()).isEmpty();
        assertThat(rig.host.refusals(web1.images())).isEmpty();
    }

    @Test
    void faults_surviveARestart() {
        Fault slow = Fault.slow("slow", Duration.ofMillis(250)).at(HostCall.REFUSALS);
        Fault refused = Fault.of("f1", FaultKind.UPDATE_REFUSED)
                .ofVm("web1")
                .ofDisk("web1_os")
                .of(ArtifactKind.OS_DISK)
                .times(7);
        rig.faults.put(slow);
        rig.faults.put(refused);
        rig.restart();
        assertThat(rig.faults.all()).containsExactly(refused, slow);
    }

    @Test
    void slow_delaysEachCallItNames() {
        Fixture web1 = vm("web1");
        rig.faults.put(Fault.slow("slow", Duration.ofMillis(250)).at(HostCall.REFUSALS));
        assertThat(rig.host.refusals(web1.images())).isEmpty();
        assertThat(rig.host.refusals(web1.images())).isEmpty();
        rig.host.active();
        assertThat(rig.slept).containsExactly(Duration.ofMillis(250), Duration.ofMillis(250));
    }

    @Test
    void slow_beyondPatience_isUnavailableWithinIt() {
        rig.faults.put(Fault.slow("slow", Duration.ofMinutes(1)));
        assertThat(refused(() -> rig.host.active())).isInstanceOf(DomainError.Unavailable.class);
        assertThat(rig.slept).containsExactly(Rig.PATIENCE);
    }

    @Test
    void slowStart_takesItsTimeAndRuns() {
        Fixture web1 = vm("web1");
        rig.faults.put(Fault.slow("slow", Duration.ofMinutes(1)));
        rig.host.start(Fixture.fence(), web1.machine(), web1.all());
        rig.faults.clear();
        assertThat(rig.host.power(web1.vm())).contains(PowerState.RUNNING);
        assertThat(rig.slept).containsExactly(Duration.ofMinutes(1));
    }

    @Test
    void unreachable_failsEveryCall_andChangesNothing() {
        Fixture web1 = vm("web1");
        rig.faults.put(Fault.of("down", FaultKind.UNREACHABLE));
        List<Runnable> calls = List.of(
                () -> rig.host.active(),
                () -> rig.host.refusals(web1.images()),
                () -> rig.host.power(web1.vm()),
                () -> rig.host.start(Fixture.fence(), web1.machine(), web1.all()),
                () -> rig.host.prove(web1.all()),
                () -> rig.host.delete(Fixture.fence(), web1.images()));
        assertThat(calls).allSatisfy(c -> assertThat(refused(c)).isInstanceOf(DomainError.Unavailable.class));
        rig.faults.clear();
        assertThat(rig.host.power(web1.vm())).contains(PowerState.STOPPED);
        assertThat(rig.host.prove(web1.all())).isEmpty();
    }

    @Test
    void unreachable_once_answersTheNextTime() {
        rig.faults.put(Fault.of("blip", FaultKind.UNREACHABLE).times(1));
        refused(() -> rig.host.active());
        assertThat(rig.host.active()).isEmpty();
    }

    @Test
    void startFails_namesTheVm_andLeavesItStopped() {
        Fixture web1 = vm("web1");
        Fixture web2 = vm("web2");
        rig.faults.put(Fault.of("f1", FaultKind.START_FAILS).ofVm("web1"));
        rig.host.start(Fixture.fence(), web2.machine(), web2.all());
        DomainError error = refused(() -> rig.host.start(Fixture.fence(), web1.machine(), web1.all()));
        assertThat(error).isInstanceOf(DomainError.Conflict.class);
        assertThat(error.info().message()).contains("VM 'web1'");
        assertThat(rig.host.active()).containsExactly(web2.vm());
    }

    @Test
    void stopFails_keepsTheVmRunning_untilTheFaultIsRemoved() {
        Fixture web1 = vm("web1");
        rig.host.start(Fixture.fence(), web1.machine(), web1.all());
        rig.faults.put(Fault.of("f1", FaultKind.STOP_FAILS));
        refused(() -> rig.host.stop(Fixture.fence(), web1.vm(), Duration.ZERO));
        assertThat(rig.host.active()).containsExactly(web1.vm());
        rig.faults.clear();
        rig.host.stop(Fixture.fence(), web1.vm(), Duration.ZERO);
        assertThat(rig.host.active()).isEmpty();
    }

    @Test
    void imageCorrupt_doesNotOpenWhileTheFaultLasts() {
        Fixture web1 = vm("web1");
        rig.faults.put(Fault.of("f1", FaultKind.IMAGE_CORRUPT).ofVm("web1").of(ArtifactKind.DATA_DISK));
        assertThat(rig.host.prove(web1.all()))
                .extracting(ImageProblem::artifact)
                .containsExactly(Fixture.id(web1.dataDisk()));
        assertThat(refused(() -> rig.host.start(Fixture.fence(), web1.machine(), web1.all()))
                        .info()
                        .details())
                .extracting(ErrorInfo::message)
                .singleElement()
                .asString()
                .contains("VM 'web1': data disk 'web1_data'");
        rig.faults.clear();
        rig.host.start(Fixture.fence(), web1.machine(), web1.all());
    }

    @Test
    void wrongKey_namesTheArtifactAsThePersonKnowsIt() {
        Fixture web1 = vm("web1");
        DomainError error = refused(() -> rig.host.start(
                Fixture.fence(), web1.machine(), List.of(Fixture.wrongKey(web1.guestState()), web1.osDisk())));
        assertThat(error.info().message()).contains("VM 'web1': guest state");
        assertThat(error.info().details()).hasSize(1);
    }

    @Test
    void startOutside_runsWithoutAKey() {
        Fixture web1 = vm("web1");
        rig.host.startOutside(web1.vm());
        assertThat(rig.host.active()).containsExactly(web1.vm());
        assertThat(rig.host.refusals(web1.images())).hasSize(3);
        assertThat(refused(() -> rig.host.startOutside(UUID.randomUUID()))).isInstanceOf(DomainError.Conflict.class);
    }

    @Test
    void refusals_ofABatchOfThousands_answersEach() {
        Fixture web1 = vm("web1");
        Fixture missing = Fixture.vm1();
        List<dev.keyturn.core.host.ArtifactImage> many = new java.util.ArrayList<>(web1.images());
        for (int i = 0; i < 1_500; i++) {
            many.addAll(Fixture.vm1().images());
        }
        many.addAll(missing.images());
        assertThat(rig.host.refusals(many)).hasSize(4_503);
        assertThat(rig.host.refusals(List.of())).isEmpty();
    }

    @Test
    void fault_withFieldsThatDoNotFit_isRefused() {
        assertThatThrownBy(() -> Fault.of("f1", FaultKind.UNREACHABLE).ofVm("web1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'vm'");
        assertThatThrownBy(() -> Fault.of("f1", FaultKind.SLOW)).hasMessageContaining("delayMs");
        assertThatThrownBy(() -> Fault.of("f1", FaultKind.START_FAILS).of(ArtifactKind.OS_DISK))
                .hasMessageContaining("'artifact'");
        assertThatThrownBy(() -> Fault.of("../f1", FaultKind.STOP_FAILS)).hasMessageContaining("id");
        assertThatThrownBy(() -> Fault.of("f1", FaultKind.STOP_FAILS).times(0)).hasMessageContaining("times");
    }
}
