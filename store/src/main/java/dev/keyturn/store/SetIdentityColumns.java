package dev.keyturn.store;

import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The identities of a set in its row: the one that it uses in two columns, the others as JSON in one. */
final class SetIdentityColumns {
    private static final String LIST = "identities";

    private SetIdentityColumns() {}

    /** The resource of the one that is used; empty for a system-assigned one. */
    static Optional<String> resource(SetIdentity identity) {
        return switch (identity.used()) {
            case SetIdentity.UserAssigned user -> Optional.of(user.resource().toString());
            case SetIdentity.SystemAssigned _, SetIdentity.Several _ -> Optional.empty();
        };
    }

    static Optional<String> others(SetIdentity identity) {
        List<SetIdentity> others = identity.all().stream().skip(1).toList();
        if (others.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode object = Json.object();
        ArrayNode list = object.putArray(LIST);
        for (SetIdentity other : others) {
            ObjectNode one = list.addObject().put("principal", other.principal().toString());
            resource(other).ifPresent(r -> one.put("resource", r));
        }
        return Optional.of(Json.text(object));
    }

    static SetIdentity read(PrincipalId principal, Optional<ArmId> resource, Optional<String> others) {
        return SetIdentity.of(one(principal, resource), identities(others));
    }

    static List<SetIdentity> identities(Optional<String> others) {
        List<SetIdentity> out = new ArrayList<>();
        others.map(Json::parseObject)
                .ifPresent(object -> object.path(LIST)
                        .forEach(one -> out.add(one(
                                new PrincipalId(
                                        UUID.fromString(one.path("principal").stringValue())),
                                one.path("resource").stringValueOpt().flatMap(ArmId::parse)))));
        return out;
    }

    private static SetIdentity one(PrincipalId principal, Optional<ArmId> resource) {
        return resource.isPresent()
                ? new SetIdentity.UserAssigned(resource.get(), principal)
                : new SetIdentity.SystemAssigned(principal);
    }
}
