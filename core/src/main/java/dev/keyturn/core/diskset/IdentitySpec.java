package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The {@code identity} of a set as a client asks for it: {@code type} in Azure's spelling ({@code SystemAssigned},
 * {@code UserAssigned}, {@code SystemAssigned, UserAssigned}), and the keys of {@code userAssignedIdentities}.
 */
public record IdentitySpec(String type, List<ArmId> userAssigned) {
    public static final IdentitySpec SYSTEM_ASSIGNED = new IdentitySpec("SystemAssigned", List.of());

    private static final String SYSTEM = "systemassigned";
    private static final String USER = "userassigned";

    public IdentitySpec {
        userAssigned = List.copyOf(userAssigned);
    }

    public static IdentitySpec userAssigned(ArmId identity) {
        return new IdentitySpec("UserAssigned", List.of(identity));
    }

    /** The kinds that a type names, in lower case and in no order; spaces and case do not count. */
    public static Set<String> kinds(String type) {
        return Stream.of(type.split(",", -1))
                .map(k -> k.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean known() {
        return Set.of(SYSTEM, USER).containsAll(kinds(type));
    }

    boolean system() {
        return kinds(type).contains(SYSTEM);
    }

    /** Whether the type names user-assigned identities, in any spelling. */
    public static boolean namesUserAssigned(String type) {
        return kinds(type).contains(USER);
    }

    /** Whether the set has just these already. */
    boolean sameAs(SetIdentity present) {
        Set<ArmId> there = present.assigned().stream()
                .map(SetIdentity.UserAssigned::resource)
                .collect(Collectors.toSet());
        return system() == present.own().isPresent() && there.equals(Set.copyOf(userAssigned));
    }
}
