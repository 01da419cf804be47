package dev.keyturn.core.fleet;

import dev.keyturn.core.host.PowerState;
import java.util.Map;

/** How many VMs are in each power state; a state that none is in may be left out. Immutable. */
public record VmCounts(Map<PowerState, Long> byState) {
    public VmCounts {
        byState = Map.copyOf(byState);
    }

    public long total() {
        return byState.values().stream().mapToLong(n -> n).sum();
    }

    public long of(PowerState state) {
        return byState.getOrDefault(state, 0L);
    }

    public long of(VmFilter.Powered group) {
        return group.states().stream().mapToLong(this::of).sum();
    }
}
