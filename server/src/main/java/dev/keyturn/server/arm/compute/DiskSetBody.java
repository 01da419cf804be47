package dev.keyturn.server.arm.compute;

import dev.keyturn.core.diskset.DiskSetSpec;
import dev.keyturn.core.diskset.IdentitySpec;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The body of a disk encryption set, as a client sends it. */
final class DiskSetBody {
    private static final String KEY = "properties.activeKey";

    static final Shape SHAPE = Shape.resource()
            .text(
                    "identity.type",
                    "properties.encryptionType",
                    KEY + ".keyUrl",
                    KEY + ".sourceVault.id",
                    "properties.federatedClientId")
            .map("identity.userAssignedIdentities")
            .bool("properties.rotationToLatestKeyVersionEnabled", "deep")
            .any(
                    "identity.principalId",
                    "identity.tenantId",
                    "properties.previousKeys",
                    "properties.lastKeyRotationTimestamp",
                    "properties.autoKeyRotationError",
                    "properties.lastKeyRotationError",
                    "properties.keyUnavailableSince")
            .decisive("activeKey", "keyUrl", "encryptionType", "rotationToLatestKeyVersionEnabled")
            .lasting("location", "properties", "identity", "identity.type", KEY, KEY + ".keyUrl")
            .lasting("properties.encryptionType")
            .build();

    private DiskSetBody() {}

    /** A whole set; says every field of a wrong type at once. What the values mean is the service's to check. */
    static DiskSetSpec read(ArmId id, ObjectNode body) {
        Fields fields = Fields.of(body, SHAPE);
        Draft draft = ResourceBody.draft(fields);
        fields.object("properties");
        Optional<IdentitySpec> identity = fields.object("identity").map(DiskSetBody::identity);
        Optional<String> type = fields.text("properties.encryptionType");
        fields.object(KEY);
        Optional<String> keyUrl = fields.text(KEY + ".keyUrl");
        fields.object(KEY + ".sourceVault");
        Optional<String> vault = fields.text(KEY + ".sourceVault.id").filter(v -> !v.isBlank());
        if (fields.has(KEY) && !fields.has(KEY + ".keyUrl")) {
            fields.problem(KEY + ".keyUrl", "'" + KEY + ".keyUrl' is required where '" + KEY + "' is given.");
        }
        boolean automatic =
                fields.bool("properties.rotationToLatestKeyVersionEnabled").orElse(false);
        fields.text("properties.federatedClientId")
                .filter(f -> !f.isBlank() && !f.equalsIgnoreCase("None"))
                .ifPresent(_ -> fields.problem(
                        "properties.federatedClientId",
                        "'properties.federatedClientId' must be absent or 'None': keys of other tenants are not"
                                + " supported."));
        // Ours: asks for every image to be proven to open before the old key may go.
        boolean deep = fields.bool("deep").orElse(false);
        fields.done();
        String document = stored(draft);
        return new DiskSetSpec(
                id,
                draft.location(),
                draft.tags(),
                document,
                identity,
                type,
                keyUrl,
                vault,
                automatic,
                deep,
                other -> Json.parseObject(other).equals(Json.parseObject(document)));
    }

    /**
     * A PATCH laid over the set as it is rendered. A key that is given replaces the old one with its vault. One that is
     * not given is not saved again: that would take back a rotation that is half done (R5).
     */
    static ObjectNode patched(ObjectNode present, ObjectNode patch) {
        ObjectNode base = present.deepCopy();
        if (base.get("properties") instanceof ObjectNode properties
                && (patch.path("properties").path("activeKey").has("keyUrl")
                        || !patch.path("properties").has("activeKey"))) {
            properties.remove("activeKey");
        }
        if (patch.path("identity").has("type") && base.get("identity") instanceof ObjectNode identity) {
            String type = patch.path("identity").path("type").asString("");
            // as everywhere in ARM, what is in the map stays until it is set to null; without the kind there is no map
            if (!IdentitySpec.namesUserAssigned(type)) {
                identity.remove("userAssignedIdentities");
            }
        }
        return ResourceBody.patched(base, patch, SHAPE);
    }

    private static IdentitySpec identity(Fields identity) {
        String type = identity.requiredText("type");
        List<ArmId> assigned = new ArrayList<>();
        identity.object("userAssignedIdentities")
                .ifPresent(map -> map.node().properties().forEach(e -> {
                    if (e.getValue().isNull()) {
                        return;
                    }
                    if (!e.getValue().isObject()) {
                        identity.problem(
                                "userAssignedIdentities",
                                "'identity.userAssignedIdentities' must be an object whose names are ids and whose"
                                        + " values are objects.");
                    }
                    Optional<ArmId> id = ArmId.parseHead(e.getKey());
                    if (id.isEmpty()) {
                        identity.problem(
                                "userAssignedIdentities",
                                "'identity.userAssignedIdentities' must have ids as its names: /subscriptions/S/"
                                        + "resourceGroups/G/providers/Microsoft.ManagedIdentity/"
                                        + "userAssignedIdentities/N." + ResourceIds.why(e.getKey()));
                    }
                    id.ifPresent(assigned::add);
                }));
        return new IdentitySpec(type, assigned);
    }

    /** What the server keeps in typed fields, or says itself, is not kept a second time. */
    private static String stored(Draft draft) {
        ObjectNode document = Json.parseObject(draft.document());
        document.remove(List.of("identity", "deep", "warnings"));
        if (document.get("properties") instanceof ObjectNode properties) {
            properties.remove(List.of(
                    "activeKey",
                    "previousKeys",
                    "encryptionType",
                    "rotationToLatestKeyVersionEnabled",
                    "lastKeyRotationTimestamp",
                    "autoKeyRotationError",
                    "lastKeyRotationError",
                    "keyIdentity",
                    "keyUnavailableSince"));
        }
        return Json.text(document);
    }
}
