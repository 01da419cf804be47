package dev.keyturn.node.scenario;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.resource.Precondition;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Every operation that changes a host: what is there before it, and how it is begun. */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
enum Work {
    CREATE_VM(
            Work::looseDisk,
            w -> save(w, spec().with(Specs.newDisk(0, "data"), Specs.attached(1, World.id(Disk.TYPE, "loose"))))),
    CREATE_VM_FROM_A_DISK(
            w -> {
                w.finish(save(w, Specs.vm("b").under(Optional.of(set()))));
                w.finish(w.vms.delete(World.WHO, Specs.vm("b").id(), Precondition.NONE)
                        .orElseThrow()
                        .operation());
            },
            w -> save(w, spec().fromDisk(World.id(Disk.TYPE, "b_os")))),
    CREATE_DISK(w -> {}, Work::beginDisk),
    UPDATE_VM(
            w -> {
                looseDisk(w);
                w.finish(save(w, spec().with(Specs.newDisk(0, "old"))));
                w.finish(w.power.deallocate(World.WHO, spec().id()).operation());
            },
            w -> save(w, spec().with(Specs.newDisk(1, "new"), Specs.attached(2, World.id(Disk.TYPE, "loose"))))),
    UPDATE_RUNNING_VM(
            w -> {
                looseDisk(w);
                w.finish(save(w, spec().with(Specs.newDisk(0, "old"))));
            },
            w -> save(w, spec().with(Specs.newDisk(1, "new"), Specs.attached(2, World.id(Disk.TYPE, "loose"))))),
    START(w -> stopped(w), w -> w.power.start(World.WHO, spec().id()).operation()),
    POWER_OFF(
            w -> running(w), w -> w.power.powerOff(World.WHO, spec().id(), true).operation()),
    DEALLOCATE(w -> running(w), w -> w.power.deallocate(World.WHO, spec().id()).operation()),
    RESTART(w -> running(w), w -> w.power.restart(World.WHO, spec().id()).operation()),
    DELETE_VM(
            w -> w.finish(save(w, spec().deletedWithVm().with(Specs.newDisk(0, "kept")))),
            w -> w.vms.delete(World.WHO, spec().id(), Precondition.NONE)
                    .orElseThrow()
                    .operation()),
    DELETE_DISK(
            Work::looseDisk,
            w -> w.disks
                    .delete(World.WHO, World.id(Disk.TYPE, "loose"), Precondition.NONE)
                    .orElseThrow()
                    .operation()),
    DELETE_GROUP(
            w -> {
                looseDisk(w);
                w.finish(save(w, spec().deletedWithVm().with(Specs.newDisk(0, "kept"))));
            },
            w -> w.groups
                    .delete(World.WHO, ArmId.group(World.SUBSCRIPTION, "rg"), Precondition.NONE)
                    .operation());

    private final Consumer<World> prepare;
    private final Function<World, Operation> begin;

    Work(Consumer<World> prepare, Function<World, Operation> begin) {
        this.prepare = prepare;
        this.begin = begin;
    }

    /** Brings a fresh world to where the operation can begin, with one other VM of the set that nothing happens to. */
    void prepare(World world) {
        world.set("des", world.vault.create(1));
        world.stoppedVm("other", Optional.of(set()));
        prepare.accept(world);
    }

    Operation begin(World world) {
        return begin.apply(world);
    }

    static ArmId set() {
        return World.id("Microsoft.Compute/diskEncryptionSets", "des");
    }

    private static Specs.Vm spec() {
        return Specs.vm("a").under(Optional.of(set()));
    }

    private static Operation save(World world, Specs.Vm spec) {
        return world.vms.save(World.WHO, spec.build(), Precondition.NONE).operation();
    }

    private static void running(World world) {
        world.finish(save(world, spec()));
    }

    private static void stopped(World world) {
        running(world);
        world.finish(world.power.deallocate(World.WHO, spec().id()).operation());
    }

    private static Operation beginDisk(World world) {
        return world.disks
                .save(World.WHO, Specs.disk("loose", Optional.of(set())), Precondition.NONE)
                .operation();
    }

    private static void looseDisk(World world) {
        world.finish(beginDisk(world));
    }
}
