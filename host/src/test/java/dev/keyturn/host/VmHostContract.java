package dev.keyturn.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.HostCapabilities;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What holds for every {@link VmHost}. A subclass brings the host, and the means to do to it what the port cannot. */
public abstract class VmHostContract extends RunningDisksContract {
    private static final Duration SOON = Duration.ofSeconds(2);

    @Test
    void power_ofAnUnknownVm_isEmpty() {
        assertThat(host().power(UUID.randomUUID())).isEmpty();
    }

    @Test
    void provision_leavesTheVmStopped() {
        Fixture vm = provisioned();
        assertThat(host().power(vm.vm())).contains(PowerState.STOPPED);
        assertThat(host().active()).doesNotContain(vm.vm());
    }

    @Test
    void provision_again_keepsTheImages() {
        Fixture vm = provisioned();
        host().provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        assertThat(host().prove(vm.all())).isEmpty();
    }

    @Test
    void provision_whereAnImageIsUnderAnotherKey_isRefusedAndKeepsIt() {
        Fixture vm = provisioned();
        ErrorInfo refusal = conflict(() -> host().provision(
                        Fixture.fence(),
                        Optional.of(vm.vm()),
                        Fixture.fresh(List.of(Fixture.wrongKey(vm.osDisk()))),
                        Progress.UNHEARD));
        assertThat(refusal.details()).hasSize(1);
        assertThat(host().prove(vm.all())).isEmpty();
    }

    @Test
    void start_withTheRightKeys_runs() {
        Fixture vm = running();
        assertThat(host().power(vm.vm())).contains(PowerState.RUNNING);
        assertThat(host().active()).contains(vm.vm());
    }

    @Test
    void start_again_changesNothing() {
        Fixture vm = running();
        host().start(Fixture.fence(), vm.machine(), vm.all());
        assertThat(host().power(vm.vm())).contains(PowerState.RUNNING);
    }

    @Test
    void start_withWrongKeys_isRefusedWithADetailPerArtifact() {
        Fixture vm = provisioned();
        ErrorInfo refusal = conflict(() -> host().start(
                        Fixture.fence(),
                        vm.machine(),
                        List.of(Fixture.wrongKey(vm.guestState()), vm.osDisk(), Fixture.wrongKey(vm.dataDisk()))));
        assertThat(refusal.details())
                .extracting(d -> d.target().orElse(""))
                .containsExactlyInAnyOrder(
                        Fixture.id(vm.guestState()).toString(),
                        Fixture.id(vm.dataDisk()).toString());
        assertThat(host().power(vm.vm())).contains(PowerState.STOPPED);
    }

    @Test
    void start_withADamagedImage_isRefused() {
        Fixture vm = provisioned();
        damage(vm.osDisk());
        ErrorInfo refusal = conflict(() -> host().start(Fixture.fence(), vm.machine(), vm.all()));
        assertThat(refusal.details())
                .extracting(d -> d.target().orElse(""))
                .containsExactly(Fixture.id(vm.osDisk()).toString());
    }

    @Test
    void start_withAMissingImage_isRefused() {
        Fixture vm = provisioned();
        host().delete(Fixture.fence(), List.of(vm.dataDisk().image()));
        conflict(() -> host().start(Fixture.fence(), vm.machine(), vm.all()));
        assertThat(host().active()).doesNotContain(vm.vm());
    }

    @Test
    void stop_atOnce_stops() {
        Fixture vm = running();
        host().stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        assertThat(host().power(vm.vm())).contains(PowerState.STOPPED);
        host().stop(Fixture.fence(), vm.vm(), SOON);
        assertThat(host().active()).doesNotContain(vm.vm());
    }

    @Test
    void stop_ofAnUnknownVm_isDone() {
        host().stop(Fixture.fence(), UUID.randomUUID(), Duration.ZERO);
    }

    @Test
    void stoppedVm_startsAgainWithTheSameKeys() {
        Fixture vm = running();
        host().stop(Fixture.fence(), vm.vm(), SOON);
        host().start(Fixture.fence(), vm.machine(), vm.all());
        assertThat(host().active()).contains(vm.vm());
    }

    @Test
    void guestThatShutItselfDown_isStopped() {
        Fixture vm = running();
        shutDownInside(vm.vm());
        assertThat(host().power(vm.vm())).contains(PowerState.STOPPED);
        assertThat(host().active()).doesNotContain(vm.vm());
    }

    @Test
    void refusals_ofAStoppedVm_areNone() {
        assertThat(host().refusals(provisioned().images())).isEmpty();
    }

    @Test
    void refusals_ofARunningVm_areAllItsImages() {
        Fixture vm = running();
        Fixture other = provisioned();
        assertThat(host().refusals(java.util.stream.Stream.of(vm.images(), other.images())
                        .flatMap(List::stream)
                        .toList()))
                .extracting(ImageProblem::artifact)
                .containsExactlyInAnyOrderElementsOf(
                        vm.all().stream().map(Fixture::id).toList());
    }

    @Test
    void refusals_nameAMissingImage() {
        Fixture vm = Fixture.vm1();
        assertThat(host().refusals(vm.images())).hasSize(3);
    }

    @Test
    void prove_findsWrongKeysAndDamage_andStartsNothing() {
        Fixture vm = provisioned();
        assertThat(host().prove(vm.all())).isEmpty();
        damage(vm.dataDisk());
        assertThat(host().prove(List.of(vm.guestState(), Fixture.wrongKey(vm.osDisk()), vm.dataDisk())))
                .extracting(ImageProblem::artifact)
                .containsExactlyInAnyOrder(Fixture.id(vm.osDisk()), Fixture.id(vm.dataDisk()));
        assertThat(host().active()).doesNotContain(vm.vm());
    }

    @Test
    void attach_movesADiskToAVm_whichThenStartsWithIt() {
        Fixture vm = provisioned();
        HostArtifact disk = Fixture.artifact(ArtifactKind.DATA_DISK, Optional.empty());
        host().provision(Fixture.fence(), Optional.empty(), Fixture.fresh(List.of(disk)), Progress.UNHEARD);
        host().attach(Fixture.fence(), disk.image(), Optional.of(vm.vm()));
        host().attach(Fixture.fence(), disk.image(), Optional.of(vm.vm()));
        host().start(Fixture.fence(), vm.machine(), List.of(vm.guestState(), vm.osDisk(), vm.dataDisk(), disk));
        assertThat(host().refusals(List.of(disk.image()))).hasSize(1);
    }

    @Test
    void attach_whileTheVmRuns_isRefused() {
        Fixture vm = running();
        conflict(() -> host().attach(Fixture.fence(), vm.dataDisk().image(), Optional.empty()));
        HostArtifact disk = Fixture.artifact(ArtifactKind.DATA_DISK, Optional.empty());
        host().provision(Fixture.fence(), Optional.empty(), Fixture.fresh(List.of(disk)), Progress.UNHEARD);
        conflict(() -> host().attach(Fixture.fence(), disk.image(), Optional.of(vm.vm())));
    }

    @Test
    void detachedDisk_isFreeWhileItsOldVmRuns() {
        Fixture vm = provisioned();
        host().attach(Fixture.fence(), vm.dataDisk().image(), Optional.empty());
        host().start(Fixture.fence(), vm.machine(), List.of(vm.guestState(), vm.osDisk()));
        assertThat(host().refusals(List.of(Fixture.detached(vm.dataDisk().image()))))
                .isEmpty();
    }

    @Test
    void delete_ofAnImageInUse_isRefusedAndDeletesNone() {
        Fixture vm = running();
        conflict(() -> host().delete(Fixture.fence(), vm.images()));
        host().stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        assertThat(host().prove(vm.all())).isEmpty();
    }

    @Test
    void deleteAndForget_canBeDoneAgain() {
        Fixture vm = provisioned();
        for (int i = 0; i < 2; i++) {
            host().delete(Fixture.fence(), vm.images());
            host().forget(Fixture.fence(), vm.vm());
        }
        assertThat(host().power(vm.vm())).isEmpty();
        assertThat(host().refusals(vm.images())).hasSize(3);
    }

    @Test
    void forget_ofAVmThatHasImages_isRefused() {
        Fixture vm = provisioned();
        conflict(() -> host().forget(Fixture.fence(), vm.vm()));
        assertThat(host().power(vm.vm())).contains(PowerState.STOPPED);
    }

    @Test
    void serverThatWasKilled_findsItsHostAsItWas() {
        Fixture up = running();
        Fixture down = provisioned();
        restartServer();
        assertThat(host().power(up.vm())).contains(PowerState.RUNNING);
        assertThat(host().power(down.vm())).contains(PowerState.STOPPED);
        assertThat(host().prove(down.all())).isEmpty();
    }

    /** Everything that changes something, under a claim that is older than those before. */
    @Test
    void orderOfAnEarlierClaim_isRefused_whateverItIs_andChangesNothing() {
        Fixture vm = provisioned();
        lost(() -> host().start(EARLY, vm.machine(), vm.all()));
        assertThat(host().active()).doesNotContain(vm.vm());
        lost(() -> host().delete(EARLY, vm.images()));
        lost(() -> host().delete(EARLY, List.of(Fixture.detached(vm.dataDisk().image()))));
        lost(() -> host().attach(EARLY, vm.dataDisk().image(), Optional.empty()));
        assertThat(host().prove(vm.all())).isEmpty();
        host().start(Fixture.fence(), vm.machine(), vm.all());
        lost(() -> host().stop(EARLY, vm.vm(), Duration.ZERO));
        lost(() -> host().start(EARLY, vm.machine(), vm.all()));
        assertThat(host().power(vm.vm())).contains(PowerState.RUNNING);
        host().stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        host().delete(Fixture.fence(), vm.images());
        lost(() -> host().forget(EARLY, vm.vm()));
        assertThat(host().power(vm.vm())).contains(PowerState.STOPPED);
    }

    @Test
    void imagesThatWereDeleted_areNotMadeAgainByAnEarlierClaim() {
        Fixture vm = provisioned();
        host().delete(Fixture.fence(), vm.images());
        host().forget(Fixture.fence(), vm.vm());
        lost(() -> host().provision(EARLY, Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD));
        assertThat(host().power(vm.vm())).isEmpty();
        assertThat(host().refusals(vm.images())).hasSize(3);
    }

    @Test
    void stopOfAStoppedVm_keepsAnEarlierStartOut() {
        Fixture vm = provisioned();
        Fence before = Fixture.fence();
        host().stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        lost(() -> host().start(before, vm.machine(), vm.all()));
        assertThat(host().active()).doesNotContain(vm.vm());
    }

    @Test
    void diskThatALaterClaimTookAway_keepsTheStartWithItOut() {
        Fixture vm = provisioned();
        Fence before = Fixture.fence();
        host().attach(Fixture.fence(), Fixture.detached(vm.dataDisk().image()), Optional.empty());
        lost(() -> host().start(before, vm.machine(), vm.all()));
        assertThat(host().active()).doesNotContain(vm.vm());
    }

    @Test
    void fence_keepsEveryEarlierOrderOut_andDoesNothingElse() {
        Fixture vm = running();
        Fence before = Fixture.fence();
        host().fence(Fixture.fence(), Optional.of(vm.vm()), vm.images());
        assertThat(host().active()).contains(vm.vm());
        lost(() -> host().stop(before, vm.vm(), Duration.ZERO));
        lost(() -> host().delete(before, List.of(Fixture.detached(vm.dataDisk().image()))));
        lost(() -> host().fence(before, Optional.of(vm.vm()), List.of()));
        assertThat(host().active()).contains(vm.vm());
        assertThat(host().refusals(vm.images()))
                .as("in use, and there")
                .hasSize(vm.images().size());
        host().stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        lost(() -> host().start(before, vm.machine(), vm.all()));
        assertThat(host().active()).doesNotContain(vm.vm());
    }

    @Test
    void fence_ofWhatTheHostHasNeverHeardOf_isTakenToo() {
        Fixture vm = Fixture.vm1();
        Fence before = Fixture.fence();
        host().fence(Fixture.fence(), Optional.of(vm.vm()), vm.images());
        lost(() -> host().provision(before, Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD));
        assertThat(host().power(vm.vm())).isEmpty();
    }

    @Test
    void sameClaim_mayGiveItsOrdersAgain_andALaterOneOthers() {
        Fixture vm = Fixture.vm1();
        Fence claim = Fixture.fence();
        for (int i = 0; i < 2; i++) {
            host().provision(claim, Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        }
        for (int i = 0; i < 2; i++) {
            host().start(claim, vm.machine(), vm.all());
        }
        Fence later = Fixture.fence();
        for (int i = 0; i < 2; i++) {
            host().stop(later, vm.vm(), Duration.ZERO);
        }
        for (int i = 0; i < 2; i++) {
            host().delete(later, vm.images());
            host().forget(later, vm.vm());
        }
        assertThat(host().power(vm.vm())).isEmpty();
    }

    @Test
    void serverThatWasKilled_leavesAHostThatKeepsEarlierClaimsOut() {
        Fixture vm = provisioned();
        restartServer();
        lost(() -> host().start(EARLY, vm.machine(), vm.all()));
        host().start(Fixture.fence(), vm.machine(), vm.all());
        assertThat(host().active()).contains(vm.vm());
    }

    @Test
    void whatItSaysItCan_itDoes() {
        HostCapabilities can = host().info().can();
        Fixture vm = running();
        assertThat(host().console(vm.vm(), 1).isPresent())
                .as("has consoles: %s", can)
                .isEqualTo(can.noConsole().isEmpty());
        host().stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        damage(vm.osDisk());
        assertThat(host().prove(vm.all()))
                .as("proves images: %s", can)
                .extracting(ImageProblem::artifact)
                .containsExactly(Fixture.id(vm.osDisk()));
    }

    @Test
    void info_andNotes_sayWhatKindOfHostItIs() {
        assertThat(host().info().label()).isNotBlank();
        assertThat(host().notes(UUID.randomUUID())).isNotEmpty();
        assertThat(host().patience()).isPositive();
    }
}
