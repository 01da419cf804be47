package dev.keyturn.server.portal.vms;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.fleet.VmFilter;
import dev.keyturn.core.fleet.VmSort;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.server.portal.frame.Links;
import java.util.ArrayList;
import java.util.Arrays;
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
 * @param sort a column in lower case, with {@code -} before it from its end on; by id where it is empty
 */
public record VmQuery(String q, String state, String set, String sort) {
    static final String FAULT = "fault";

    static VmQuery of(Function<String, Optional<String>> fields) {
        return new VmQuery(
                fields.apply("q").orElse("").strip(),
                fields.apply("state").orElse("").strip().toLowerCase(Locale.ROOT),
                fields.apply("set").orElse("").strip(),
                fields.apply("sort").orElse("").strip().toLowerCase(Locale.ROOT));
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} where there is no such order */
    Optional<VmSort> order() {
        if (sort.isEmpty()) {
            return Optional.empty();
        }
        boolean descending = sort.startsWith("-");
        String column = sort.substring(descending ? 1 : 0);
        return Optional.of(Arrays.stream(VmSort.By.values())
                .filter(by -> column(by).equals(column))
                .findFirst()
                .map(by -> new VmSort(by, descending))
                .orElseThrow(() -> DomainError.invalid(
                                "sort",
                                "There is no order '" + sort
                                        + "': name, set, state and host there are, and each with - before it.")
                        .asException()));
    }

    static String column(VmSort.By by) {
        return by.name().toLowerCase(Locale.ROOT);
    }

    VmQuery sorted(String order) {
        return new VmQuery(q, state, set, order);
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
        return new VmQuery(q, other, set, sort);
    }

    public boolean isEmpty() {
        return q.isEmpty() && state.isEmpty() && set.isEmpty();
    }

    /** The address of the list, from its beginning. */
    public String address() {
        return address("", "");
    }

    /** The address of the list from after that VM, as {@code group/name}, whose place in the order is {@code at}. */
    String address(String after, String at) {
        List<String> fields = new ArrayList<>();
        add(fields, "q", q);
        add(fields, "state", state);
        add(fields, "set", set);
        add(fields, "sort", sort);
        add(fields, "after", after);
        add(fields, "at", at);
        return Links.VMS + (fields.isEmpty() ? "" : "?" + String.join("&", fields));
    }

    private static void add(List<String> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.add(name + "=" + Links.part(value));
        }
    }
}
