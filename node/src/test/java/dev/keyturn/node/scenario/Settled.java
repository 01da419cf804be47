package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.disk.DiskView;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmView;
import dev.keyturn.store.engine.SqlTx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What holds once an operation has ended, however it ended, and its host answers again (docs/steps.md). */
final class Settled {
    private static final int TRIES = 12;

    private final World world;
    private final ArmId set;
    private final String when;

    Settled(World world, ArmId set, String when) {
        this.world = world;
        this.set = set;
        this.when = when;
    }

    /** Runs what is due, until nothing is at work any more or only what is never given up. */
    static void tryOften(World world) {
        for (int i = 0; i < TRIES; i++) {
            world.runAll();
            world.clock.advance(Duration.ofMinutes(5));
        }
        world.runAll();
    }

    void check() {
        tryOften(world);
        reconcile();
        assertThat(number("SELECT count(*) FROM operation WHERE status = 'IN_PROGRESS'"))
                .as(when + ": operations at work")
                .isZero();
        images();
        assertThat(number("SELECT count(*) FROM simhost_image i JOIN simhost_machine m ON m.id = i.machine"
                        + " JOIN vm v ON v.vm_uuid = m.vm_uuid WHERE m.running = 1 AND i.artifact NOT IN"
                        + " (SELECT a.id FROM artifact a LEFT JOIN disk d ON d.id = a.owner_id"
                        + " WHERE a.owner_id = v.id OR d.vm_id = v.id)"))
                .as(when + ": images in machines that run, which are not their VM's")
                .isZero();
        if (number("SELECT count(*) FROM disk_set") == 0) {
            assertThat(number("SELECT count(*) FROM simhost_image")).as(when).isZero();
            return; // the whole group was deleted
        }
        verified("as it was left");
        rotated();
        everyVmStartsOrCanBeDeleted();
        verified("after starts and deletions");
        images();
        nothingIsLeftOfWhatIsDeleted();
    }

    private void reconcile() {
        world.reconciler().runOnce(world.clock.instant());
    }

    /** No artifact without its image; no image that is neither an artifact's nor condemned with its owner there. */
    private void images() {
        assertThat(number("SELECT count(*) FROM artifact WHERE id NOT IN (SELECT artifact FROM simhost_image)"))
                .as(when + ": artifacts without an image")
                .isZero();
        assertThat(
                        number(
                                "SELECT count(*) FROM simhost_image WHERE artifact NOT IN (SELECT id FROM artifact)"
                                        + " AND artifact NOT IN (SELECT c.artifact FROM condemned_image c"
                                        + " WHERE c.vm_uuid IN (SELECT vm_uuid FROM vm) OR c.disk_uuid IN (SELECT disk_uuid FROM disk))"))
                .as(when + ": orphaned images")
                .isZero();
    }

    private void verified(String what) {
        assertThat(world.deep.verify(set).problems())
                .as(when + ": the set verifies, " + what)
                .isEmpty();
    }

    private void rotated() {
        for (VmView view : vms()) {
            if (view.vm().power() == PowerState.RUNNING) {
                succeeds(
                        "stop",
                        world.power.deallocate(World.WHO, view.vm().id()).operation());
            }
        }
        KeyId next = world.vault.create(2);
        succeeds("rotate", world.rotations.begin(World.WHO, KeyChange.Request.of(set, next)));
        verified("after a rotation");
    }

    private void everyVmStartsOrCanBeDeleted() {
        for (VmView view : vms()) {
            ArmId id = view.vm().id();
            Optional<Operation> start = Optional.empty();
            try {
                start = Optional.of(world.power.start(World.WHO, id).operation());
            } catch (DomainException refused) {
                delete(id);
            }
            start.ifPresent(s -> succeeds("start", s));
        }
    }

    private void nothingIsLeftOfWhatIsDeleted() {
        vms().forEach(v -> delete(v.vm().id()));
        for (DiskView view : world.disks.page(World.WHO, World.SUBSCRIPTION, Optional.empty(), Optional.empty(), 100)) {
            succeeds(
                    "delete a disk",
                    world.disks
                            .delete(World.WHO, view.disk().id(), Precondition.NONE)
                            .orElseThrow()
                            .operation());
        }
        assertThat(number("SELECT count(*) FROM artifact")).as(when).isZero();
        assertThat(number("SELECT count(*) FROM simhost_image")).as(when).isZero();
        assertThat(number("SELECT count(*) FROM simhost_machine")).as(when).isZero();
        assertThat(number("SELECT count(*) FROM condemned_image")).as(when).isZero();
    }

    private List<VmView> vms() {
        return world.vms.page(World.WHO, World.SUBSCRIPTION, Optional.empty(), Optional.empty(), 100);
    }

    private void delete(ArmId vm) {
        assertThat(vm.type()).isEqualTo(ConfidentialVm.TYPE);
        succeeds(
                "delete a VM",
                world.vms.delete(World.WHO, vm, Precondition.NONE).orElseThrow().operation());
    }

    private void succeeds(String what, Operation begun) {
        Operation done = world.finish(begun);
        assertThat(done.status()).as(when + ": " + what + ": " + done.error()).isEqualTo(OperationStatus.SUCCEEDED);
    }

    private long number(String sql) {
        return world.database.transactions().<Long>read(tx -> SqlTx.of(tx).number(sql));
    }
}
