package dev.keyturn.server.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharesTest {
    private final Shares shares = new Shares(10, 6);

    @Test
    void holder_isBoundByItsShare_andEverybodyByTheWhole() {
        assertThat(shares.take("ann", 6)).isEqualTo(Tally.Entry.IN);
        assertThat(shares.take("ann", 1)).isEqualTo(Tally.Entry.HOLDER_FULL);
        assertThat(shares.take("bob", 5)).isEqualTo(Tally.Entry.FULL);
        assertThat(shares.take("bob", 4)).isEqualTo(Tally.Entry.IN);
        shares.give("ann", 2);
        assertThat(shares.take("bob", 2)).isEqualTo(Tally.Entry.IN);
        assertThat(shares.held()).isEqualTo(10);
    }

    @Test
    void givingBackMoreThanWasTaken_isABug() {
        assertThat(shares.take("ann", 3)).isEqualTo(Tally.Entry.IN);
        shares.give("ann", 3);
        assertThatThrownBy(() -> shares.give("ann", 1)).isInstanceOf(IllegalStateException.class);
    }
}
