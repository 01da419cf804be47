package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.key;
import static dev.keyturn.store.Samples.setId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.rotation.Rotation;
import dev.keyturn.core.verification.Verification;
import dev.keyturn.core.verification.Verification.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class VerificationStoreContract extends StoreContract {
    private static final ArmId SET = setId("Des1");
    private final List<Artifact> artifacts = new ArrayList<>();

    @BeforeEach
    void insertSet() {
        run(tx -> {
            SetKey.Customer key = samples.insertSet(tx, "Des1");
            artifacts.addAll(samples.insertVm(tx, "vm1", key));
            samples.insertSet(tx, "Other");
        });
    }

    private Verification.Known known() {
        return read(tx -> stores.verifications().of(tx, SET));
    }

    private void ended(Verification verification) {
        run(tx -> stores.verifications().ended(tx, SET, verification));
    }

    private static Verification with(Optional<ErrorInfo> error, Optional<Answer> answer) {
        return new Verification(new OperationId(UUID.randomUUID()), "Ada", NOW, NOW.plusSeconds(9), error, answer);
    }

    private Answer answer(long through, Set<ArtifactId> closed) {
        return new Answer(key("CMK", 1), 2, new ArtifactId(through), 7, closed.size(), closed, Set.of());
    }

    private Verification good() {
        return with(
                Optional.empty(), Optional.of(answer(artifacts.getLast().id().value(), Set.of())));
    }

    @Test
    void lastAnswer_isKeptWhole_andNoOtherSets() {
        assertThat(known()).isEqualTo(new Verification.Known(Optional.empty(), Optional.empty()));
        ended(good());
        Verification bad = with(
                Optional.of(ErrorInfo.at("/vm", "ArtifactsDoNotOpen", "2 of 9")),
                Optional.of(answer(artifacts.getLast().id().value(), Set.of(new ArtifactId(3), new ArtifactId(44)))));
        ended(bad);

        assertThat(known().proof())
                .contains(new Verification.Proof(bad, bad.answer().orElseThrow(), false, 0, 0));
        assertThat(read(tx -> stores.verifications().of(tx, setId("OTHER"))).proof())
                .isEmpty();
    }

    @Test
    void oneWithoutAnAnswer_leavesTheLastAnswer_untilThereIsAnotherOne() {
        Verification good = good();
        ended(good);
        Verification none =
                with(Optional.of(ErrorInfo.of("KeyUnavailable", "the vault did not answer")), Optional.empty());
        ended(none);
        assertThat(known().unanswered()).contains(none);
        assertThat(known().proof().map(Verification.Proof::verification)).contains(good);

        Verification again = good();
        ended(again);
        assertThat(known().unanswered()).isEmpty();
        assertThat(known().proof().map(Verification.Proof::verification)).contains(again);
    }

    @Test
    void rotationThatBeginsLater_andArtifactsThatComeLater_areSaid() {
        run(tx -> stores.rotations().insert(tx, rotation()));
        ended(good());
        assertThat(known().proof().orElseThrow().rotatedSince()).isFalse();

        run(tx -> stores.rotations().insert(tx, rotation()));
        run(tx -> {
            SetKey.Customer key = stores.setKeys().inUse(tx, SET).getFirst();
            assertThat(samples.insertVm(tx, "vm2", key)).hasSize(2);
        });
        assertThat(known().proof().orElseThrow().rotatedSince()).isTrue();
        assertThat(known().proof().orElseThrow().later()).isEqualTo(2);
    }

    @Test
    void whatIsLeftOut_isKept_andOfThatIsCountedWhatIsThere() {
        ArtifactId there = artifacts.getFirst().id();
        Answer answer = new Answer(
                key("CMK", 1),
                0,
                artifacts.getLast().id(),
                7,
                0,
                Set.of(),
                Set.of(there, new ArtifactId(artifacts.getLast().id().value() + 100)));
        ended(with(Optional.empty(), Optional.of(answer)));
        Verification.Proof proof = known().proof().orElseThrow();
        assertThat(proof.answer()).isEqualTo(answer);
        assertThat(proof.leftOut()).isEqualTo(1);
        assertThat(answer.opened(there)).isFalse();
        assertThat(answer.opened(artifacts.getLast().id())).isTrue();
    }

    @Test
    void whatWasNotLookedAt_isKept_withItsHosts_andIsNotOpen() {
        ArtifactId there = artifacts.getFirst().id();
        Verification.Unseen unseen = new Verification.Unseen(
                1,
                Set.of(there),
                Map.of(
                        "h1", ErrorInfo.at("h1", "HostNotReachable", "It is away."),
                        "h2", ErrorInfo.of("HostStorageFailed", "Its disk is full.")));
        Answer answer = new Answer(key("CMK", 1), 0, artifacts.getLast().id(), 7, 0, Set.of(), Set.of(), unseen);
        ended(with(Optional.empty(), Optional.of(answer)));
        assertThat(known().proof().orElseThrow().answer()).isEqualTo(answer);
        assertThat(answer.opened(there)).isFalse();
        assertThat(answer.opened(artifacts.getLast().id())).isTrue();
        assertThat(new Answer(
                                key("CMK", 1),
                                0,
                                artifacts.getLast().id(),
                                7,
                                0,
                                Set.of(),
                                Set.of(),
                                new Verification.Unseen(2, Set.of(there), Map.of()))
                        .opened(artifacts.getLast().id()))
                .as("where not all are known one by one")
                .isFalse();
    }

    @Test
    void setThatIsGone_takesItsVerificationAlong_andGetsNone() {
        ArmId other = setId("Other");
        run(tx -> stores.verifications().ended(tx, other, good()));
        assertThat(did(tx -> stores.diskSets().delete(tx, other))).isTrue();
        run(tx -> samples.insertSet(tx, "Other"));
        assertThat(read(tx -> stores.verifications().of(tx, other)).proof()).isEmpty();

        run(tx -> stores.verifications().ended(tx, setId("never"), good()));
        assertThat(read(tx -> stores.verifications().of(tx, setId("never"))).proof())
                .isEmpty();
    }

    private static Rotation rotation() {
        return new Rotation(
                new OperationId(UUID.randomUUID()),
                SET,
                key("CMK", 1),
                key("CMK", 2),
                Optional.empty(),
                false,
                "admin",
                Optional.empty(),
                new ArtifactId(0),
                0,
                0,
                0,
                NOW,
                Optional.empty());
    }
}
