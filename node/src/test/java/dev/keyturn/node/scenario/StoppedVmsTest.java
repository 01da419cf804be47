package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.power.StoppedVm;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.rotation.StoppedVms.Found;
import dev.keyturn.core.rotation.StoppedVms.Off;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exactly those VMs that ran before they were stopped for a change of a key are known to be started after it. */
class StoppedVmsTest extends Scenario {
    private KeyId key;
    private ArmId set;

    @BeforeEach
    void open() {
        key = world.vault.create(1);
        set = world.set("des", key);
    }

    private ArmId running(String name) {
        return world.vm(name, Optional.of(set));
    }

    private void stopForKey(ArmId vm) {
        assertThat(world.finish(world.power.powerOffForKey(World.WHO, vm, set).operation())
                        .error())
                .isEmpty();
    }

    private Operation rotate(int version) {
        return world.finish(world.rotations.begin(World.WHO, KeyChange.Request.of(set, world.vault.create(version))));
    }

    private void rotated(int version) {
        assertThat(rotate(version).error()).isEmpty();
    }

    private Found found() {
        return world.node.services().stoppedVms().of(World.WHO, set, 100);
    }

    private static Off off(ArmId... vms) {
        return new Off(
                Stream.of(vms).map(vm -> new StoppedVm(vm, Optional.empty())).toList(), vms.length);
    }

    private static Found found(Off off, int started, int gone) {
        return new Found(off, off(), started, 0, 0, gone);
    }

    @Test
    void thoseStoppedForIt_areFoundOnceItIsDone_andNotThoseThatWereOff_orStoppedOtherwise() {
        ArmId a = running("a");
        ArmId b = running("b");
        world.finish(
                world.power.powerOff(World.WHO, running("elsewhere"), false).operation());
        ArmId off = world.stoppedVm("off", Optional.of(set));
        stopForKey(b);
        stopForKey(a);
        stopForKey(off);
        assertThat(found()).isEqualTo(found(off(), 0, 0));

        rotated(2);
        assertThat(found()).isEqualTo(found(off(a, b), 0, 0));
        world = world.restarted();
        assertThat(found()).isEqualTo(found(off(a, b), 0, 0));
    }

    @Test
    void oneThatRanMeanwhile_orIsGone_isCountedAndNotFound() {
        ArmId stays = running("stays");
        List<ArmId> others = List.of(running("ran"), running("gone"), running("gone-too"));
        stopForKey(stays);
        others.forEach(this::stopForKey);
        rotated(2);
        world.finish(world.power.start(World.WHO, others.get(0)).operation());
        world.finish(world.power.powerOff(World.WHO, others.get(0), false).operation());
        for (ArmId vm : others.subList(1, 3)) {
            world.finish(world.vms
                    .delete(World.WHO, vm, Precondition.NONE)
                    .orElseThrow()
                    .operation());
        }
        assertThat(found()).isEqualTo(found(off(stays), 1, 2));
    }

    @Test
    void thoseStoppedForATryThatFailed_areFoundAfterTheTryThatSucceeds() {
        ArmId a = running("a");
        ArmId b = running("b");
        stopForKey(a);
        stopForKey(b);
        world.faults.put(Fault.of("a", FaultKind.UPDATE_REFUSED).ofDisk("a_os"));
        assertThat(rotate(2).error()).isPresent();
        assertThat(found().all()).as("it is not done").isZero();

        world.finish(world.power.start(World.WHO, b).operation());
        stopForKey(b);
        world.faults.clear();
        assertThat(world.finish(world.rotations.begin(World.WHO, KeyChange.Request.of(set, world.vault.create(2))))
                        .error())
                .isEmpty();
        assertThat(found()).isEqualTo(found(off(a, b), 0, 0));
    }

    @Test
    void oneThatWasLeftOffAfterAChange_isFoundApart_afterTheNextOne() {
        ArmId left = running("left");
        stopForKey(left);
        rotated(2);
        ArmId again = running("again");
        stopForKey(again);
        rotated(3);
        assertThat(found()).isEqualTo(new Found(off(again), off(left), 0, 0, 0, 0));
        world.finish(world.power.start(World.WHO, left).operation());
        assertThat(found()).isEqualTo(found(off(again), 0, 0));
    }

    @Test
    void startThatFails_leavesTheVmAmongThem_withItsFault() {
        ArmId vm = running("a");
        stopForKey(vm);
        rotated(2);
        world.faults.put(Fault.of("a", FaultKind.START_FAILS));
        Operation begun = world.power.start(World.WHO, vm).operation();
        assertThat(found()).as("on its way").isEqualTo(new Found(off(), off(), 0, 1, 0, 0));
        ErrorInfo why = world.finish(begun).error().orElseThrow();
        assertThat(found()).isEqualTo(found(new Off(List.of(new StoppedVm(vm, Optional.of(why))), 1), 0, 0));
    }

    @Test
    void stopThatFails_isNoStart_andTheVmIsFoundOnceItWasStopped() {
        ArmId vm = running("a");
        world.faults.put(Fault.of("a", FaultKind.STOP_FAILS));
        assertThat(world.finish(world.power.powerOffForKey(World.WHO, vm, set).operation())
                        .error())
                .isPresent();
        world.faults.clear();
        world.finish(world.power.powerOff(World.WHO, vm, false).operation());
        rotated(2);
        assertThat(found()).isEqualTo(found(off(vm), 0, 0));
    }

    @Test
    void afterAMonth_nothingIsSaidOfThem() {
        stopForKey(running("a"));
        rotated(2);
        world.pass(Duration.ofDays(31));
        assertThat(found()).isEqualTo(found(off(), 0, 0));
    }

    @Test
    void whatAnEarlierSetOfTheNameLeft_isNotFound() {
        ArmId vm = running("a");
        stopForKey(vm);
        rotated(2);
        world.pass(Duration.ofMinutes(1));
        ArmId old = running("old");
        assertThat(world.vms.delete(World.WHO, vm, Precondition.NONE)).isPresent();
        assertThat(world.vms.delete(World.WHO, old, Precondition.NONE)).isPresent();
        world.runAll();
        for (String disk : List.of("a_os", "old_os")) {
            assertThat(world.disks.delete(World.WHO, World.id(Disk.TYPE, disk), Precondition.NONE))
                    .isPresent();
        }
        world.runAll();
        assertThat(world.sets.delete(World.WHO, set, Precondition.NONE)).isPresent();
        set = world.set("des", key);
        assertThat(found()).isEqualTo(found(off(), 0, 0));

        ArmId again = running("b");
        stopForKey(again);
        rotated(2);
        assertThat(found()).isEqualTo(found(off(again), 0, 0));
    }
}
