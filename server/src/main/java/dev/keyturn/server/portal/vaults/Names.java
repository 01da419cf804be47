package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.access.AccessReview;
import dev.keyturn.core.access.Holder;
import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** What people call those who may do something with keys, as far as the person may know who there is. */
record Names(PrincipalId self, Map<PrincipalId, Holder> known) {
    static Names of(Visitor visitor, AccessReview review, Collection<PrincipalId> some) {
        return new Names(visitor.person().id(), review.known(visitor.call(), some));
    }

    String name(PrincipalId id) {
        return Optional.ofNullable(known.get(id)).map(this::name).orElseGet(() -> "Object id " + id);
    }

    private String name(Holder holder) {
        return switch (holder.kind()) {
            case GROUP, FOREIGN_GROUP -> holder.name();
            case USER -> holder.detail() + " (" + holder.name() + (holder.id().equals(self) ? ", you)" : ")");
            case SERVICE_PRINCIPAL, DEVICE ->
                resource(holder.id()).map(r -> "Identity of " + r.name()).orElseGet(holder::name);
        };
    }

    /** Whose identity it is; empty for a program, a person or a group. */
    Optional<ArmId> resource(PrincipalId id) {
        return Optional.ofNullable(known.get(id))
                .filter(h -> h.kind() == HolderKind.SERVICE_PRINCIPAL)
                .flatMap(h -> ArmId.parse(h.detail()));
    }
}
