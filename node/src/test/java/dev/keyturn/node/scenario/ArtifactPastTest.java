package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.rotation.ArtifactPast.Opened;
import dev.keyturn.core.rotation.ArtifactPast.Past;
import dev.keyturn.core.rotation.ArtifactPast.Proof;
import dev.keyturn.core.vm.VmStore;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an artifact opened last follows from what is kept, and what does not follow is not said. */
class ArtifactPastTest extends Scenario {
    private KeyId key;
    private ArmId set;
    private ArmId vm;

    @BeforeEach
    void open() {
        key = world.vault.create(1);
        set = world.set("des", key);
        vm = world.vm("a", Optional.of(set));
    }

    private Past past() {
        return world.node.services().past().of(World.WHO, vm);
    }

    private List<Proof> proofs() {
        return past().opened().values().stream().map(Opened::proof).distinct().toList();
    }

    private Operation rotate(int version) {
        return world.finish(world.rotations.begin(World.WHO, KeyChange.Request.of(set, world.vault.create(version))));
    }

    private void stopped() {
        world.pass(Duration.ofMinutes(1));
        world.finish(world.power.powerOff(World.WHO, vm, false).operation());
        world.pass(Duration.ofMinutes(1));
    }

    @Test
    void lastStart_isAProof_alsoWhenTheVmIsOffAgain() {
        Operation made = past().operations().getFirst();
        assertThat(made.kind()).isEqualTo(OperationKind.CREATE_VM);
        assertThat(past().opened()).hasSize(2);
        assertThat(past().opened().values())
                .containsOnly(new Opened(made.endedAt().orElseThrow(), true, Proof.START, Optional.of("tester")));
        stopped();
        assertThat(past().operations()).extracting(Operation::kind).startsWith(OperationKind.POWER_OFF_VM);
        assertThat(past().opened().values())
                .containsOnly(new Opened(made.endedAt().orElseThrow(), true, Proof.START, Optional.of("tester")));
        assertThat(past().byItself()).isFalse();
    }

    @Test
    void startOfAVmThatRuns_isNoProof_becauseNoHostWasAsked() {
        Map<ArtifactId, Opened> before = past().opened();
        world.pass(Duration.ofMinutes(1));
        Operation nothing = world.power.start(World.WHO, vm).operation();
        assertThat(nothing.status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(past().operations()).startsWith(nothing);
        assertThat(past().opened()).isEqualTo(before);
    }

    @Test
    void rotationThatSealedTheEnvelope_isALaterProof_thanTheStartBeforeIt() {
        stopped();
        Operation rotation = rotate(2);
        assertThat(rotation.error()).isEmpty();
        assertThat(past().opened().values()).allSatisfy(o -> {
            assertThat(o.proof()).isIn(Proof.ROTATION, Proof.ROTATION_AND_IMAGE);
            assertThat(o.exact()).isTrue();
            assertThat(o.at()).isEqualTo(rotation.endedAt().orElseThrow());
        });
    }

    @Test
    void artifactThatKeptItsOldKey_isNotProvenByTheRotation_andOneOfSeveralTries_isNotToldApart() {
        stopped();
        world.faults.put(Fault.of("a", FaultKind.UPDATE_REFUSED).ofDisk("a_os"));
        Operation failed = rotate(2);
        assertThat(failed.error()).isPresent();
        assertThat(proofs()).hasSize(2).contains(Proof.START);

        world.faults.clear();
        world.pass(Duration.ofMinutes(1));
        assertThat(rotate(2).error()).isEmpty();
        assertThat(past().opened().values()).allSatisfy(o -> {
            assertThat(o.exact()).isFalse();
            assertThat(o.at()).isEqualTo(failed.startedAt());
        });
    }

    @Test
    void verificationOfTheSet_provesWhatWasThereBeforeIt_andNotWhatDidNotOpen() {
        stopped();
        world.faults.put(Fault.of("a", FaultKind.IMAGE_CORRUPT).ofDisk("a_os"));
        Operation verified = world.finish(world.deep.begin(World.WHO, set).operation());
        assertThat(verified.error()).isPresent();
        assertThat(past().opened().values())
                .extracting(Opened::proof)
                .containsExactlyInAnyOrder(Proof.VERIFICATION, Proof.START);
    }

    @Test
    void crash_isBesideWhatWasDone_untilTheNextStart() {
        world.pass(Duration.ofMinutes(1));
        world.talkative.crashGuest(
                world.vms.get(World.WHO, vm).vm().vmId(), ErrorInfo.of("GuestCrashed", "The guest's kernel panicked."));
        assertThat(world.reconciler().runOnce(world.clock.instant()).foundStopped())
                .isEqualTo(1);
        assertThat(past().byItself()).isTrue();
        Instant first = world.clock.instant();

        world.pass(Duration.ofMinutes(1));
        assertThat(world.finish(world.power.start(World.WHO, vm).operation()).error())
                .isEmpty();
        assertThat(past().byItself()).isFalse();
        assertThat(past().operations()).extracting(Operation::kind).startsWith(OperationKind.START_VM);

        world.pass(Duration.ofMinutes(1));
        world.talkative.crashGuest(
                world.vms.get(World.WHO, vm).vm().vmId(), ErrorInfo.of("GuestCrashed", "The guest crashed again."));
        assertThat(world.reconciler().runOnce(world.clock.instant()).foundStopped())
                .isEqualTo(1);
        assertThat(past().crashes())
                .as("the one before is known still")
                .extracting(VmStore.Crash::at, c -> c.reason().message())
                .containsExactly(
                        tuple(world.clock.instant(), "The guest crashed again."),
                        tuple(first, "The guest's kernel panicked."));
    }

    @Test
    void whatNobodyKnowsAnyMore_isNotSaid() {
        stopped();
        world.pass(Duration.ofDays(40));
        assertThat(world.operations.forgetOld(world.clock.instant())).isPositive();
        assertThat(past()).isEqualTo(new Past(List.of(), Map.of(), false, List.of()));
    }
}
