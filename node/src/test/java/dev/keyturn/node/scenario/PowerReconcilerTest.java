package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.power.PowerReconciler;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The host has the last word on what runs. */
class PowerReconcilerTest extends Scenario {
    private KeyId key;
    private ArmId set;

    @BeforeEach
    void open() {
        key = world.vault.create(1);
        set = world.set("des", key);
    }

    private PowerReconciler.Report look() {
        return world.reconciler().runOnce(world.clock.instant());
    }

    private PowerState power(ArmId vm) {
        return world.vms.get(World.WHO, vm).vm().power();
    }

    @Test
    void shutdownInsideTheGuest_makesTheVmStopped_soItsSetCanBeRotated() {
        ArmId vm = world.vm("a", Optional.of(set));
        ArmId other = world.vm("b", Optional.empty());
        world.host.guestShutdown(world.vms.get(World.WHO, vm).vm().vmId());
        assertThat(look()).isEqualTo(new PowerReconciler.Report(1, 0, List.of()));
        assertThat(power(vm)).isEqualTo(PowerState.STOPPED);
        assertThat(power(other)).isEqualTo(PowerState.RUNNING);
        KeyId next = world.vault.create(2);
        assertThat(world.finish(world.rotations.begin(World.WHO, KeyChange.Request.of(set, next)))
                        .status())
                .isEqualTo(OperationStatus.SUCCEEDED);
    }

    @Test
    void R3_vmStartedBehindTheServersBack_isShownRunningAndBlocksARotation() {
        ArmId vm = world.stoppedVm("a", Optional.of(set));
        world.host.startOutside(world.vms.get(World.WHO, vm).vm().vmId());
        KeyId next = world.vault.create(2);
        assertThat(World.refused(() -> world.rotations.begin(World.WHO, KeyChange.Request.of(set, next)))
                        .info()
                        .details())
                .extracting(ErrorInfo::code)
                .containsExactly("VmNotStopped");
        assertThat(look()).isEqualTo(new PowerReconciler.Report(0, 1, List.of()));
        assertThat(power(vm)).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void silentHost_changesNothing() {
        ArmId vm = world.vm("a", Optional.of(set));
        world.faults.put(Fault.of("f", FaultKind.UNREACHABLE));
        assertThat(look()).isEqualTo(new PowerReconciler.Report(0, 0, List.of("sim")));
        assertThat(power(vm)).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void vmThatAnOperationIsAtWorkOn_isLeftToIt() {
        ArmId vm = world.vm("a", Optional.of(set));
        var stop = world.power.powerOff(World.WHO, vm, true).operation();
        world.host.guestShutdown(world.vms.get(World.WHO, vm).vm().vmId());
        assertThat(look()).isEqualTo(new PowerReconciler.Report(0, 0, List.of()));
        assertThat(power(vm)).isEqualTo(PowerState.STOPPING);
        assertThat(world.finish(stop).error()).isEmpty();
        assertThat(power(vm)).isEqualTo(PowerState.STOPPED);
    }

    @Test
    void guestThatCrashed_isStoppedWithTheReason_untilItStartsAgain() {
        ErrorInfo panic = ErrorInfo.of("GuestCrashed", "The guest's kernel panicked.");
        ArmId vm = world.vm("a", Optional.of(set));
        world.talkative.crashGuest(world.vms.get(World.WHO, vm).vm().vmId(), panic);
        assertThat(look()).isEqualTo(new PowerReconciler.Report(1, 0, List.of()));
        assertThat(world.vms.get(World.WHO, vm).vm().fault()).contains(panic);
        assertThat(world.finish(world.power.start(World.WHO, vm).operation()).error())
                .isEmpty();
        assertThat(world.vms.get(World.WHO, vm).vm().fault()).isEmpty();
        assertThat(look()).isEqualTo(new PowerReconciler.Report(0, 0, List.of()));
    }

    @Test
    void hostThatDoesNotSayWhyAGuestEnded_isBelievedThatItDid() {
        ArmId vm = world.vm("a", Optional.of(set));
        world.talkative.keepsReasons = true;
        world.talkative.shutDownGuest(world.vms.get(World.WHO, vm).vm().vmId());
        assertThat(look()).isEqualTo(new PowerReconciler.Report(1, 0, List.of()));
        assertThat(world.vms.get(World.WHO, vm).vm().fault()).isEmpty();
    }

    @Test
    void stopWhoseAnswersGotLost_countsAsRunning_untilTheHostSaysOtherwise() {
        ArmId vm = world.vm("a", Optional.of(set));
        world.talkative.losesStops = true;
        var stop = world.power.deallocate(World.WHO, vm).operation();
        while (world.finish(stop).status() == OperationStatus.IN_PROGRESS) {
            assertThat(power(vm)).isEqualTo(PowerState.DEALLOCATING);
            assertThat(look()).isEqualTo(new PowerReconciler.Report(0, 0, List.of()));
            world.clock.advance(Duration.ofSeconds(20));
        }
        assertThat(world.finish(stop).status()).isEqualTo(OperationStatus.FAILED);
        assertThat(power(vm)).isEqualTo(PowerState.RUNNING);
        assertThat(look()).isEqualTo(new PowerReconciler.Report(1, 0, List.of()));
        assertThat(power(vm)).isEqualTo(PowerState.STOPPED);
    }
}
