package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.verification.DeepVerification;
import dev.keyturn.core.verification.Verification;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is made or deleted while a verification looks is left out of its answer, whenever that happens. */
class VerificationTest extends Scenario {
    /** Another process on the same database, which makes and deletes while {@link #world} verifies. */
    private World other;

    private KeyId key;
    private ArmId set;

    @BeforeEach
    void open() {
        other = new World(database, world.clock, world.vault, world.identities);
        key = world.vault.create(1);
        set = world.set("des", key);
    }

    private Operation verify() {
        return world.finish(world.deep.begin(World.WHO, set).operation());
    }

    /** A verification beside which something happens before its n-th transaction; empty where it has fewer. */
    private Optional<Operation> verify(int step, Runnable happens) {
        Operation begun = world.deep.begin(World.WHO, set).operation();
        AtomicBoolean happened = new AtomicBoolean();
        world.transactions.before(step, () -> {
            if (other.operations.find(begun.id()).orElseThrow().running()) {
                happens.run();
                happened.set(true);
            }
        });
        Operation done = world.finish(begun);
        return Optional.of(done).filter(_ -> happened.get());
    }

    private void delete(ArmId vm) {
        Operation deletion =
                other.vms.delete(World.WHO, vm, Precondition.NONE).orElseThrow().operation();
        assertThat(other.finish(deletion).error()).isEmpty();
    }

    private static void succeeded(Operation operation, String when) {
        assertThat(operation.status()).as(when + ": " + operation.error()).isEqualTo(OperationStatus.SUCCEEDED);
    }

    /** One whose disks go with it. */
    private ArmId made(World by, String name) {
        Specs.Vm spec = Specs.vm(name).under(Optional.of(set)).deletedWithVm();
        Operation done = by.finish(
                by.vms.save(World.WHO, spec.build(), Precondition.NONE).operation());
        assertThat(done.error()).isEmpty();
        return spec.id();
    }

    /** A VM that is whole, or whose OS disk does not open. */
    private ArmId vm(String name, boolean damaged) {
        ArmId vm = made(world, name);
        if (damaged) {
            world.faults.put(Fault.of(name, FaultKind.IMAGE_CORRUPT).ofDisk(name + "_os"));
        }
        return vm;
    }

    private void deletedAtEveryStep(boolean damaged) {
        for (int step = 1; ; step++) {
            ArmId vm = vm("a" + step, damaged);
            Optional<Operation> done = verify(step, () -> delete(vm));
            if (done.isEmpty()) {
                assertThat(step).isGreaterThan(5);
                return;
            }
            succeeded(done.get(), "deleted before transaction " + step);
        }
    }

    @Test
    void whatDoesNotOpen_andIsDeletedAtAnyStep_isNotNamed() {
        deletedAtEveryStep(true);
    }

    @Test
    void whatOpens_andIsDeletedAtAnyStep_isNotNamed() {
        deletedAtEveryStep(false);
    }

    private List<ArtifactId> artifacts(ArmId vm) {
        return world.transactions.read(tx -> world.stores.artifacts().ofVm(tx, vm)).stream()
                .map(Artifact::id)
                .toList();
    }

    @Test
    void whatDoesNotOpen_andIsReleasedByADeletion_isNotSaidToOpen_andSpoilsTheProofOfNothingElse() {
        int dropped = 0;
        for (int step = 1; ; step++) {
            ArmId vm = world.vm("a" + step, Optional.of(set));
            List<ArtifactId> closed = artifacts(vm); // its OS disk is the first, and stays without it
            world.faults.put(Fault.of(vm.name(), FaultKind.IMAGE_CORRUPT).ofDisk(vm.name() + "_os"));
            List<ArtifactId> whole = artifacts(world.vm("b" + step, Optional.of(set)));
            Optional<Operation> done = verify(
                    step,
                    () -> assertThat(other.vms.delete(World.WHO, vm, Precondition.NONE))
                            .isPresent());
            Verification.Proof proof = world.deep.last(World.WHO, set).proof().orElseThrow();
            assertThat(closed)
                    .as("deletion begun before transaction " + step)
                    .anyMatch(id -> !proof.answer().opened(id));
            if (done.isEmpty()) {
                assertThat(dropped).as("dropped without being named").isPositive();
                return;
            }
            assertThat(whole).allMatch(proof.answer()::opened);
            if (done.get().status() == OperationStatus.SUCCEEDED) {
                assertThat(proof.leftOut()).as("that are still there").isEqualTo(1);
                dropped++;
            }
            world.faults.clear();
        }
    }

    @Test
    void whatIsDeletedBesideACallOfTheHost_isNotNamed() {
        for (boolean damaged : List.of(true, false)) {
            ArmId before = vm("before" + damaged, damaged);
            ArmId after = vm("after" + damaged, damaged);
            AtomicBoolean deleted = new AtomicBoolean();
            world.talkative.beforeProving = () -> {
                if (deleted.compareAndSet(false, true)) {
                    delete(before);
                }
            };
            world.talkative.whileProving = () -> {
                world.talkative.whileProving = () -> {};
                delete(after);
            };
            succeeded(verify(), "damaged: " + damaged);
        }
    }

    @Test
    void whatDoesNotOpen_andStays_isNamedWhateverIsDeletedBesideIt() {
        vm("b", true);
        for (int step = 1; ; step++) {
            ArmId vm = vm("a" + step, true);
            Optional<ErrorInfo> error =
                    verify(step, () -> delete(vm)).map(done -> done.error().orElseThrow());
            if (error.isEmpty()) {
                return;
            }
            assertThat(error.get().details())
                    .as("deleted before transaction " + step)
                    .singleElement()
                    .extracting(ErrorInfo::message)
                    .asString()
                    .contains("'b_os'");
            assertThat(error.get().message()).startsWith("1 of ");
        }
    }

    /** The key may go with the last artifact under it: nothing refuses that any more. */
    @Test
    void lastArtifactUnderAKey_deletedAtAnyStepWithItsKey_isNotNamed() {
        for (int step = 1; ; step++) {
            ArmId vm = vm("a" + step, false);
            Optional<Operation> done = verify(step, () -> {
                delete(vm);
                world.vault.enable(key, false);
            });
            world.vault.enable(key, true);
            if (done.isEmpty()) {
                return;
            }
            succeeded(done.get(), "deleted with its key before transaction " + step);
        }
    }

    @Test
    void whatIsMadeMeanwhile_isNotNamed_whereverItsCreationEnds() throws InterruptedException {
        for (int step = 1; ; step++) {
            ArmId vm = World.id("Microsoft.Compute/virtualMachines", "a" + step);
            CountDownLatch rowsAreThere = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            other.talkative.around = (call, effect) -> {
                if (call.equals("provision")) {
                    rowsAreThere.countDown();
                    await(goOn);
                }
                effect.run();
            };
            String name = vm.name();
            Thread creation = Thread.ofVirtual().start(() -> made(other, name));
            await(rowsAreThere);
            world.transactions.before(step, () -> {
                goOn.countDown();
                join(creation);
            });
            DeepVerification.Report report = world.deep.verify(set);
            boolean happened = world.transactions.happened();
            goOn.countDown();
            creation.join();
            assertThat(report.problems()).as("made before transaction " + step).isEmpty();
            if (!happened) {
                return;
            }
            other.talkative.around = (_, effect) -> effect.run();
            delete(vm);
        }
    }

    @Test
    void whatTheLastOneFound_isThereAfterARestart_withWhoAskedAndWhichDidNotOpen() {
        vm("whole", false);
        vm("broken", true);
        Operation done = verify();

        Verification.Proof proof =
                world.restarted().deep.last(World.WHO, set).proof().orElseThrow();
        assertThat(proof.verification().id()).isEqualTo(done.id());
        assertThat(proof.verification().requestedBy()).isEqualTo(done.requestedBy());
        assertThat(proof.verification().error()).isEqualTo(done.error());
        assertThat(proof.answer().activeKey()).isEqualTo(key);
        assertThat(proof.answer().failed()).isEqualTo(1);
        assertThat(proof.answer().closed()).hasSize(1);
        assertThat(proof.rotatedSince()).isFalse();
        assertThat(proof.later()).isZero();

        vm("later", false);
        Verification.Proof then = world.deep.last(World.WHO, set).proof().orElseThrow();
        assertThat(then.later()).isEqualTo(2);
        ArtifactId closed = then.answer().closed().iterator().next();
        assertThat(then.answer().opened(closed)).isFalse();
        assertThat(then.answer().opened(then.answer().through()))
                .isNotEqualTo(closed.equals(then.answer().through()));
        assertThat(then.answer().opened(new ArtifactId(then.answer().through().value() + 1)))
                .isFalse();
    }

    @Test
    void rotationThatBeginsAfterwards_makesTheLastOneStale_andOneThatIsCancelledLeavesIt() {
        world.finish(world.power.deallocate(World.WHO, vm("a", false)).operation());
        Operation done = verify();
        Operation cancelled = world.deep.begin(World.WHO, set).operation();
        Operation rotation = other.rotations.begin(World.WHO, KeyChange.Request.of(set, world.vault.create(2)));
        assertThat(world.finish(rotation).error()).isEmpty();
        assertThat(world.operations.find(cancelled.id()).orElseThrow().status()).isEqualTo(OperationStatus.CANCELED);

        Verification.Known known = world.deep.last(World.WHO, set);
        assertThat(known.proof().orElseThrow().verification().id()).isEqualTo(done.id());
        assertThat(known.proof().orElseThrow().answer().activeKey()).isEqualTo(key);
        assertThat(known.proof().orElseThrow().rotatedSince()).isTrue();
        assertThat(known.unanswered()).isEmpty();
    }

    @Test
    void oneThatCannotUnwrap_cameToNoAnswer_andSaysWhy_besideTheLastAnswer() {
        vm("a", false);
        Operation good = verify();
        world.vault.enable(key, false);
        Operation none = verify();
        assertThat(none.status()).isEqualTo(OperationStatus.FAILED);

        Verification.Known known = world.deep.last(World.WHO, set);
        assertThat(known.proof().orElseThrow().verification().id()).isEqualTo(good.id());
        assertThat(known.unanswered().orElseThrow().id()).isEqualTo(none.id());
        assertThat(known.unanswered().orElseThrow().error()).isEqualTo(none.error());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
