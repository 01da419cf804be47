package dev.keyturn.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void whatIsWrong_isNamedAllAtOnce() {
        assertThatThrownBy(() -> Plan.parse(List.of(
                        "--rounds",
                        "many",
                        "--nodes",
                        "3",
                        "--faults",
                        "kill,flood",
                        "--database",
                        "embedded",
                        "--fast")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--rounds must be a whole number, not 'many'")
                .hasMessageContaining("several need --database postgresql")
                .hasMessageContaining("there is no fault 'flood'")
                .hasMessageContaining("--fast needs a value")
                .hasMessageContaining("usage: bench/faults");
    }

    @Test
    void theCommandOfOneRound_drawsTheSameFault() {
        Plan plan = Plan.parse(List.of("--minutes", "60", "--seed", "40", "--faults", "kill"));
        assertThat(plan.command(47)).isEqualTo("bench/faults --rounds 1 --seed 47 --faults kill");
        Plan again = Plan.parse(List.of("--rounds", "1", "--seed", "47", "--faults", "kill"));
        assertThat(again.seed()).isEqualTo(47);
        assertThat(again.goesOn(1, 0)).isFalse();
        assertThat(plan.goesOn(5, 3_599)).isTrue();
    }
}
