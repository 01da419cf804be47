package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteRulesTest {
    @Test
    void everyPort_saysByItsTypeWhatCameOfAWrite() {
        List<Class<?>> ports = Arrays.stream(SqlStores.class.getRecordComponents())
                .<Class<?>>map(RecordComponent::getType)
                .toList();
        assertThat(ports).hasSizeGreaterThan(10);
        assertThat(ports).flatMap(WriteRules::problems).isEmpty();
    }

    @Test
    void portWithABareBoolean_orWhoseAnswersCanBeOverlooked_isFound() {
        assertThat(WriteRules.problems(Careless.class)).hasSize(2);
        assertThat(WriteRules.problems(Careful.class)).isEmpty();
    }

    @Test
    void miss_thatMayNotBe_isThrown_namingWhatItIsAbout() {
        assertThatCode(() -> Hit.of(true).require("it")).doesNotThrowAnyException();
        assertThatThrownBy(() -> Hit.of(false).require("row 7"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("row 7");
    }

    interface Careless {
        boolean update(Tx tx, String row);
    }

    @CheckReturnValue
    interface Careful {
        Hit update(Tx tx, String row);

        boolean holds(Tx tx, String row);

        void insert(Tx tx, String row);
    }
}
