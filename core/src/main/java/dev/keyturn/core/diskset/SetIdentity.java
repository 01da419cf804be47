package dev.keyturn.core.diskset;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The managed identities of a set, and the one among them through which it uses its key. */
public sealed interface SetIdentity {
    /** Who the set is when it uses its key. */
    PrincipalId principal();

    /** All of them, the one that is used first. */
    default List<SetIdentity> all() {
        return List.of(this);
    }

    /** The one through which the key is used. */
    default SetIdentity used() {
        return this;
    }

    /** The system-assigned one among them. */
    default Optional<SystemAssigned> own() {
        return all().stream()
                .filter(SystemAssigned.class::isInstance)
                .map(SystemAssigned.class::cast)
                .findFirst();
    }

    /** The user-assigned ones among them. */
    default List<UserAssigned> assigned() {
        return all().stream()
                .filter(UserAssigned.class::isInstance)
                .map(UserAssigned.class::cast)
                .toList();
    }

    /** {@code used} together with the others, if there are any. */
    static SetIdentity of(SetIdentity used, List<SetIdentity> others) {
        return others.isEmpty() ? used : new Several(used, others);
    }

    /** Made with the set and deleted with it. */
    record SystemAssigned(PrincipalId principal) implements SetIdentity {}

    /** A {@code Microsoft.ManagedIdentity/userAssignedIdentities} resource. */
    record UserAssigned(ArmId resource, PrincipalId principal) implements SetIdentity {}

    /** More than one; {@code others} do nothing until {@code used} is taken away. */
    record Several(SetIdentity used, List<SetIdentity> others) implements SetIdentity {
        public Several {
            others = List.copyOf(others);
            if (used instanceof Several || others.isEmpty() || others.stream().anyMatch(o -> o instanceof Several)) {
                throw new IllegalArgumentException("several identities are one that is used, and others");
            }
        }

        @Override
        public PrincipalId principal() {
            return used.principal();
        }

        @Override
        public List<SetIdentity> all() {
            List<SetIdentity> all = new ArrayList<>(List.of(used));
            all.addAll(others);
            return List.copyOf(all);
        }
    }
}
