package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskState;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.vm.DataDiskSpec;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import dev.keyturn.store.engine.SqlTx;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Data disks that come and go while their VM runs. */
class RunningDisksTest extends Scenario {
    private KeyId key;
    private ArmId set;
    private ArmId vm;

    @BeforeEach
    void open() {
        key = world.vault.create(1);
        set = world.set("des", key);
        vm = world.vm("a", Optional.of(set));
    }

    private static ArmId disk(String name) {
        return World.id(Disk.TYPE, name);
    }

    private ArmId loose(String name, Optional<ArmId> under) {
        Operation made = world.finish(world.disks
                .save(World.WHO, Specs.disk(name, under), Precondition.NONE)
                .operation());
        assertThat(made.error()).isEmpty();
        return disk(name);
    }

    private ArmId loose(String name) {
        return loose(name, Optional.of(set));
    }

    private Operation begin(DataDiskSpec... disks) {
        return world.vms
                .save(
                        World.WHO,
                        Specs.vm("a").under(Optional.of(set)).with(disks).build(),
                        Precondition.NONE)
                .operation();
    }

    private Operation put(DataDiskSpec... disks) {
        return world.finish(begin(disks));
    }

    private DomainError refused(DataDiskSpec... disks) {
        return World.refused(() -> begin(disks));
    }

    private void hasDisks(String... names) {
        assertThat(world.vms.get(World.WHO, vm).disks())
                .extracting(d -> d.id().name())
                .containsExactly(names);
    }

    /** How many images the machine has, by its host's word. */
    private long inTheMachine() {
        UUID machine = world.vms.get(World.WHO, vm).vm().vmId();
        return database.transactions()
                .<Long>read(tx -> SqlTx.of(tx)
                        .number(
                                "SELECT count(*) FROM simhost_image WHERE machine ="
                                        + " (SELECT id FROM simhost_machine WHERE vm_uuid = ?)",
                                machine));
    }

    private void succeeds(Operation begun) {
        Operation done = world.finish(begun);
        assertThat(done.error()).isEmpty();
        assertThat(done.status()).isEqualTo(OperationStatus.SUCCEEDED);
    }

    @Test
    void dataDisks_areMadeAttachedAndDetached_whileTheVmRuns() {
        ArmId old = loose("old");
        succeeds(begin(Specs.newDisk(0, "new"), Specs.attached(1, old)));
        hasDisks("a_os", "new", "old");
        assertThat(inTheMachine()).isEqualTo(4);
        assertThat(world.disks.get(World.WHO, old).state()).isEqualTo(DiskState.ATTACHED);
        assertThat(world.vms.get(World.WHO, vm).vm().power()).isEqualTo(PowerState.RUNNING);

        succeeds(begin(Specs.attached(1, old)));
        hasDisks("a_os", "old");
        assertThat(inTheMachine()).isEqualTo(3);
        assertThat(world.disks.get(World.WHO, disk("new")).state()).isEqualTo(DiskState.UNATTACHED);

        succeeds(world.power.restart(World.WHO, vm).operation());
        assertThat(inTheMachine()).isEqualTo(3);
        assertThat(world.deep.verify(set).verified()).isEqualTo(4);
        new Settled(world, set, "after disks came and went").check();
    }

    @Test
    void diskThatTakesTheLunOfOneThatGoes_comesAfterIt() {
        succeeds(begin(Specs.newDisk(0, "first")));
        StringBuilder calls = new StringBuilder();
        world.talkative.around = (call, effect) -> {
            calls.append(call).append(' ');
            effect.run();
        };
        succeeds(begin(Specs.newDisk(0, "second")));
        assertThat(calls.toString()).isEqualTo("provision unplug plug ");
        hasDisks("a_os", "second");
    }

    @Test
    void attach_whoseKeyIsDisabled_isRefusedWithTheReason_andChangesNothing() {
        ArmId old = loose("old");
        world.vault.enable(key, false);
        DomainError error = refused(Specs.attached(0, old));
        assertThat(error).isInstanceOf(DomainError.Conflict.class);
        assertThat(error.info().message()).contains("'old'", "is disabled", key.url());
        assertThat(World.refused(() -> begin(Specs.newDisk(0, "new"))).info().message())
                .contains("disabled");
        hasDisks("a_os");
        assertThat(world.disks.get(World.WHO, old).disk().head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(inTheMachine()).isEqualTo(2);
    }

    @Test
    void attach_whoseKeyIsDisabledMeanwhile_failsAndLeavesTheVmAsItWas() {
        ArmId old = loose("old");
        Operation begun = begin(Specs.attached(0, old), Specs.newDisk(1, "new"));
        world.vault.enable(key, false);
        assertThat(world.finish(begun).error()).isPresent();
        world.vault.enable(key, true);
        hasDisks("a_os");
        assertThat(world.disks.get(World.WHO, old).state()).isEqualTo(DiskState.UNATTACHED);
        assertThat(world.disks.get(World.WHO, old).disk().head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(World.refused(() -> world.disks.get(World.WHO, disk("new"))))
                .isInstanceOf(DomainError.NotFound.class);
        assertThat(inTheMachine()).isEqualTo(2);
        new Settled(world, set, "after a key that was gone").check();
    }

    @Test
    void everythingWrongWithDisks_isSaidAtOnce_andNothingIsMade() {
        succeeds(world.vms
                .save(
                        World.WHO,
                        Specs.vm("b")
                                .under(Optional.of(set))
                                .with(Specs.newDisk(0, "taken"))
                                .build(),
                        Precondition.NONE)
                .operation());
        ArmId platform = loose("platform", Optional.empty());
        DomainError error =
                refused(Specs.attached(0, disk("taken")), Specs.newDisk(1, "taken"), Specs.newDisk(2, "fine"));
        assertThat(error).isInstanceOf(DomainError.Conflict.class);
        assertThat(error.info().details()).hasSize(2);
        assertThat(error.info().message()).contains("attached to VM 'b'", "'taken' is in the resource group");
        DomainError mixed = refused(Specs.attached(0, disk("taken")), Specs.attached(1, platform));
        assertThat(mixed).isInstanceOf(DomainError.Invalid.class);
        assertThat(mixed.info().details()).hasSize(2);
        hasDisks("a_os");
        assertThat(World.refused(() -> world.disks.get(World.WHO, disk("fine"))))
                .isInstanceOf(DomainError.NotFound.class);
    }

    @Test
    void vmUnderThePlatformsKey_getsDisksWhileItRuns_too() {
        ArmId plain = world.vm("p", Optional.empty());
        ArmId old = loose("old", Optional.empty());
        Specs.Vm spec = Specs.vm("p").with(Specs.newDisk(0, "new"), Specs.attached(1, old));
        succeeds(world.vms.save(World.WHO, spec.build(), Precondition.NONE).operation());
        assertThat(world.vms.get(World.WHO, plain).disks()).hasSize(3);
        succeeds(world.power.restart(World.WHO, plain).operation());
    }

    @Test
    void moreDisksThanTheSizeHas_areRefused_andNoneIsMade() {
        DataDiskSpec[] five = new DataDiskSpec[5];
        for (int lun = 0; lun < five.length; lun++) {
            five[lun] = Specs.newDisk(lun, "d" + lun);
        }
        DomainError error = refused(five);
        assertThat(error).isInstanceOf(DomainError.Conflict.class);
        assertThat(error.info().message()).contains("Standard_DC2as_v5", "may have 4 data disks, not 5");
        hasDisks("a_os");
    }

    @Test
    void hostThatDoesNotChangeMachinesThatRun_isSaid_andAStoppedVmIsStillChanged() {
        world.talkative.plugs = false;
        assertThat(refused(Specs.newDisk(0, "new")).info().message())
                .contains("PowerState/running", "while it is stopped", "its host does not");
        world.finish(world.power.powerOff(World.WHO, vm, true).operation());
        succeeds(begin(Specs.newDisk(0, "new")));
        hasDisks("a_os", "new");
    }

    @Test
    void detach_thatTheGuestRefuses_failsAndLeavesTheDiskAttached() {
        succeeds(begin(Specs.newDisk(0, "data")));
        world.faults.put(Fault.of("f", FaultKind.UNPLUG_FAILS).ofVm("a"));
        Operation failed = put();
        assertThat(failed.error().orElseThrow().message()).contains("does not let go");
        hasDisks("a_os", "data");
        assertThat(world.disks.get(World.WHO, disk("data")).disk().head().state())
                .isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(inTheMachine()).isEqualTo(3);
        world.faults.remove("f");
        succeeds(begin());
        hasDisks("a_os");
        assertThat(inTheMachine()).isEqualTo(2);
    }

    /** The answers to its detachment are lost, so nobody knows whether the machine still has it. */
    @Test
    void detachOfWhichNobodyKnows_isFinishedByAnOperationOfItsOwn() {
        succeeds(begin(Specs.newDisk(0, "data"), Specs.newDisk(1, "other")));
        world.talkative.around = (call, effect) -> {
            effect.run();
            if (call.equals("unplug")) {
                throw new DomainError.Unavailable(ErrorInfo.of("HostNotReachable", "no answer")).asException();
            }
        };
        Operation begun = begin();
        for (int i = 0; i < 6; i++) {
            world.runAll();
            world.clock.advance(Duration.ofSeconds(20));
        }
        assertThat(world.operations.find(begun.id()).orElseThrow().status()).isEqualTo(OperationStatus.FAILED);
        hasDisks("a_os", "other");
        assertThat(inTheMachine()).isEqualTo(3);
        assertThat(world.disks.get(World.WHO, disk("data")).disk().head().state())
                .isEqualTo(ProvisioningState.UPDATING);
        world.talkative.around = (_, effect) -> effect.run();
        world.clock.advance(Duration.ofMinutes(5));
        world.runAll();
        assertThat(world.disks.get(World.WHO, disk("data")).disk().head().state())
                .isEqualTo(ProvisioningState.SUCCEEDED);
        succeeds(begin(Specs.attached(0, disk("data")), Specs.attached(1, disk("other"))));
        assertThat(inTheMachine()).isEqualTo(4);
        new Settled(world, set, "after a detachment of which nobody knew").check();
    }

    @Test
    void diskThatCame_stays_whenTheNextOneDoesNot() {
        ArmId whole = loose("whole");
        ArmId damaged = loose("damaged");
        world.faults.put(Fault.of("f", FaultKind.IMAGE_CORRUPT).ofDisk("damaged"));
        Operation failed = put(Specs.attached(0, whole), Specs.attached(1, damaged));
        assertThat(failed.error().orElseThrow().message()).contains("damaged");
        hasDisks("a_os", "whole");
        assertThat(world.vms.get(World.WHO, vm).vm().head().state()).isEqualTo(ProvisioningState.FAILED);
        assertThat(world.vms.get(World.WHO, vm).vm().fault()).isEmpty();
        assertThat(world.disks.get(World.WHO, damaged).state()).isEqualTo(DiskState.UNATTACHED);
        assertThat(inTheMachine()).isEqualTo(3);
        succeeds(world.power.restart(World.WHO, vm).operation());
    }

    /** Five answers are lost, so nobody knows whether the machine has the disk; then the host is gone for a while. */
    @Test
    void attachOfWhichNobodyKnows_isTakenBackByAnOperationOfItsOwn_whichIsInTheWayOfNoStop() {
        ArmId old = loose("old");
        AtomicInteger plugs = new AtomicInteger();
        world.talkative.around = (call, effect) -> {
            if (call.equals("plug")) {
                effect.run();
                plugs.incrementAndGet();
            }
            if (call.endsWith("plug")) {
                throw new DomainError.Unavailable(ErrorInfo.of("HostNotReachable", "no answer")).asException();
            }
            effect.run();
        };
        Operation begun = begin(Specs.attached(0, old));
        for (int i = 0; i < 6; i++) {
            world.runAll();
            world.clock.advance(Duration.ofSeconds(20));
        }
        assertThat(world.operations.find(begun.id()).orElseThrow().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(plugs).hasValue(5);
        hasDisks("a_os");
        assertThat(inTheMachine()).isEqualTo(3);
        assertThat(world.disks.get(World.WHO, old).disk().head().state()).isEqualTo(ProvisioningState.UPDATING);
        assertThat(World.refused(() -> world.disks.delete(World.WHO, old, Precondition.NONE))
                        .info()
                        .message())
                .contains("UNPLUG_DISK");
        assertThat(refused(Specs.attached(0, old)).info().message()).contains("UNPLUG_DISK");

        succeeds(world.power.powerOff(World.WHO, vm, true).operation());
        assertThat(World.refused(() ->
                                world.rotations.begin(World.WHO, KeyChange.Request.of(set, world.vault.create(2))))
                        .info()
                        .details())
                .extracting(ErrorInfo::code)
                .containsExactly("DiskBusy");
        world.talkative.around = (_, effect) -> effect.run();
        world.clock.advance(Duration.ofMinutes(5));
        world.runAll();
        assertThat(world.disks.get(World.WHO, old).disk().head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(inTheMachine()).isEqualTo(2);
        succeeds(world.disks
                .delete(World.WHO, old, Precondition.NONE)
                .orElseThrow()
                .operation());
    }

    @Test
    void guestThatShutsDownBetweenTwoDisks_hasBothAtItsNextStart() {
        ArmId one = loose("one");
        ArmId two = loose("two");
        AtomicInteger plugs = new AtomicInteger();
        world.talkative.around = (call, effect) -> {
            effect.run();
            if (call.equals("plug") && plugs.incrementAndGet() == 1) {
                world.talkative.shutDownGuest(world.vms.get(World.WHO, vm).vm().vmId());
            }
        };
        succeeds(begin(Specs.attached(0, one), Specs.attached(1, two)));
        assertThat(plugs).hasValue(2);
        world.reconciler().runOnce(world.clock.instant());
        assertThat(world.vms.get(World.WHO, vm).vm().power()).isEqualTo(PowerState.STOPPED);
        succeeds(world.power.start(World.WHO, vm).operation());
        hasDisks("a_os", "one", "two");
        assertThat(inTheMachine()).isEqualTo(4);
    }

    @Test
    void whileADiskIsAttached_noRotationBegins_andNoPowerIsChanged() {
        Operation begun = begin(Specs.newDisk(0, "new"));
        assertThat(World.refused(() -> world.power.powerOff(World.WHO, vm, true))
                        .info()
                        .message())
                .contains("UPDATE_VM");
        assertThat(World.refused(() ->
                                world.rotations.begin(World.WHO, KeyChange.Request.of(set, world.vault.create(2))))
                        .info()
                        .details())
                .extracting(ErrorInfo::code)
                .containsExactly("VmNotStopped");
        succeeds(begun);
    }

    @Test
    void diskOfAnotherSet_isRefused_andSoIsAKeyChangeOfTheVmItself() {
        ArmId other = loose("other", Optional.of(world.set("des2", key)));
        assertThat(refused(Specs.attached(0, other))).isInstanceOf(DomainError.Invalid.class);
        assertThat(World.refused(() -> world.vms.save(
                        World.WHO,
                        Specs.vm("a")
                                .under(Optional.of(world.set("des3", key)))
                                .with(Specs.newDisk(0, "new"))
                                .build(),
                        Precondition.NONE)))
                .isInstanceOf(DomainError.Invalid.class);
        hasDisks("a_os");
    }
}
