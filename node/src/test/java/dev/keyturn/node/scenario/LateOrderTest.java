package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private ArmId vm;

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        sleeper = World.fresh(database);
        vm = sleeper.vm("a", Optional.of(sleeper.set("des", sleeper.vault.create(1))));
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
