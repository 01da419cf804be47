package dev.keyturn.server.portal.vms;

import java.util.List;
import java.util.Optional;

/**
 * A list of VMs.
 *
 * @param total how many match, on all pages
 * @param sets what can be asked for
 * @param acts what the person may do with some of these
 * @param first whether it is the first page
 * @param next the address of the next page
 * @param mayCreate whether the person may make one wherever they want
 */
public record VmsPage(
        VmQuery query,
        List<VmRow> rows,
        long total,
        List<Tab> tabs,
        List<String> sets,
        List<VmAct> acts,
        boolean first,
        Optional<String> next,
        boolean mayCreate) {
    public VmsPage {
        rows = List.copyOf(rows);
        tabs = List.copyOf(tabs);
        sets = List.copyOf(sets);
        acts = List.copyOf(acts);
    }

    /** VMs of one state, and how many there are. */
    public record Tab(String name, String href, long count, boolean here) {}

    /** Whether there is no VM at all, whatever is asked for. */
    public boolean none() {
        return total == 0 && query.isEmpty();
    }
}
