package dev.keyturn.server.portal.vaults;

import java.util.List;
import java.util.Optional;

/**
 * What would break without a key, or without one of its versions.
 *
 * @param any whether anything would
 * @param sets the sets that need it, as far as they are named
 * @param moreSets how many others do
 * @param machines the VMs that need it, as far as they are named: those that run first
 * @param vms how many there are
 * @param running how many of them run, and are shut down after {@code grace}
 * @param blind why not all of this can be told, and what would allow it
 */
public record Loss(
        boolean any,
        List<SetNeed> sets,
        long moreSets,
        List<VmNeed> machines,
        long vms,
        long running,
        String grace,
        Optional<String> blind) {
    public Loss {
        sets = List.copyOf(sets);
        machines = List.copyOf(machines);
    }

    /** A set, and why it needs it. */
    public record SetNeed(String name, String href, boolean active, long artifacts) {}

    /** A VM and the word for its state. */
    public record VmNeed(String name, String href, String state) {}

    public long artifacts() {
        return sets.stream().mapToLong(SetNeed::artifacts).sum();
    }

    /** Whether it is the active key of one of the sets. */
    public boolean active() {
        return sets.stream().anyMatch(SetNeed::active);
    }

    public long otherVms() {
        return vms - machines.size();
    }
}
