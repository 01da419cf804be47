package dev.keyturn.keys.software;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Optional<String> SERVER = Optional.empty();
    private static final Optional<String> ANN = Optional.of("ann");
    private static final Optional<String> BOB = Optional.of("bob");

    private final Turns<String> turns = new Turns<>(200, 120, 120, 1);

    @Test
    void principalWithOne_isNextAfterTheOneWithMany() {
        for (int i = 0; i < 120; i++) {
            assertThat(turns.offer(ANN, "ann" + i)).isTrue();
        }
        assertThat(turns.offer(BOB, "bob")).isTrue();
        assertThat(order(3)).containsExactly("ann0", "bob", "ann1");
    }

    @Test
    void serversOwnWork_hasEverySecondTurn() {
        for (int i = 0; i < 3; i++) {
            assertThat(turns.offer(ANN, "ann" + i)).isTrue();
            assertThat(turns.offer(BOB, "bob" + i)).isTrue();
            assertThat(turns.offer(SERVER, "own" + i)).isTrue();
        }
        assertThat(order(9)).containsExactly("own0", "ann0", "own1", "bob0", "own2", "ann1", "bob1", "ann2", "bob2");
    }

    @Test
    void principalThatHasItsShare_isRefused_untilOneOfItsIsDone() {
        Turns<String> small = new Turns<>(10, 2, 2, 1);
        assertThat(small.offer(ANN, "1")).isTrue();
        assertThat(small.offer(ANN, "2")).isTrue();
        assertThat(small.offer(ANN, "3")).isFalse();
        assertThat(small.offer(BOB, "4")).isTrue();
        assertThat(small.next()).contains("1");
        assertThat(small.offer(ANN, "3")).as("the first is under way").isFalse();
        small.done(ANN);
        assertThat(small.offer(ANN, "3")).isTrue();
    }

    @Test
    void spareWork_comesWhenNothingElseMayBegin() {
        Turns<String> narrow = new Turns<>(10, 5, 1, 1);
        narrow.offerSpare("bob", "spare of bob");
        narrow.offerSpare("cee", "spare of cee");
        assertThat(narrow.offer(ANN, "ann0")).isTrue();
        assertThat(narrow.offer(ANN, "ann1")).isTrue();
        assertThat(narrow.offer(SERVER, "own")).isTrue();
        assertThat(narrow.next()).contains("own");
        assertThat(narrow.next()).contains("ann0");
        assertThat(narrow.next()).as("ann has one under way").contains("spare of bob");
        assertThat(narrow.next()).as("one thread is not for spare work").isEmpty();
        narrow.doneSpare("bob");
        assertThat(narrow.next()).contains("spare of cee");
        assertThat(narrow.waiting()).isEqualTo(1);
    }

    @Test
    void spareWork_forAPrincipalThatHasOther_waitsForThat() {
        turns.offerSpare("ann", "spare of ann");
        assertThat(turns.offer(ANN, "ann0")).isTrue();
        assertThat(turns.next()).contains("ann0");
        assertThat(turns.next()).as("it is under way").isEmpty();
        turns.offerSpare("bob", "spare of bob");
        assertThat(turns.next()).contains("spare of bob");
        turns.doneSpare("bob");
        turns.done(ANN);
        assertThat(turns.next()).contains("spare of ann");
    }

    @Test
    void spareWork_countsAmongWhatOnePrincipalHasUnderWay() {
        Turns<String> narrow = new Turns<>(10, 5, 1, 2);
        narrow.offerSpare("ann", "spare0");
        narrow.offerSpare("ann", "spare1");
        assertThat(narrow.next()).contains("spare0");
        assertThat(narrow.offer(ANN, "ann0")).isTrue();
        assertThat(narrow.next()).isEmpty();
        narrow.doneSpare("ann");
        assertThat(narrow.next()).contains("ann0");
        narrow.done(ANN);
        assertThat(narrow.next()).contains("spare1");
    }

    @Test
    void everybodyTogether_haveABoundToo() {
        Turns<String> small = new Turns<>(2, 2, 2, 1);
        assertThat(small.offer(ANN, "1")).isTrue();
        assertThat(small.offer(SERVER, "2")).isTrue();
        assertThat(small.offer(BOB, "3")).isFalse();
        assertThat(small.offer(SERVER, "4")).isFalse();
    }

    @Test
    void principalThatOccupiesItsShare_isPassedOver_untilOneIsDone() {
        Turns<String> narrow = new Turns<>(10, 10, 1, 1);
        assertThat(narrow.offer(ANN, "ann1")).isTrue();
        assertThat(narrow.offer(ANN, "ann2")).isTrue();
        assertThat(narrow.next()).contains("ann1");
        assertThat(narrow.next()).isEmpty();
        assertThat(narrow.offer(BOB, "bob")).isTrue();
        assertThat(narrow.offer(SERVER, "own")).isTrue();
        assertThat(narrow.next()).contains("own");
        assertThat(narrow.next()).contains("bob");
        narrow.done(ANN);
        assertThat(narrow.next()).contains("ann2");
        assertThat(narrow.waiting()).isZero();
    }

    @Test
    void dropped_leavesItsPlace_butNotWhenItHasBegun() {
        Turns<String> small = new Turns<>(10, 1, 1, 1);
        assertThat(small.offer(ANN, "1")).isTrue();
        assertThat(small.drop(ANN, "1")).isTrue();
        assertThat(small.drop(ANN, "1")).isFalse();
        assertThat(small.next()).isEmpty();
        assertThat(small.offer(ANN, "2")).isTrue();
        assertThat(small.next()).contains("2");
        assertThat(small.drop(ANN, "2")).isFalse();
        assertThat(small.waiting()).isZero();
    }

    private List<String> order(int count) {
        List<String> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(turns.next().orElseThrow());
        }
        return out;
    }
}
