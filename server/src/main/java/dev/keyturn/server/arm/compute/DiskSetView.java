package dev.keyturn.server.arm.compute;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.diskset.SetView;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ArmErrors;
import dev.keyturn.server.arm.ResourceBody;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** Disk encryption sets and their census as clients see them. */
record DiskSetView(Subscription subscription) {
    ObjectNode render(SetView view) {
        DiskEncryptionSet set = view.set();
        ObjectNode out = ResourceBody.render(set.head(), DiskSetBody.SHAPE);
        out.set("identity", identity(set.identity(), view.clientIds()));
        ObjectNode properties =
                ResourceBody.properties(out).put("encryptionType", set.type().wire());
        ObjectNode active = key(set.activeKey());
        set.sourceVault().ifPresent(v -> active.putObject("sourceVault").put("id", v.toString()));
        properties.set("activeKey", active);
        var previous = properties.putArray("previousKeys");
        view.previousKeys().forEach(k -> previous.add(key(k)));
        properties.put("rotationToLatestKeyVersionEnabled", false);
        set.lastRotatedAt().ifPresent(t -> properties.put("lastKeyRotationTimestamp", t.toString()));
        // Ours: why the set is Failed, as which of several identities it uses its key, and since when it cannot.
        set.lastRotationError().ifPresent(e -> properties.set("lastKeyRotationError", ArmErrors.body(e)));
        if (set.identity() instanceof SetIdentity.Several) {
            properties.set("keyIdentity", keyIdentity(set.identity().used()));
        }
        set.keyLostAt().ifPresent(t -> properties.put("keyUnavailableSince", t.toString()));
        return out;
    }

    ObjectNode census(Census census) {
        DiskEncryptionSet set = census.set();
        ObjectNode out = Json.object()
                .put("id", set.id().toString())
                .put("activeKeyUrl", set.activeKey().url())
                .put("provisioningState", set.head().state().wire())
                .put("artifacts", census.total());
        out.put("underActiveKey", census.total() - census.underOthers()).put("underOtherKeys", census.underOthers());
        var keys = out.putArray("keys");
        for (Census.Entry entry : census.entries()) {
            ObjectNode one = keys.addObject()
                    .put("keyUrl", entry.key().url())
                    .put("active", entry.key().equals(set.activeKey()))
                    .put("artifacts", entry.total());
            ObjectNode kinds = one.putObject("byKind");
            for (ArtifactKind kind : ArtifactKind.values()) {
                kinds.put(kind.wire(), entry.counts().getOrDefault(kind, 0L));
            }
        }
        return out;
    }

    private ObjectNode identity(SetIdentity identity, Map<ArmId, UUID> clientIds) {
        ObjectNode out = Json.object();
        String own = identity.own().isPresent() ? "SystemAssigned" : "";
        String comma = identity.own().isPresent() && !identity.assigned().isEmpty() ? ", " : "";
        out.put("type", own + comma + (identity.assigned().isEmpty() ? "" : "UserAssigned"));
        identity.own()
                .ifPresent(
                        o -> out.put("principalId", o.principal().toString()).put("tenantId", subscription.tenant()));
        if (!identity.assigned().isEmpty()) {
            ObjectNode assigned = out.putObject("userAssignedIdentities");
            for (SetIdentity.UserAssigned user : identity.assigned()) {
                ObjectNode one = assigned.putObject(user.resource().toString())
                        .put("principalId", user.principal().toString());
                UUID clientId = clientIds.get(user.resource());
                if (clientId != null) {
                    one.put("clientId", clientId.toString());
                }
            }
        }
        return out;
    }

    private static ObjectNode keyIdentity(SetIdentity used) {
        ObjectNode out = Json.object();
        out.put("type", used.own().isPresent() ? "SystemAssigned" : "UserAssigned")
                .put("principalId", used.principal().toString());
        used.assigned().forEach(u -> out.put("resourceId", u.resource().toString()));
        return out;
    }

    private static ObjectNode key(KeyId key) {
        return Json.object().put("keyUrl", key.url());
    }
}
