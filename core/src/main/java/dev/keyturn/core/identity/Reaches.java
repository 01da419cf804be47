package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/**
 * How far somebody's right to an action goes in a subscription. It decides nothing and records nothing: whoever reads by it
 * asks {@link dev.keyturn.core.door.Doors} at each place. Thread-safe.
 */
public record Reaches(Access access, RoleAssignmentStore assignments) {
    /**
     * Where the action is allowed, nothing twice.
     *
     * @param everywhere at the subscription, and so in all of it: then the others are empty
     * @param groups resource groups, by name
     * @param single resources outside of these
     */
    public record Reach(boolean everywhere, List<String> groups, List<ArmId> single) {
        public Reach {
            groups = List.copyOf(groups);
            single = List.copyOf(single);
        }

        public boolean nowhere() {
            return !everywhere && groups.isEmpty() && single.isEmpty();
        }

        /** The groups to look through, one after another; one that is empty stands for the subscription. */
        public List<Optional<String>> places() {
            return everywhere
                    ? List.of(Optional.empty())
                    : groups.stream().map(Optional::of).toList();
        }
    }

    /** Of resources of the type alone. Looks at the roles that the principal holds, however many resources there are. */
    public Reach of(Tx tx, PrincipalId who, Action action, String type, String subscription) {
        Scope all = Scope.subscription(subscription);
        if (access.may(tx, who, action.azure(), all)) {
            return new Reach(true, List.of(), List.of());
        }
        List<ArmId> held = assignments.heldBelow(tx, who, all).stream()
                .flatMap(a -> a.scope().id().stream())
                .filter(id -> id.isGroup() || id.isHead())
                .distinct()
                .filter(id -> access.may(tx, who, action.azure(), Scope.of(id)))
                .toList();
        List<String> groups = held.stream()
                .filter(ArmId::isGroup)
                .map(ArmId::resourceGroup)
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .toList();
        List<ArmId> single = held.stream()
                .filter(id ->
                        id.hasType(type) && groups.stream().noneMatch(g -> g.equalsIgnoreCase(id.resourceGroup())))
                .toList();
        return new Reach(false, groups, single);
    }
}
