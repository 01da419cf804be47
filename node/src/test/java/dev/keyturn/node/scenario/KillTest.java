package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.node.rotation.KillableTransactions;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation, killed before and after each of its writes: the next process finishes it. */
class KillTest {
    private static final int MOST_WRITES = 40;

    @TempDir
    Path directory;

    /**
     * Does {@code prepare} in a fresh world, begins the operation, kills the process at the n-th write from there, for
     * every n, and checks what the next process makes of it.
     */
    private void killEverywhere(
            boolean afterCommit, Consumer<World> prepare, Function<World, Operation> begin, Consumer<World> check)
            throws java.io.IOException {
        int killed = 0;
        for (int n = 1; n <= MOST_WRITES; n++) {
            Path data = java.nio.file.Files.createDirectory(directory.resolve(afterCommit + "-" + n));
            try (TestDatabase database = TestDatabase.in(data, SimulatedTables.MIGRATIONS)) {
                World world = World.fresh(database);
                world.set("des", world.vault.create(1));
                prepare.accept(world);
                Operation begun = begin.apply(world);
                world.transactions.killAtWrite(n, afterCommit);
                boolean survived = true;
                try {
                    world.runAll();
                } catch (KillableTransactions.Killed e) {
                    survived = false;
                }
                World next = world.restarted();
                assertThat(next.operations.find(begun.id()).orElseThrow().status())
                        .as("killed at write " + n + ": "
                                + next.operations.find(begun.id()).orElseThrow().error())
                        .isEqualTo(OperationStatus.SUCCEEDED);
                check.accept(next);
                if (survived) {
                    assertThat(killed).as("kills before it ran through").isPositive();
                    return;
                }
                killed++;
            }
        }
        throw new AssertionError("the operation has more than " + MOST_WRITES + " writes");
    }

    private static ArmId set() {
        return World.id("Microsoft.Compute/diskEncryptionSets", "des");
    }

    private static Specs.Vm spec() {
        return Specs.vm("a").under(Optional.of(set()));
    }

    private static Operation save(World world, Specs.Vm spec) {
        return world.vms.save(World.WHO, spec.build(), Precondition.NONE).operation();
    }

    private static void openable(World world, int artifacts) {
        assertThat(world.deep.verify(set()).verified()).isEqualTo(artifacts);
        assertThat(world.deep.verify(set()).allOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void create_killedAnywhere_ends(boolean afterCommit) throws java.io.IOException {
        killEverywhere(
                afterCommit,
                world -> {
                    Operation loose = world.disks
                            .save(World.WHO, Specs.disk("loose", Optional.of(set())), Precondition.NONE)
                            .operation();
                    world.finish(loose);
                },
                world -> save(
                        world, spec().with(Specs.newDisk(0, "data"), Specs.attached(1, World.id(Disk.TYPE, "loose")))),
                world -> {
                    assertThat(world.vms.get(World.WHO, spec().id()).vm().power())
                            .isEqualTo(PowerState.RUNNING);
                    openable(world, 4);
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void update_killedAnywhere_ends(boolean afterCommit) throws java.io.IOException {
        killEverywhere(
                afterCommit,
                world -> {
                    world.finish(save(world, spec().with(Specs.newDisk(0, "old"))));
                    world.finish(world.power.deallocate(World.WHO, spec().id()).operation());
                },
                world -> save(world, spec().with(Specs.newDisk(1, "new"))),
                world -> {
                    assertThat(world.vms.get(World.WHO, spec().id()).disks())
                            .extracting(d -> d.id().name())
                            .containsExactly("a_os", "new");
                    assertThat(world.disks
                                    .get(World.WHO, World.id(Disk.TYPE, "old"))
                                    .disk()
                                    .vm())
                            .isEmpty();
                    openable(world, 4);
                    assertThat(world.finish(world.power
                                            .start(World.WHO, spec().id())
                                            .operation())
                                    .error())
                            .isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void updateOfARunningVm_killedAnywhere_ends(boolean afterCommit) throws java.io.IOException {
        killEverywhere(
                afterCommit,
                world -> {
                    Operation loose = world.disks
                            .save(World.WHO, Specs.disk("loose", Optional.of(set())), Precondition.NONE)
                            .operation();
                    world.finish(loose);
                    world.finish(save(world, spec().with(Specs.newDisk(0, "old"))));
                },
                world -> save(
                        world, spec().with(Specs.newDisk(0, "new"), Specs.attached(1, World.id(Disk.TYPE, "loose")))),
                world -> {
                    assertThat(world.vms.get(World.WHO, spec().id()).vm().power())
                            .isEqualTo(PowerState.RUNNING);
                    assertThat(world.vms.get(World.WHO, spec().id()).disks())
                            .extracting(d -> d.id().name())
                            .containsExactly("a_os", "new", "loose");
                    assertThat(world.disks
                                    .get(World.WHO, World.id(Disk.TYPE, "old"))
                                    .disk()
                                    .vm())
                            .isEmpty();
                    openable(world, 5);
                    world.finish(world.power.restart(World.WHO, spec().id()).operation());
                    assertThat(world.vms.get(World.WHO, spec().id()).vm().power())
                            .isEqualTo(PowerState.RUNNING);
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void restart_killedAnywhere_ends(boolean afterCommit) throws java.io.IOException {
        killEverywhere(
                afterCommit,
                world -> world.finish(save(world, spec())),
                world -> world.power.restart(World.WHO, spec().id()).operation(),
                world -> assertThat(world.vms.get(World.WHO, spec().id()).vm().power())
                        .isEqualTo(PowerState.RUNNING));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void delete_killedAnywhere_ends(boolean afterCommit) throws java.io.IOException {
        killEverywhere(
                afterCommit,
                world -> world.finish(save(world, spec().deletedWithVm().with(Specs.newDisk(0, "kept")))),
                world -> world.vms
                        .delete(World.WHO, spec().id(), Precondition.NONE)
                        .orElseThrow()
                        .operation(),
                world -> {
                    assertThat(World.refused(() -> world.vms.get(World.WHO, spec().id())))
                            .isInstanceOf(DomainError.NotFound.class);
                    assertThat(world.host.active()).isEmpty();
                    openable(world, 1);
                });
    }
}
