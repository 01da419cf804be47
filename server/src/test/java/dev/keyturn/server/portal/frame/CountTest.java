package dev.keyturn.server.portal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountTest {
    @Test
    void oneIsSingular_anythingElsePlural_thousandsAreParted() {
        assertThat(Count.of(1, "VM")).isEqualTo("1 VM");
        assertThat(Count.of(0, "VM")).isEqualTo("0 VMs");
        assertThat(Count.of(20_000, "VM has a fault", "VMs have a fault")).isEqualTo("20,000 VMs have a fault");
    }
}
