package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R3, R5, R7: a rotation and whatever touches its set's artifacts exclude each other, whichever comes first. */
class InterlockTest extends Scenario {
    private KeyId old;
    private KeyId next;
    private ArmId set;

    @BeforeEach
    void open() {
        old = world.vault.create(1);
        next = world.vault.create(2);
        set = world.set("des", old);
    }

    private Operation rotate() {
        return world.rotations.begin(World.WHO, KeyChange.Request.of(set, next));
    }

    @Test
    void R5_whileARotationIsAtWork_everythingThatTouchesItsArtifactsIsRefusedNamingIt() {
        ArmId vm = world.stoppedVm("a", Optional.of(set));
        ArmId disk = World.id("Microsoft.Compute/disks", "loose");
        world.finish(world.disks
                .save(World.WHO, Specs.disk("loose", Optional.of(set)), Precondition.NONE)
                .operation());
        Operation rotation = rotate();
        Optional<ArmId> under = Optional.of(set);
        Map<String, ThrowingCallable> touching = Map.of(
                "start", () -> world.power.start(World.WHO, vm),
                "create",
                        () -> world.vms.save(
                                World.WHO, Specs.vm("b").under(under).build(), Precondition.NONE),
                "attach",
                        () -> world.vms.save(
                                World.WHO,
                                Specs.vm("a")
                                        .under(under)
                                        .with(Specs.attached(0, disk))
                                        .build(),
                                Precondition.NONE),
                "delete", () -> world.vms.delete(World.WHO, vm, Precondition.NONE),
                "new disk", () -> world.disks.save(World.WHO, Specs.disk("more", under), Precondition.NONE),
                "delete disk", () -> world.disks.delete(World.WHO, disk, Precondition.NONE),
                "delete set", () -> world.sets.delete(World.WHO, set, Precondition.NONE));
        touching.forEach((what, call) -> {
            DomainError error = World.refused(call);
            assertThat(error).as(what).isInstanceOf(DomainError.Conflict.class);
            assertThat(error.info().message()).as(what).contains(rotation.id().toString());
        });
        assertThat(world.vms.get(World.WHO, vm).vm().power()).isEqualTo(PowerState.DEALLOCATED);
        assertThat(world.finish(rotation).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(world.finish(world.power.start(World.WHO, vm).operation()).error())
                .isEmpty();
    }

    @Test
    void R3_rotate_whileAStartIsAtWork_isRefusedNamingTheVm() {
        ArmId vm = world.stoppedVm("a", Optional.of(set));
        Operation start = world.power.start(World.WHO, vm).operation();
        DomainError error = World.refused(this::rotate);
        assertThat(error.info().details()).extracting(ErrorInfo::target).contains(Optional.of(vm.toString()));
        assertThat(world.finish(start).error()).isEmpty();
        assertThat(world.vms.get(World.WHO, vm).vm().power()).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void R3_rotate_whileAVmIsCreatedOrDeleted_isRefusedNamingIt() {
        ArmId gone = world.stoppedVm("gone", Optional.of(set));
        world.vms.delete(World.WHO, gone, Precondition.NONE);
        world.vms.save(World.WHO, Specs.vm("new").under(Optional.of(set)).build(), Precondition.NONE);
        assertThat(World.refused(this::rotate).info().details())
                .extracting(ErrorInfo::code)
                .containsExactly("VmBusy", "VmBusy");
    }

    @Test
    void R3_rotate_whileAVmRestarts_isRefusedThroughout() {
        ArmId vm = world.vm("a", Optional.of(set));
        Operation restart = world.power.restart(World.WHO, vm).operation();
        assertThat(World.refused(this::rotate).info().message()).contains("a");
        world.finish(restart);
        assertThat(World.refused(this::rotate).info().details())
                .extracting(ErrorInfo::code)
                .containsExactly("VmNotStopped");
    }

    @Test
    void R3_startAndRotationAskedAtTheSameMoment_neverBothGoAhead() throws InterruptedException {
        ArmId vm = world.stoppedVm("a", Optional.of(set));
        List<KeyId> keys = List.of(old, next);
        for (int round = 1; round <= 30; round++) {
            KeyId to = keys.get(world.sets.get(World.WHO, set).activeKey().equals(old) ? 1 : 0);
            CountDownLatch go = new CountDownLatch(1);
            AtomicInteger accepted = new AtomicInteger();
            Thread rotation =
                    racing(go, accepted, () -> world.rotations.begin(World.WHO, KeyChange.Request.of(set, to)));
            Thread start = racing(go, accepted, () -> world.power.start(World.WHO, vm));
            go.countDown();
            rotation.join();
            start.join();
            assertThat(accepted).as("round " + round).hasValue(1);
            world.runAll();
            if (world.vms.get(World.WHO, vm).vm().power() == PowerState.RUNNING) {
                world.finish(world.power.deallocate(World.WHO, vm).operation());
            }
            assertThat(world.deep.verify(set).allOpen()).isTrue();
        }
    }

    private static Thread racing(CountDownLatch go, AtomicInteger accepted, Runnable request) {
        return Thread.ofVirtual().start(() -> {
            try {
                go.await();
                request.run();
                accepted.incrementAndGet();
            } catch (DomainException e) {
                assertThat(e.error()).isInstanceOf(DomainError.Conflict.class);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void R4_rotate_coversTheDisksThatNoVmHas() {
        Operation made = world.disks
                .save(World.WHO, Specs.disk("loose", Optional.of(set)), Precondition.NONE)
                .operation();
        assertThat(world.finish(made).error()).isEmpty();
        assertThat(world.finish(rotate()).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(world.sets.census(World.WHO, set).entries())
                .singleElement()
                .satisfies(e -> assertThat(e.key()).isEqualTo(next));
        assertThat(world.deep.verify(set).allOpen()).isTrue();
    }

    @Test
    void R5_inAMixedState_everyVmStartsUnderWhateverKeyItIs() {
        ArmId a = world.stoppedVm("a", Optional.of(set));
        ArmId b = world.stoppedVm("b", Optional.of(set));
        world.faults.put(Fault.of("f", FaultKind.UPDATE_REFUSED).ofVm("b"));
        assertThat(world.finish(rotate()).status()).isEqualTo(OperationStatus.FAILED);
        assertThat(world.sets.census(World.WHO, set).entries()).hasSize(2);
        for (ArmId vm : List.of(a, b)) {
            assertThat(world.finish(world.power.start(World.WHO, vm).operation())
                            .error())
                    .isEmpty();
        }
        ArmId fresh = world.vm("c", Optional.of(set));
        assertThat(world.vms.artifacts(World.WHO, fresh).artifacts())
                .allSatisfy(k -> assertThat(k.key()).contains(old));
    }

    @Test
    void R5_inAMixedState_aDisabledKeyStopsOnlyTheVmsUnderIt() {
        ArmId a = world.stoppedVm("a", Optional.of(set));
        ArmId b = world.stoppedVm("b", Optional.of(set));
        world.faults.put(Fault.of("f", FaultKind.UPDATE_REFUSED).ofVm("b"));
        world.finish(rotate());
        world.vault.enable(old, false);
        assertThat(world.finish(world.power.start(World.WHO, a).operation()).error())
                .isEmpty();
        assertThat(World.refused(() -> world.power.start(World.WHO, b)).info().message())
                .contains(old.url());
    }

    @Test
    void R7_ephemeralVm_canBeNeitherStoppedNorDeallocatedButRestartedAndDeleted() {
        Specs.Vm spec = Specs.vm("e").ephemeral().under(Optional.of(set));
        assertThat(world.finish(world.vms
                                .save(World.WHO, spec.build(), Precondition.NONE)
                                .operation())
                        .error())
                .isEmpty();
        assertThat(World.refused(() -> world.power.powerOff(World.WHO, spec.id(), false))
                        .info()
                        .message())
                .contains("ephemeral");
        assertThat(World.refused(() -> world.power.deallocate(World.WHO, spec.id()))
                        .info()
                        .message())
                .contains("ephemeral");
        assertThat(world.finish(world.power.restart(World.WHO, spec.id()).operation())
                        .error())
                .isEmpty();
        assertThat(World.refused(this::rotate).info().details())
                .extracting(ErrorInfo::code)
                .containsExactly("EphemeralVm");
        Operation deleted = world.vms
                .delete(World.WHO, spec.id(), Precondition.NONE)
                .orElseThrow()
                .operation();
        assertThat(world.finish(deleted).error()).isEmpty();
        assertThat(World.refused(() -> world.disks.get(World.WHO, spec.osDisk())))
                .isInstanceOf(DomainError.NotFound.class);
        assertThat(world.sets.census(World.WHO, set).total()).isZero();
        assertThat(world.finish(rotate()).error()).isEmpty();
    }

    @Test
    void R7_warning_whenEphemeralAndOtherVmsShareASet() {
        Specs.Vm first = Specs.vm("a").under(Optional.of(set));
        assertThat(world.vms.save(World.WHO, first.build(), Precondition.NONE).warnings())
                .isEmpty();
        world.runAll();
        Specs.Vm ephemeral = Specs.vm("e").ephemeral().under(Optional.of(set));
        assertThat(world.vms
                        .save(World.WHO, ephemeral.build(), Precondition.NONE)
                        .warnings())
                .extracting(ErrorInfo::code)
                .containsExactly("EphemeralVmSharesDiskEncryptionSet");
        world.runAll();
        assertThat(world.vms.instanceView(World.WHO, first.id()).warnings()).hasSize(1);
        Specs.Vm reverse = Specs.vm("b").under(Optional.of(set));
        assertThat(world.vms.save(World.WHO, reverse.build(), Precondition.NONE).warnings())
                .hasSize(1);
    }
}
