package dev.keyturn.store;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The columns of a vault that hold JSON: its access policies, and the head of a deleted one. */
final class VaultColumns {
    private VaultColumns() {}

    static String ofPolicies(List<AccessPolicy> policies) {
        ArrayNode array = Json.array();
        for (AccessPolicy policy : policies) {
            ObjectNode object = array.addObject()
                    .put("tenant", policy.tenant().toString())
                    .put("principal", policy.principal().toString());
            policy.application().ifPresent(id -> object.put("application", id.toString()));
            put(object, "keys", policy.keys());
            put(object, "secrets", policy.secrets());
            put(object, "certificates", policy.certificates());
            put(object, "storage", policy.storage());
        }
        return Json.text(Json.object().set("policies", array));
    }

    static List<AccessPolicy> policies(String text) {
        List<AccessPolicy> policies = new ArrayList<>();
        for (JsonNode object : Json.parseObject(text).path("policies")) {
            policies.add(new AccessPolicy(
                    UUID.fromString(object.path("tenant").stringValue()),
                    new PrincipalId(UUID.fromString(object.path("principal").stringValue())),
                    object.path("application").stringValueOpt().map(UUID::fromString),
                    texts(object.path("keys")),
                    texts(object.path("secrets")),
                    texts(object.path("certificates")),
                    texts(object.path("storage"))));
        }
        return policies;
    }

    static String ofHead(Resource head) {
        return Json.text(Json.object()
                .put("id", head.id().toString())
                .put("location", head.location())
                .put("tags", JsonColumns.ofMap(head.tags()))
                .put("document", head.document())
                .put("state", head.state().name())
                .put("revision", head.revision())
                .put("createdAt", head.createdAt().toEpochMilli())
                .put("changedAt", head.changedAt().toEpochMilli()));
    }

    static Resource head(String text) {
        ObjectNode object = Json.parseObject(text);
        return new Resource(
                ArmId.parse(object.path("id").stringValue()).orElseThrow(),
                object.path("location").stringValue(),
                JsonColumns.map(object.path("tags").stringValue()),
                object.path("document").stringValue(),
                ProvisioningState.valueOf(object.path("state").stringValue()),
                object.path("revision").longValue(),
                Instant.ofEpochMilli(object.path("createdAt").longValue()),
                Instant.ofEpochMilli(object.path("changedAt").longValue()));
    }

    private static void put(ObjectNode object, String name, List<String> texts) {
        ArrayNode array = object.putArray(name);
        texts.forEach(array::add);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.stringValue()));
        return texts;
    }
}
