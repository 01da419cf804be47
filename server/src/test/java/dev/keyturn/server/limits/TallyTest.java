package dev.keyturn.server.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void holder_isBoundByItsShare_andEverybodyByTheWhole() {
        Tally tally = new Tally(3, 2);
        assertThat(tally.enter("a")).isEqualTo(Tally.Entry.IN);
        assertThat(tally.enter("a")).isEqualTo(Tally.Entry.IN);
        assertThat(tally.enter("a")).isEqualTo(Tally.Entry.HOLDER_FULL);
        assertThat(tally.enter("b")).isEqualTo(Tally.Entry.IN);
        assertThat(tally.enter("c")).isEqualTo(Tally.Entry.FULL);
        tally.leave("a");
        assertThat(tally.enter("c")).isEqualTo(Tally.Entry.IN);
        assertThat(tally.all()).isEqualTo(3);
        assertThatThrownBy(() -> tally.leave("d")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void budget_isTakenWholeOrNotAtAll() {
        Budget budget = new Budget(10);
        assertThat(budget.take(8)).isTrue();
        assertThat(budget.take(3)).isFalse();
        assertThat(budget.held()).isEqualTo(8);
        assertThat(budget.take(2)).isTrue();
        budget.give(10);
        assertThat(budget.held()).isZero();
        assertThatThrownBy(() -> budget.give(1)).isInstanceOf(IllegalStateException.class);
    }
}
