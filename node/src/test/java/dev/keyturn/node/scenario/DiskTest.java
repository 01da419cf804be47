package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Disks by themselves and on VMs. */
class DiskTest extends Scenario {
    private KeyId key;
    private ArmId set;

    @BeforeEach
    void open() {
        key = world.vault.create(1);
        set = world.set("des", key);
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

    private Operation put(Specs.Vm spec) {
        return world.finish(
                world.vms.save(World.WHO, spec.build(), Precondition.NONE).operation());
    }

    private Specs.Vm a() {
        return Specs.vm("a").under(Optional.of(set));
    }

    private int artifacts(ArmId vm) {
        return world.vms.artifacts(World.WHO, vm).artifacts().size();
    }

    @Test
    void dataDisks_areMadeAttachedAndDetachedOnAStoppedVm() {
        ArmId vm = world.stoppedVm("a", Optional.of(set));
        ArmId old = loose("old", Optional.of(set));
        assertThat(world.disks.get(World.WHO, old).state()).isEqualTo(DiskState.UNATTACHED);
        Specs.Vm both = a().with(Specs.newDisk(0, "new"), Specs.attached(1, old));
        assertThat(put(both).error()).isEmpty();
        assertThat(artifacts(vm)).isEqualTo(4);
        assertThat(world.disks.get(World.WHO, old).state()).isEqualTo(DiskState.RESERVED);
        assertThat(world.finish(world.power.start(World.WHO, vm).operation()).error())
                .isEmpty();
        assertThat(world.disks.get(World.WHO, old).state()).isEqualTo(DiskState.ATTACHED);
        world.finish(world.power.powerOff(World.WHO, vm, true).operation());
        assertThat(put(a().with(Specs.attached(1, old))).error()).isEmpty();
        assertThat(artifacts(vm)).isEqualTo(3);
        assertThat(world.disks.get(World.WHO, disk("new")).state()).isEqualTo(DiskState.UNATTACHED);
        assertThat(world.finish(world.power.start(World.WHO, vm).operation()).error())
                .isEmpty();
        assertThat(world.deep.verify(set).verified()).isEqualTo(4);
    }

    @Test
    void failedCreation_ofADiskWhoseKeyWasThere_neverTakesTheKeyAway() {
        ArmId whole = loose("whole", Optional.of(set));
        // What is left of a deletion that failed before anything was deleted.
        database.transactions().run(tx -> {
            Disk it = world.stores.disks().find(tx, whole).orElseThrow();
            Disk failed = new Disk(
                    it.head().in(ProvisioningState.FAILED, world.clock.instant()),
                    it.uniqueId(),
                    it.os(),
                    it.sizeGb(),
                    it.set(),
                    it.host(),
                    it.vm(),
                    it.lun(),
                    it.deleteWithVm(),
                    it.source());
            assertThat(world.stores.disks().update(tx, failed).hit()).isTrue();
        });
        world.talkative.around = DiskTest::hostRefusesOrders;
        assertThat(world.finish(world.disks
                                .save(World.WHO, Specs.disk("whole", Optional.of(set)), Precondition.NONE)
                                .operation())
                        .error())
                .isPresent();
        world.talkative.around = (call, work) -> work.run();
        assertThat(world.deep.verify(set).verified()).isEqualTo(1);
        loose("whole", Optional.of(set));
        assertThat(world.deep.verify(set).verified()).isEqualTo(1);
    }

    @Test
    void put_ofAVmWhoseCreationFailedWithADiskToAttach_makesItAnewWithThatDisk() {
        ArmId old = loose("old", Optional.of(set));
        world.talkative.around = DiskTest::hostRefusesOrders;
        assertThat(put(a().with(Specs.attached(0, old))).error()).isPresent();
        assertThat(world.disks.get(World.WHO, old).disk().vm()).isEmpty();
        world.talkative.around = (call, work) -> work.run();
        assertThat(put(a().with(Specs.attached(0, old))).error()).isEmpty();
        assertThat(world.disks.get(World.WHO, old).state()).isEqualTo(DiskState.ATTACHED);
        assertThat(world.deep.verify(set).allOpen()).isTrue();
    }

    @Test
    void create_thatFailsBetweenTwoDisks_keepsTheOneThatIsAtTheVm_andFreesTheOther() {
        ArmId first = loose("first", Optional.of(set));
        ArmId second = loose("second", Optional.of(set));
        AtomicInteger attached = new AtomicInteger();
        world.talkative.around = (call, work) -> {
            if (call.equals("attach") && attached.getAndIncrement() == 1) {
                hostRefuses();
            }
            work.run();
        };
        assertThat(put(a().with(Specs.attached(0, first), Specs.attached(1, second)))
                        .error())
                .isPresent();
        assertThat(attached).hasValue(2);
        assertThat(world.disks.get(World.WHO, first).disk().vm()).contains(a().id());
        assertThat(world.disks.get(World.WHO, first).disk().head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(world.disks.get(World.WHO, second).state()).isEqualTo(DiskState.UNATTACHED);
        assertThat(world.disks.get(World.WHO, second).disk().head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        world.talkative.around = (call, work) -> work.run();
        assertThat(put(a().with(Specs.attached(0, first), Specs.attached(1, second)))
                        .error())
                .isEmpty();
        assertThat(world.deep.verify(set).allOpen()).isTrue();
    }

    private static void hostRefusesOrders(String call, Runnable work) {
        if (call.equals("fence")) {
            work.run();
        } else {
            hostRefuses();
        }
    }

    private static void hostRefuses() {
        throw DomainError.notAllowed("The host does not want to.").asException();
    }

    @Test
    void attach_ofADiskOfAnotherSetOrOfThePlatform_isRefused() {
        world.stoppedVm("a", Optional.of(set));
        ArmId other = loose("other", Optional.of(world.set("des2", key)));
        ArmId platform = loose("platform", Optional.empty());
        for (ArmId wrong : new ArmId[] {other, platform}) {
            DomainError error = World.refused(() -> put(a().with(Specs.attached(0, wrong))));
            assertThat(error).isInstanceOf(DomainError.Invalid.class);
            assertThat(world.disks.get(World.WHO, wrong).disk().vm()).isEmpty();
        }
    }

    @Test
    void attach_ofADiskThatAnotherVmHas_isRefusedNamingIt() {
        world.stoppedVm("a", Optional.of(set));
        put(Specs.vm("b").under(Optional.of(set)).with(Specs.newDisk(0, "taken")));
        DomainError error = World.refused(() -> put(a().with(Specs.attached(0, disk("taken")))));
        assertThat(error.info().message()).contains("'b'");
    }

    @Test
    void update_thatFails_leavesTheVmWithTheDisksItHad() {
        ArmId vm = world.stoppedVm("a", Optional.of(set));
        ArmId old = loose("old", Optional.of(set));
        world.vms.save(
                World.WHO,
                a().with(Specs.newDisk(0, "new"), Specs.attached(1, old)).build(),
                Precondition.NONE);
        world.vault.enable(key, false);
        world.runAll();
        world.vault.enable(key, true);
        assertThat(world.vms.get(World.WHO, vm).disks()).hasSize(1);
        assertThat(artifacts(vm)).isEqualTo(2);
        assertThat(world.disks.get(World.WHO, old).state()).isEqualTo(DiskState.UNATTACHED);
        assertThat(world.disks.get(World.WHO, old).disk().head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(World.refused(() -> world.disks.get(World.WHO, disk("new"))))
                .isInstanceOf(DomainError.NotFound.class);
        assertThat(world.finish(world.power.start(World.WHO, vm).operation()).error())
                .isEmpty();
    }

    @Test
    void deleteVm_keepsItsDisksUnlessTheyAreToGoWithIt() {
        ArmId vm = world.vm("a", Optional.of(set));
        put(Specs.vm("b").under(Optional.of(set)).deletedWithVm());
        for (ArmId each : new ArmId[] {vm, Specs.vm("b").id()}) {
            Operation gone = world.vms
                    .delete(World.WHO, each, Precondition.NONE)
                    .orElseThrow()
                    .operation();
            assertThat(world.finish(gone).error()).isEmpty();
            assertThat(world.vms.delete(World.WHO, each, Precondition.NONE)).isEmpty();
        }
        assertThat(world.disks.get(World.WHO, disk("a_os")).state()).isEqualTo(DiskState.UNATTACHED);
        assertThat(World.refused(() -> world.disks.get(World.WHO, disk("b_os"))))
                .isInstanceOf(DomainError.NotFound.class);
        assertThat(world.host.active()).isEmpty();
        assertThat(world.sets.census(World.WHO, set).total()).isEqualTo(1);
        assertThat(world.deep.verify(set).allOpen()).isTrue();
    }

    @Test
    void osDisk_thatOutlivedItsVm_startsInANewOne() {
        ArmId vm = world.vm("a", Optional.of(set));
        world.finish(
                world.vms.delete(World.WHO, vm, Precondition.NONE).orElseThrow().operation());
        assertThat(World.refused(() -> put(a())).info().message()).contains("createOption Attach");
        assertThat(put(a().fromDisk(disk("a_os"))).error()).isEmpty();
        assertThat(world.disks.get(World.WHO, disk("a_os")).state()).isEqualTo(DiskState.ATTACHED);
        assertThat(world.sets.census(World.WHO, set).total()).isEqualTo(2);
    }

    @Test
    void deleteDisk_thatIsAttached_isRefusedNamingTheVm() {
        world.vm("a", Optional.of(set));
        DomainError error = World.refused(() -> world.disks.delete(World.WHO, disk("a_os"), Precondition.NONE));
        assertThat(error.info().message()).contains("VM 'a'");
    }

    @Test
    void deleteDisk_leavesNothingUnderTheSet() {
        ArmId loose = loose("loose", Optional.of(set));
        Operation gone = world.disks
                .delete(World.WHO, loose, Precondition.NONE)
                .orElseThrow()
                .operation();
        assertThat(world.finish(gone).error()).isEmpty();
        assertThat(world.sets.delete(World.WHO, set, Precondition.NONE)).isPresent();
    }

    @Test
    void createDisk_thatFails_canBePutAgain() {
        world.disks.save(World.WHO, Specs.disk("d", Optional.of(set)), Precondition.NONE);
        world.vault.enable(key, false);
        world.runAll();
        assertThat(world.disks.get(World.WHO, disk("d")).disk().head().state()).isEqualTo(ProvisioningState.FAILED);
        world.vault.enable(key, true);
        loose("d", Optional.of(set));
        assertThat(world.disks.get(World.WHO, disk("d")).disk().head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(world.deep.verify(set).verified()).isEqualTo(1);
    }

    @Test
    void start_whoseImageIsDamaged_failsNamingTheArtifact() {
        ArmId vm = world.stoppedVm("a", Optional.of(set));
        world.faults.put(Fault.of("f", FaultKind.IMAGE_CORRUPT).ofDisk("a_os"));
        Operation failed = world.finish(world.power.start(World.WHO, vm).operation());
        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(failed.error().orElseThrow().details())
                .singleElement()
                .satisfies(d -> assertThat(d.message()).contains("a_os"));
        assertThat(world.deep.verify(set).failed()).isEqualTo(1);
    }
}
