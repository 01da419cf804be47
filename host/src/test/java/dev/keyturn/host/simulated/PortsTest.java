package dev.keyturn.host.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.store.WriteRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void everyPort_saysByItsTypeWhatCameOfAWrite() {
        assertThat(Stream.of(FaultStore.class, SimulatedMachines.class))
                .flatMap(WriteRules::problems)
                .isEmpty();
    }
}
