package dev.keyturn.server.portal.vms;

import java.util.List;
import java.util.Optional;

/**
 * VMs that something was done to, as they are now.
 *
 * @param outcome what the request led to, where this answers it
 * @param address of this list, to be fetched again
 * @param more how many there are beside those shown
 */
public record VmResultPage(
        String title,
        Optional<Outcome> outcome,
        List<VmRow> rows,
        List<Gone> gone,
        String address,
        int more,
        boolean moving) {
    public VmResultPage {
        rows = List.copyOf(rows);
        gone = List.copyOf(gone);
    }

    /** A VM that is not there, or not any more; {@code tag} is as {@link VmRow#tag}. */
    public record Gone(String name, String tag) {}

    /**
     * What came of each VM.
     *
     * @param unnamed how many were refused beside those named
     * @param capped whether more matched than one request takes
     */
    public record Outcome(
            VmAct act, int begun, int nothing, int refused, List<Refused> named, int unnamed, boolean capped) {
        public Outcome {
            named = List.copyOf(named);
        }
    }

    /** A VM that was left as it was, and why. */
    public record Refused(String name, String href, String reason) {}

    /** How many of those shown are in which state, in the order of the list. */
    public List<State> states() {
        return rows.stream()
                .map(VmRow::state)
                .distinct()
                .map(s -> new State(
                        s, rows.stream().filter(r -> r.state().equals(s)).count()))
                .toList();
    }

    /** VMs that share a state. */
    public record State(VmLook look, long count) {}
}
