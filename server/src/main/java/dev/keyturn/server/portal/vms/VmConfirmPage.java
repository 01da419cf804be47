package dev.keyturn.server.portal.vms;

import java.util.List;

/**
 * What stopping many VMs would do, before it does.
 *
 * @param vms all of them, as the form brings them back
 * @param counts how many are in which state, and what becomes of those
 * @param shown the first names
 * @param more how many there are beside those
 * @param capped whether more match than one request takes
 */
public record VmConfirmPage(
        VmAct act,
        String vms,
        int total,
        List<Count> counts,
        List<String> shown,
        int more,
        boolean capped,
        String back) {
    public VmConfirmPage {
        counts = List.copyOf(counts);
        shown = List.copyOf(shown);
    }

    /** VMs that share a state. */
    public record Count(VmLook state, long count, String becomes) {}
}
