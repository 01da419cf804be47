package dev.keyturn.server.portal.vms;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.fleet.VmFilter;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.server.portal.frame.Links;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a list of VMs is asked for, as its address and its forms say it. All are empty where nothing is asked.
 *
 * @param q text in the name
 * @param state a group of power states in lower case, or {@link #FAULT}
 * @param set {@code group/name}
 */
public record VmQuery(String q, String state, String set) {
    static final String FAULT = "fault";

    static VmQuery of(Function<String, Optional<String>> fields) {
        return new VmQuery(
                fields.apply("q").orElse("").strip(),
                fields.apply("state").orElse("").strip().toLowerCase(Locale.ROOT),
                fields.apply("set").orElse("").strip());
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} where it asks for a state or a set that can be none */
    VmFilter filter(VmNames names) {
        VmFilter filter = withoutState(names);
        if (state.isEmpty()) {
            return filter;
        }
        if (state.equals(FAULT)) {
            return filter.withFault();
        }
        for (VmFilter.Powered group : VmFilter.Powered.values()) {
            if (word(group).equals(state)) {
                return filter.in(group);
            }
        }
        throw DomainError.invalid(
                        "state",
                        "There is no state '" + state
                                + "': running, working, stopped, deallocated and fault there are.")
                .asException();
    }

    VmFilter withoutState(VmNames names) {
        VmFilter filter = VmFilter.ALL.named(q);
        return set.isEmpty() ? filter : filter.of(set(names));
    }

    private ArmId set(VmNames names) {
        return names.parse(set, DiskEncryptionSet.TYPE)
                .orElseThrow(
                        () -> DomainError.invalid("set", "'" + set + "' names no disk encryption set: group/name does.")
                                .asException());
    }

    static String word(VmFilter.Powered group) {
        return group.name().toLowerCase(Locale.ROOT);
    }

    VmQuery in(String other) {
        return new VmQuery(q, other, set);
    }

    public boolean isEmpty() {
        return q.isEmpty() && state.isEmpty() && set.isEmpty();
    }

    /** The address of the list, from its beginning. */
    public String address() {
        return address("");
    }

    /** The address of the list from after that VM, as {@code group/name}. */
    String address(String after) {
        List<String> fields = new ArrayList<>();
        add(fields, "q", q);
        add(fields, "state", state);
        add(fields, "set", set);
        add(fields, "after", after);
        return Links.VMS + (fields.isEmpty() ? "" : "?" + String.join("&", fields));
    }

    private static void add(List<String> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.add(name + "=" + Links.part(value));
        }
    }
}
