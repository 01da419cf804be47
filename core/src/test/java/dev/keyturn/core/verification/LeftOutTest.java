package dev.keyturn.core.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.ArtifactId;
import org.junit.jupiter.api.Test;

class LeftOutTest {
    @Test
    void aFew_areKept_andTakeNothingFromWhatIsBehindThem() {
        LeftOut left = new LeftOut();
        left.add(7);
        left.add(3);
        left.add(7);
        assertThat(left.ids()).containsExactlyInAnyOrder(new ArtifactId(3), new ArtifactId(7));
        assertThat(left.through(300_000)).isEqualTo(new ArtifactId(300_000));
    }

    @Test
    void moreThanAreKept_endTheProofBeforeTheLowestThatIsNot_inWhateverOrderTheyCome() {
        LeftOut left = new LeftOut();
        int kept = Verification.Answer.LEFT_OUT;
        for (long id = 2L * (kept + 5); id > 0; id -= 2) {
            left.add(id);
        }
        assertThat(left.ids()).hasSize(kept).contains(new ArtifactId(2), new ArtifactId(2L * kept));
        assertThat(left.through(300_000)).isEqualTo(new ArtifactId(2L * (kept + 1) - 1));
    }

    @Test
    void copy_goesItsOwnWay() {
        LeftOut left = new LeftOut();
        left.add(1);
        LeftOut copy = left.copy();
        copy.add(2);
        assertThat(left.ids()).containsExactly(new ArtifactId(1));
        assertThat(copy.ids()).hasSize(2);
    }
}
