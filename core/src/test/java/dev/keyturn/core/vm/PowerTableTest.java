package dev.keyturn.core.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PowerTableTest {
    /** Columns in the order of {@link PowerState}; {@code -} is refused. */
    private static final Map<PowerEvent, String> EXPECTED = Map.ofEntries(
            //                                   starting running stopping stopped deallocating deallocated
            Map.entry(PowerEvent.START_ASKED, "- running - starting - starting"),
            Map.entry(PowerEvent.HOST_STARTED, "running running - - - -"),
            Map.entry(PowerEvent.START_FAILED, "stopped - - - - -"),
            Map.entry(PowerEvent.POWER_OFF_ASKED, "- stopping - stopped - deallocated"),
            Map.entry(PowerEvent.DEALLOCATE_ASKED, "- deallocating - deallocating - deallocated"),
            Map.entry(PowerEvent.RESTART_ASKED, "- stopping - - - -"),
            Map.entry(PowerEvent.RESTART_STOPPED, "- - starting - - -"),
            Map.entry(PowerEvent.HOST_STOPPED, "- - stopped - deallocated -"),
            Map.entry(PowerEvent.STOP_FAILED, "- - running - running -"),
            Map.entry(PowerEvent.HOST_SAYS_RUNNING, "- - - running - running"),
            Map.entry(PowerEvent.HOST_SAYS_STOPPED, "- stopped - - - -"));

    @Test
    void everyPairOfStateAndEvent_isAsTheDesignSays() {
        for (PowerEvent event : PowerEvent.values()) {
            String row = Arrays.stream(PowerState.values())
                    .map(s -> PowerTable.next(s, event)
                            .map(n -> n.name().toLowerCase(Locale.ROOT))
                            .orElse("-"))
                    .collect(Collectors.joining(" "));
            assertThat(row).as(event.name()).isEqualTo(EXPECTED.get(event));
        }
    }

    @Test
    void refusal_namesVmStateAndWhatWasAsked() {
        ArmId vm = new ArmId("s", "g", ConfidentialVm.TYPE, "web");
        assertThatThrownBy(() -> PowerTable.require(vm, PowerState.STOPPING, PowerEvent.START_ASKED))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("'web'")
                .hasMessageContaining("PowerState/stopping")
                .hasMessageContaining("started");
    }

    @Test
    void everyTransitionalState_isLeftByAFailure() {
        Map<PowerState, PowerEvent> failure = Map.of(
                PowerState.STARTING, PowerEvent.START_FAILED,
                PowerState.STOPPING, PowerEvent.STOP_FAILED,
                PowerState.DEALLOCATING, PowerEvent.STOP_FAILED);
        List<PowerState> rest = List.of(PowerState.RUNNING, PowerState.STOPPED, PowerState.DEALLOCATED);
        failure.forEach((state, event) ->
                assertThat(PowerTable.next(state, event).orElseThrow()).isIn(rest));
    }
}
