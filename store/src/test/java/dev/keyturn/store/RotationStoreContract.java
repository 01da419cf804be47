package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.id;
import static dev.keyturn.store.Samples.key;
import static dev.keyturn.store.Samples.setId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.rotation.Rotation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

abstract class RotationStoreContract extends StoreContract {
    @Test
    void update_storesTargetCursorAndCounts() {
        Rotation begun = rotation(0);
        run(tx -> stores.rotations().insert(tx, begun));
        assertThat(one(tx -> stores.rotations().find(tx, begun.id()))).contains(begun);

        Rotation later = begun.under(new SetKeyId(UUID.randomUUID()), 900)
                .past(new ArtifactId(77), 70, 7)
                .reached(NOW.plusSeconds(1));
        run(tx -> stores.rotations().update(tx, later));

        assertThat(one(tx -> stores.rotations().find(tx, begun.id()))).contains(later);
        assertThatThrownBy(() -> run(tx -> stores.rotations().update(tx, rotation(1))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ofSet_isNewestFirst() {
        Rotation old = rotation(1);
        Rotation young = rotation(2);
        run(tx -> List.of(old, young).forEach(r -> stores.rotations().insert(tx, r)));

        assertThat(many(tx -> stores.rotations().ofSet(tx, setId("DES1"), 9))).containsExactly(young, old);
        assertThat(many(tx -> stores.rotations().ofSet(tx, setId("des1"), 1))).containsExactly(young);
        assertThat(many(tx -> stores.rotations().ofSet(tx, setId("des2"), 9))).isEmpty();
    }

    @Test
    void ofSet_afterTheClockWasSetBack_isStillNewestFirst() {
        Rotation old = rotation(900);
        Rotation young = rotation(2);
        run(tx -> List.of(old, young).forEach(r -> stores.rotations().insert(tx, r)));

        assertThat(many(tx -> stores.rotations().ofSet(tx, setId("DES1"), 9))).containsExactly(young, old);
    }

    @Test
    void update_withAnEndBeforeTheStart_endsAtTheStart() {
        Rotation begun = rotation(900);
        run(tx -> stores.rotations().insert(tx, begun));
        run(tx -> stores.rotations().update(tx, begun.reached(NOW)));

        assertThat(one(tx -> stores.rotations().find(tx, begun.id())))
                .get()
                .extracting(Rotation::endedAt)
                .isEqualTo(Optional.of(begun.startedAt()));
    }

    @Test
    void failures_keepTheNewestReasonOfEachArtifact() {
        Rotation rotation = rotation(0);
        run(tx -> stores.rotations().insert(tx, rotation));
        run(tx -> stores.rotations().addFailures(tx, rotation.id(), List.of(problem(9, "a"), problem(3, "b"))));
        run(tx -> stores.rotations().addFailures(tx, rotation.id(), List.of(problem(9, "c"))));
        run(tx -> stores.rotations().addFailures(tx, rotation.id(), List.of()));

        assertThat(many(tx -> stores.rotations().failures(tx, rotation.id(), 10)))
                .containsExactly(problem(3, "b"), problem(9, "c"));
        assertThat(many(tx -> stores.rotations().failures(tx, rotation.id(), 1)))
                .hasSize(1);
    }

    private static ImageProblem problem(long artifact, String why) {
        return new ImageProblem(new ArtifactId(artifact), ErrorInfo.at("/vm", "ImageInUse", why));
    }

    private static Rotation rotation(int second) {
        return new Rotation(
                new OperationId(UUID.randomUUID()),
                setId("Des1"),
                key("CMK", 1),
                key("CMK", 2),
                Optional.of(id("Microsoft.KeyVault/managedHSMs", "hsm1")),
                true,
                "admin",
                Optional.empty(),
                new ArtifactId(0),
                0,
                0,
                0,
                NOW.plusSeconds(second),
                Optional.empty());
    }
}
