package dev.keyturn.core.diskset;

import dev.keyturn.core.identity.ManagedIdentities;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which identities a set has after a request, and which of them it uses its key as (docs/rules.md, "The
 * identities of a set"): the one that it uses already, as long as it keeps it; else its system-assigned one; else its only
 * user-assigned one. So an identity that is added changes nothing, and can be given access before it is needed.
 */
final class SetIdentities {
    private final ManagedIdentities identities;

    SetIdentities(ManagedIdentities identities) {
        this.identities = identities;
    }

    /** Who the set would use its key as; empty where that is a system-assigned identity that is not made yet. */
    Optional<PrincipalId> user(Tx tx, IdentitySpec wanted, Optional<SetIdentity> present) {
        return used(assigned(tx, wanted), wanted, present).map(SetIdentity::principal);
    }

    /** The identities after the request; makes the system-assigned one, or deletes it, where that changes. */
    SetIdentity resolve(Tx tx, ArmId set, IdentitySpec wanted, Optional<SetIdentity> present) {
        Optional<SetIdentity.SystemAssigned> had = present.flatMap(SetIdentity::own);
        List<SetIdentity> assigned = assigned(tx, wanted);
        Optional<SetIdentity> used = used(assigned, wanted, present);
        List<SetIdentity> all = new ArrayList<>(assigned);
        if (wanted.system()) {
            all.addFirst(had.orElseGet(() -> new SetIdentity.SystemAssigned(identities.create(tx, set))));
        } else if (had.isPresent()) {
            identities.delete(tx, set);
        }
        SetIdentity first = used.orElseGet(all::getFirst);
        return SetIdentity.of(first, all.stream().filter(i -> !i.equals(first)).toList());
    }

    private static Optional<SetIdentity> used(
            List<SetIdentity> assigned, IdentitySpec wanted, Optional<SetIdentity> present) {
        Optional<SetIdentity> kept = present.map(SetIdentity::used).flatMap(u -> switch (u) {
            case SetIdentity.SystemAssigned own -> wanted.system() ? Optional.of(own) : Optional.empty();
            case SetIdentity.UserAssigned user ->
                assigned.stream()
                        .filter(a -> a instanceof SetIdentity.UserAssigned other
                                && other.resource().equals(user.resource()))
                        .findFirst();
            case SetIdentity.Several _ -> Optional.empty();
        });
        if (kept.isPresent()) {
            return kept;
        }
        if (wanted.system()) {
            return present.flatMap(SetIdentity::own).map(own -> own);
        }
        if (assigned.size() > 1) {
            throw DomainError.invalid(
                            "identity.userAssignedIdentities",
                            "'identity.userAssignedIdentities' names " + assigned.size()
                                    + " identities, and nothing says which of them the set is to use its key as. Name"
                                    + " that one alone first, and add the others afterwards; or let 'identity.type' be"
                                    + " 'SystemAssigned, UserAssigned', which uses the system-assigned one.")
                    .asException();
        }
        return Optional.of(assigned.getFirst());
    }

    private List<SetIdentity> assigned(Tx tx, IdentitySpec wanted) {
        return wanted.userAssigned().stream()
                .distinct()
                .<SetIdentity>map(resource -> new SetIdentity.UserAssigned(
                        resource,
                        identities
                                .of(tx, resource)
                                .orElseThrow(() -> DomainError.invalid(
                                                "identity.userAssignedIdentities",
                                                "There is no identity '" + resource + "'.")
                                        .asException())))
                .toList();
    }
}
