package dev.keyturn.server.portal.vms;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A list of VMs.
 *
 * @param total how many match, on all pages
 * @param sorted the column that they are in the order of; by id where it is empty
 * @param following where their states are looked at again
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
        String sorted,
        boolean descending,
        List<Follow> following,
        List<String> sets,
        List<VmAct> acts,
        boolean first,
        Optional<String> next,
        boolean mayCreate) {
    public VmsPage {
        rows = List.copyOf(rows);
        tabs = List.copyOf(tabs);
        following = List.copyOf(following);
        sets = List.copyOf(sets);
        acts = List.copyOf(acts);
    }

    /** VMs of one state, and how many there are. */
    public record Tab(String name, String href, long count, boolean here) {}

    /**
     * Some of the VMs that are shown.
     *
     * @param address the page that has their states
     * @param parts which parts of that take the place of those here
     * @param moving whether one of them is about to be in another state
     */
    public record Follow(String address, String parts, boolean moving) {}

    /** A column whose head sorts by it. */
    public record Column(String name, String key, boolean wide) {}

    public List<Column> columns() {
        return List.of(
                new Column("Name", "name", false),
                new Column("State", "state", false),
                new Column("Disk encryption set", "set", true),
                new Column("Resource group", "", true),
                new Column("Host", "host", true),
                new Column("Since", "", true));
    }

    /** The list in the order of that column; from its end on where it is in that order already. */
    public String by(Column column) {
        return query.sorted((column.key().equals(sorted) && !descending ? "-" : "") + column.key())
                .address();
    }

    /** What is said of the column's order; null where the list is in another one. */
    public @Nullable String order(Column column) {
        if (column.key().isEmpty() || !column.key().equals(sorted)) {
            return null;
        }
        return descending ? "descending" : "ascending";
    }

    /** Whether there is no VM at all, whatever is asked for. */
    public boolean none() {
        return total == 0 && query.isEmpty();
    }
}
