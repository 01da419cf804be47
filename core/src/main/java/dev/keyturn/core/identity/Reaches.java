package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How far somebody's right to an action goes in a subscription. It decides nothing and records nothing: whoever reads by it
 * asks {@link dev.keyturn.core.door.Doors} at each place, or reads within it in the transaction in which it was looked up.
 * Thread-safe.
 */
public record Reaches(Access access) {
    /**
     * Where the action is allowed, nothing twice.
     *
     * @param everywhere at the subscription, and so in all of it: then the others are empty
     * @param groups what is in these resource groups, by name
     * @param single resources outside of these, and groups themselves where those are what is read
     */
    public record Reach(boolean everywhere, List<String> groups, List<ArmId> single) {
        /** All of a subscription. */
        public static final Reach EVERYWHERE = new Reach(true, List.of(), List.of());

        public Reach {
            groups = List.copyOf(groups);
            single = List.copyOf(single);
        }

        /** What is in one group, or all of the subscription where none is named. */
        public static Reach in(Optional<String> group) {
            return group.map(g -> new Reach(false, List.of(g), List.of())).orElse(EVERYWHERE);
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

        /** The groups themselves, where this was asked for what is in them. */
        public Reach ofGroups(String subscription) {
            return new Reach(
                    everywhere,
                    List.of(),
                    groups.stream().map(g -> ArmId.group(subscription, g)).toList());
        }
    }

    /** Of resources of the type alone. */
    public Reach of(Tx tx, PrincipalId who, Action action, String type, String subscription) {
        return of(
                tx,
                who,
                subscription,
                at -> !at.isHead() || at.isGroup() || at.hasType(type) ? List.of(action) : List.of());
    }

    /**
     * In two indexed reads, of the roles that the principal holds at the subscription and of those below it, however many
     * resources there are.
     *
     * @param enough of the subscription, a group or a resource directly in one: the actions of which one is enough to read
     *     what is there; none where it does not count
     */
    public Reach of(Tx tx, PrincipalId who, String subscription, Function<ArmId, List<Action>> enough) {
        ArmId all = ArmId.subscription(subscription);
        if (enough.apply(all).stream().anyMatch(action -> access.may(tx, who, action.azure(), Scope.of(all)))) {
            return Reach.EVERYWHERE;
        }
        List<ArmId> held =
                access.allowedBelow(tx, who, Scope.of(all), at -> at.isHead() ? enough.apply(at) : List.of());
        List<String> groups = held.stream()
                .filter(ArmId::isGroup)
                .map(ArmId::resourceGroup)
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .toList();
        Set<ArmId> whole = held.stream().filter(ArmId::isGroup).collect(Collectors.toSet());
        List<ArmId> single = held.stream()
                .filter(id -> !id.isGroup() && !whole.contains(id.group()))
                .toList();
        return new Reach(false, groups, single);
    }
}
