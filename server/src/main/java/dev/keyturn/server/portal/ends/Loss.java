package dev.keyturn.server.portal.ends;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What would break without a key, or without one of its versions.
 *
 * @param any whether anything would
 * @param active whether it is the active key of a set, named or not
 * @param coming whether a set, named or not, is being changed to it
 * @param artifacts how many of all sets are under it
 * @param sets the sets that need it, as far as they are named
 * @param moreSets how many others do
 * @param machines the VMs that need it, as far as they are named: those that run first
 * @param vms how many there are
 * @param running how many of them run, and are shut down after {@code grace}
 * @param blind why not all of this can be told, and what would allow it
 */
public record Loss(
        boolean any,
        boolean active,
        boolean coming,
        long artifacts,
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
    public record SetNeed(String name, String href, boolean active, boolean coming, long artifacts) {}

    /** A VM and the word for its state. */
    public record VmNeed(String name, String href, String state) {}

    /** What a page carries of this, to be asked about by {@link #isBeyond}. */
    public String shown() {
        return counts().map(String::valueOf).collect(Collectors.joining("."));
    }

    /** Whether more would break than a page told that carried {@code shown}; a page that carries nothing told nothing. */
    public boolean isBeyond(String shown) {
        String[] told = shown.split("\\.", -1);
        List<Long> now = counts().toList();
        if (told.length != now.size()) {
            return any;
        }
        for (int i = 0; i < told.length; i++) {
            if (!told[i].matches("[0-9]{1,18}") || now.get(i) > Long.parseLong(told[i])) {
                return true;
            }
        }
        return false;
    }

    private Stream<Long> counts() {
        return Stream.of(any ? 1L : 0, active ? 1L : 0, coming ? 1L : 0, artifacts, vms, running);
    }

    public long otherVms() {
        return vms - machines.size();
    }
}
