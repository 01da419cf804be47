package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseLostException;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that sleeps between its look at the store and its order to the host, while another one goes on. */
class LateOrderTest {
    @TempDir
    Path directory;

    private TestDatabase database;
    private World sleeper;
    private KeyId key;
    private ArmId vm;

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        sleeper = World.fresh(database);
        key = sleeper.vault.create(1);
        vm = sleeper.vm("a", Optional.of(sleeper.set("des", key)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Runs the operation in a process that falls asleep before its first such order; what happens until it wakes. */
    private void sleepsBefore(String order, Operation begun, Consumer<World> meanwhile) {
        AtomicBoolean slept = new AtomicBoolean();
        sleeper.talkative.around = (call, effect) -> {
            if (call.equals(order) && slept.compareAndSet(false, true)) {
                sleeper.clock.advance(Duration.ofMinutes(5)); // its lease runs out
                World other = sleeper.restarted();
                assertThat(other.operations.find(begun.id()).orElseThrow().status())
                        .isEqualTo(OperationStatus.SUCCEEDED);
                meanwhile.accept(other);
            }
            effect.run();
        };
        sleeper.runAll();
        assertThat(slept).isTrue();
    }

    /** As {@link #sleepsBefore}, where the operation ends as failed in the other process, which gives no such order. */
    private void sleepsBeforeWhatFails(String order, Operation begun, Runnable breaks, Consumer<World> meanwhile) {
        AtomicBoolean slept = new AtomicBoolean();
        sleeper.talkative.around = (call, effect) -> {
            if (call.equals(order) && slept.compareAndSet(false, true)) {
                sleeper.clock.advance(Duration.ofMinutes(5));
                breaks.run();
                World other = sleeper.restarted();
                assertThat(other.operations.find(begun.id()).orElseThrow().status())
                        .isEqualTo(OperationStatus.FAILED);
                meanwhile.accept(other);
            }
            effect.run();
        };
        sleeper.runAll();
        assertThat(slept).isTrue();
    }

    private static void succeeds(World world, Operation begun) {
        assertThat(world.finish(begun).error()).isEmpty();
    }

    @Test
    void startThatComesLate_startsNothing() {
        succeeds(sleeper, sleeper.power.deallocate(World.WHO, vm).operation());
        sleepsBefore(
                "start",
                sleeper.power.start(World.WHO, vm).operation(),
                other -> succeeds(other, other.power.deallocate(World.WHO, vm).operation()));
        assertThat(sleeper.host.active()).isEmpty();
        assertThat(sleeper.vms.get(World.WHO, vm).vm().power()).isEqualTo(PowerState.DEALLOCATED);
    }

    @Test
    void startThatComesLate_afterItsOperationFailedWithoutAnyOrder_startsNothing() {
        succeeds(sleeper, sleeper.power.deallocate(World.WHO, vm).operation());
        sleepsBeforeWhatFails(
                "start",
                sleeper.power.start(World.WHO, vm).operation(),
                () -> sleeper.vault.enable(key, false),
                other -> {
                    sleeper.vault.enable(key, true);
                    succeeds(
                            other,
                            other.rotations.begin(World.WHO, KeyChange.Request.of(Work.set(), other.vault.create(2))));
                });
        assertThat(sleeper.host.active()).isEmpty();
        assertThat(sleeper.vms.get(World.WHO, vm).vm().power()).isEqualTo(PowerState.STOPPED);
    }

    @Test
    void ownOrderWhoseAnswerCameTooLate_doesNothingOnceItsOperationFailed() {
        succeeds(sleeper, sleeper.power.deallocate(World.WHO, vm).operation());
        Operation begun = sleeper.power.start(World.WHO, vm).operation();
        AtomicLong onItsWay = new AtomicLong();
        sleeper.talkative.around = (call, effect) -> {
            if (call.equals("start")) {
                onItsWay.set(number(begun).number());
                throw silence();
            }
            effect.run();
        };
        Settled.tryOften(sleeper);
        assertThat(sleeper.operations.find(begun.id()).orElseThrow().status()).isEqualTo(OperationStatus.FAILED);
        arrivesTooLate(new Fence(onItsWay.get()));
    }

    @Test
    void startThatWasGivenByAnEarlierClaim_keepsTheOneOnItsWayOut() {
        succeeds(sleeper, sleeper.power.deallocate(World.WHO, vm).operation());
        Operation begun = sleeper.power.start(World.WHO, vm).operation();
        AtomicLong onItsWay = new AtomicLong();
        UUID machine = sleeper.vms.get(World.WHO, vm).vm().vmId();
        sleeper.talkative.around = (call, effect) -> {
            if (call.equals("start")) {
                sleeper.host.startOutside(machine); // it runs, by whatever order
                onItsWay.set(number(begun).number());
                throw silence();
            }
            effect.run();
        };
        succeeds(sleeper, begun);
        sleeper.talkative.shutDownGuest(machine);
        arrivesTooLate(new Fence(onItsWay.get()));
    }

    @Test
    void operationWhoseHostIsSilent_doesNotFail_saysWhatItWaitsFor_andGoesOnWhenTheHostAnswers() {
        succeeds(sleeper, sleeper.power.deallocate(World.WHO, vm).operation());
        Operation begun = sleeper.power.start(World.WHO, vm).operation();
        sleeper.talkative.around = (_, _) -> {
            throw silence();
        };
        Settled.tryOften(sleeper);
        Operation waits = sleeper.operations.find(begun.id()).orElseThrow();
        assertThat(waits.running()).isTrue();
        assertThat(waits.error().orElseThrow().message()).contains("does not end before its host has answered");
        assertThat(waits.failures()).as("the silence is not counted").isEqualTo(4);

        sleeper.talkative.around = (_, effect) -> effect.run();
        Settled.tryOften(sleeper);
        assertThat(sleeper.operations.find(begun.id()).orElseThrow().status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(sleeper.host.active()).hasSize(1);
    }

    @Test
    void startThatFails_whileAnEarlierOrderOfItHasArrived_isNotToldAsStopped() {
        succeeds(sleeper, sleeper.power.deallocate(World.WHO, vm).operation());
        Operation begun = sleeper.power.start(World.WHO, vm).operation();
        UUID machine = sleeper.vms.get(World.WHO, vm).vm().vmId();
        AtomicBoolean arrived = new AtomicBoolean();
        sleeper.talkative.around = (call, effect) -> {
            if (call.equals("start")) {
                throw silence();
            }
            if (call.equals("fence") && arrived.compareAndSet(false, true)) {
                sleeper.host.startOutside(machine); // the order of an earlier claim, just before the fence
            }
            effect.run();
        };
        Settled.tryOften(sleeper);
        assertThat(arrived).isTrue();
        assertThat(sleeper.operations.find(begun.id()).orElseThrow().status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(sleeper.vms.get(World.WHO, vm).vm().power()).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void operationThatGaveNoOrder_failsAtOnce_alsoWhereTheHostIsSilent() {
        succeeds(sleeper, sleeper.power.deallocate(World.WHO, vm).operation());
        Operation begun = sleeper.power.start(World.WHO, vm).operation();
        sleeper.vault.enable(key, false);
        sleeper.talkative.around = (_, _) -> {
            throw silence();
        };
        assertThat(sleeper.finish(begun).status()).isEqualTo(OperationStatus.FAILED);
    }

    private Fence number(Operation operation) {
        return new Fence(sleeper.operations.find(operation.id()).orElseThrow().fence());
    }

    private void arrivesTooLate(Fence order) {
        UUID machine = sleeper.vms.get(World.WHO, vm).vm().vmId();
        assertThatThrownBy(() -> sleeper.host.fence(order, Optional.of(machine), List.of()))
                .isInstanceOf(LeaseLostException.class);
    }

    private static RuntimeException silence() {
        return new DomainError.Unavailable(ErrorInfo.of("HostNotReachable", "no answer")).asException();
    }

    @Test
    void stopThatComesLate_stopsNothing() {
        sleepsBefore(
                "stop",
                sleeper.power.powerOff(World.WHO, vm, true).operation(),
                other -> succeeds(other, other.power.start(World.WHO, vm).operation()));
        assertThat(sleeper.host.active()).hasSize(1);
        assertThat(sleeper.vms.get(World.WHO, vm).vm().power()).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void plugThatComesLate_givesTheMachineNothing() {
        ArmId disk = World.id(Disk.TYPE, "loose");
        succeeds(
                sleeper,
                sleeper.disks
                        .save(World.WHO, Specs.disk("loose", Optional.of(Work.set())), Precondition.NONE)
                        .operation());
        Specs.Vm without = Specs.vm("a").under(Optional.of(Work.set()));
        Specs.Vm with = Specs.vm("a").under(Optional.of(Work.set())).with(Specs.attached(0, disk));
        sleepsBefore(
                "plug",
                sleeper.vms.save(World.WHO, with.build(), Precondition.NONE).operation(),
                other -> succeeds(
                        other,
                        other.vms
                                .save(World.WHO, without.build(), Precondition.NONE)
                                .operation()));
        assertThat(sleeper.vms.get(World.WHO, vm).disks()).hasSize(1);
        succeeds(
                sleeper,
                sleeper.disks
                        .delete(World.WHO, disk, Precondition.NONE)
                        .orElseThrow()
                        .operation());
        new Settled(sleeper, Work.set(), "after a late plug").check();
    }

    @Test
    void creationThatComesLate_makesNoImageAgain() {
        Specs.Vm spec = Specs.vm("b").under(Optional.of(Work.set())).deletedWithVm();
        sleepsBefore(
                "provision",
                sleeper.vms.save(World.WHO, spec.build(), Precondition.NONE).operation(),
                other -> succeeds(
                        other,
                        other.vms
                                .delete(World.WHO, spec.id(), Precondition.NONE)
                                .orElseThrow()
                                .operation()));
        assertThat(sleeper.host.active()).hasSize(1);
        new Settled(sleeper, Work.set(), "after a late creation").check();
    }
}
