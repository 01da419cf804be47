package dev.keyturn.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseLostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The part of {@link VmHostContract} that is about disks which come and go while the machine runs. */
abstract class RunningDisksContract {
    /** The host under test; the same all through one test unless it was restarted. */
    protected abstract VmHost host();

    /** The server is gone without a farewell; another one comes up on the same host. */
    protected abstract void restartServer();

    /** The guest shuts itself down. */
    protected abstract void shutDownInside(UUID vm);

    /** Turns over a bit of the image's encrypted header, for good. */
    protected abstract void damage(HostArtifact artifact);

    Fixture provisioned() {
        Fixture vm = Fixture.vm1();
        host().provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        return vm;
    }

    Fixture running() {
        Fixture vm = provisioned();
        host().start(Fixture.fence(), vm.machine(), vm.all());
        return vm;
    }

    static ErrorInfo conflict(Runnable call) {
        DomainException refused = catchThrowableOfType(DomainException.class, call::run);
        assertThat(refused).isNotNull();
        assertThat(refused.error()).isInstanceOf(DomainError.Conflict.class);
        return refused.error().info();
    }

    static final Fence EARLY = Fixture.fence();

    static void lost(Runnable call) {
        assertThat(catchThrowableOfType(LeaseLostException.class, call::run))
                .as("it was not refused as the order of an earlier claim")
                .isNotNull();
    }

    /** A disk of no VM, with an image. */
    private HostArtifact loose() {
        HostArtifact disk = Fixture.artifact(ArtifactKind.DATA_DISK, Optional.empty());
        host().provision(Fixture.fence(), Optional.empty(), Fixture.fresh(List.of(disk)), Progress.UNHEARD);
        return disk;
    }

    private boolean inUse(HostArtifact disk) {
        return host().refusals(List.of(disk.image())).stream()
                .anyMatch(p -> p.reason().code().equals(Refusals.IN_USE.code()));
    }

    private static List<HostArtifact> with(Fixture vm, HostArtifact disk) {
        return List.of(vm.guestState(), vm.osDisk(), vm.dataDisk(), disk);
    }

    @Test
    void plug_givesADiskToAMachineThatRuns_whichHasItAtItsNextStartToo() {
        Fixture vm = running();
        HostArtifact disk = loose();
        assertThat(host().info().can().plugs()).isTrue();
        for (int i = 0; i < 2; i++) {
            host().plug(Fixture.fence(), vm.vm(), disk);
            assertThat(inUse(disk)).isTrue();
        }
        host().stop(Fixture.fence(), vm.vm(), Duration.ZERO);
        assertThat(inUse(disk)).isFalse();
        host().start(Fixture.fence(), vm.machine(), with(vm, disk));
        assertThat(inUse(disk)).isTrue();
    }

    @Test
    void plug_withAWrongKey_isRefused_andTheDiskIsFree() {
        Fixture vm = running();
        HostArtifact disk = loose();
        ErrorInfo refusal = conflict(() -> host().plug(Fixture.fence(), vm.vm(), Fixture.wrongKey(disk)));
        assertThat(refusal.code()).isEqualTo(Refusals.CLOSED.code());
        assertThat(host().refusals(List.of(disk.image()))).isEmpty();
        host().plug(Fixture.fence(), vm.vm(), disk);
        assertThat(inUse(disk)).isTrue();
    }

    @Test
    void plug_ofADamagedOrMissingImage_isRefused_andTheMachineRunsOn() {
        Fixture vm = running();
        HostArtifact damaged = loose();
        damage(damaged);
        assertThat(conflict(() -> host().plug(Fixture.fence(), vm.vm(), damaged))
                        .code())
                .isEqualTo(Refusals.CLOSED.code());
        HostArtifact missing = Fixture.artifact(ArtifactKind.DATA_DISK, Optional.empty());
        assertThat(conflict(() -> host().plug(Fixture.fence(), vm.vm(), missing))
                        .code())
                .isEqualTo(Refusals.MISSING.code());
        assertThat(host().power(vm.vm())).contains(PowerState.RUNNING);
    }

    @Test
    void plug_ofADiskThatAnotherMachineHasOpen_isRefused() {
        Fixture owner = running();
        Fixture vm = running();
        ArtifactImage taken = Fixture.detached(owner.dataDisk().image());
        HostArtifact disk = new HostArtifact(taken, owner.dataDisk().dataKey());
        assertThat(conflict(() -> host().plug(Fixture.fence(), vm.vm(), disk)).code())
                .isEqualTo(Refusals.IN_USE.code());
        assertThat(host().power(owner.vm())).contains(PowerState.RUNNING);
    }

    @Test
    void plug_afterTheGuestShutItselfDown_givesTheDiskToTheVm() {
        Fixture vm = running();
        HostArtifact disk = loose();
        shutDownInside(vm.vm());
        host().plug(Fixture.fence(), vm.vm(), disk);
        assertThat(host().power(vm.vm())).contains(PowerState.STOPPED);
        host().start(Fixture.fence(), vm.machine(), with(vm, disk));
        assertThat(inUse(disk)).isTrue();
    }

    @Test
    void unplug_freesTheDisk_whileTheMachineRuns() {
        Fixture vm = running();
        ArtifactImage free = Fixture.detached(vm.dataDisk().image());
        for (int i = 0; i < 2; i++) {
            host().unplug(Fixture.fence(), vm.vm(), vm.dataDisk().image());
            assertThat(host().refusals(List.of(free))).isEmpty();
        }
        assertThat(host().power(vm.vm())).contains(PowerState.RUNNING);
        Fixture other = running();
        host().plug(
                        Fixture.fence(),
                        other.vm(),
                        new HostArtifact(
                                Fixture.beside(other, free), vm.dataDisk().dataKey()));
        assertThat(host().refusals(List.of(free)))
                .extracting(ImageProblem::artifact)
                .containsExactly(free.artifact());
        host().unplug(Fixture.fence(), vm.vm(), free);
        assertThat(host().refusals(List.of(free))).hasSize(1);
    }

    @Test
    void unplug_whereNoMachineRuns_isDone() {
        Fixture vm = provisioned();
        host().unplug(Fixture.fence(), vm.vm(), vm.dataDisk().image());
        host().unplug(Fixture.fence(), UUID.randomUUID(), vm.osDisk().image());
        host().start(Fixture.fence(), vm.machine(), List.of(vm.guestState(), vm.osDisk()));
        assertThat(inUse(new HostArtifact(
                        Fixture.detached(vm.dataDisk().image()), vm.dataDisk().dataKey())))
                .isFalse();
    }

    @Test
    void pluggedImage_isNotDeleted_untilItIsUnplugged() {
        Fixture vm = running();
        HostArtifact disk = loose();
        host().plug(Fixture.fence(), vm.vm(), disk);
        conflict(() -> host().delete(Fixture.fence(), List.of(disk.image())));
        host().unplug(Fixture.fence(), vm.vm(), disk.image());
        host().delete(Fixture.fence(), List.of(disk.image()));
        assertThat(host().refusals(List.of(disk.image())))
                .extracting(p -> p.reason().code())
                .containsExactly(Refusals.MISSING.code());
    }

    @Test
    void serverThatWasKilled_findsAPluggedDiskInItsMachine() {
        Fixture vm = running();
        HostArtifact disk = loose();
        host().plug(Fixture.fence(), vm.vm(), disk);
        restartServer();
        assertThat(inUse(disk)).isTrue();
        host().plug(Fixture.fence(), vm.vm(), disk);
        host().unplug(Fixture.fence(), vm.vm(), disk.image());
        assertThat(inUse(disk)).isFalse();
    }

    @Test
    void plugAndUnplugOfAnEarlierClaim_areRefused_andChangeNothing() {
        Fixture vm = running();
        HostArtifact disk = loose();
        lost(() -> host().plug(EARLY, vm.vm(), disk));
        assertThat(inUse(disk)).isFalse();
        host().plug(Fixture.fence(), vm.vm(), disk);
        lost(() -> host().unplug(EARLY, vm.vm(), disk.image()));
        assertThat(inUse(disk)).isTrue();
    }
}
