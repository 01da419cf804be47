package dev.keyturn.server.arm.authorization;

import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.json.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Role assignments and definitions as JSON (Microsoft.Authorization 2022-04-01). */
final class RoleDocuments {
    static final String ASSIGNMENT = "Microsoft.Authorization/roleAssignments";
    static final String DEFINITION = "Microsoft.Authorization/roleDefinitions";

    private RoleDocuments() {}

    static ObjectNode assignment(RoleAssignment a, String subscription) {
        ArmId definition =
                ArmId.subscription(subscription).resource(DEFINITION, a.role().toString());
        ObjectNode out = Json.object()
                .put("id", a.scope().path() + "/providers/" + ASSIGNMENT + "/" + a.name())
                .put("name", a.name().toString())
                .put("type", ASSIGNMENT);
        ObjectNode properties = out.putObject("properties")
                .put("roleDefinitionId", definition.toString())
                .put("principalId", a.principal().toString())
                .put("principalType", a.holder().wire())
                .put("scope", a.scope().path())
                .put("createdOn", a.createdAt().toString())
                .put("updatedOn", a.createdAt().toString())
                .put("createdBy", a.createdBy())
                .put("updatedBy", a.createdBy());
        a.description().ifPresent(d -> properties.put("description", d));
        return out;
    }

    static ObjectNode definition(Role role, ArmId at) {
        ObjectNode out = Json.object()
                .put("id", at.resource(DEFINITION, role.id().toString()).toString())
                .put("name", role.id().toString())
                .put("type", DEFINITION);
        ObjectNode properties = out.putObject("properties")
                .put("roleName", role.name())
                .put("type", "BuiltInRole")
                .put("description", role.description());
        properties.putArray("assignableScopes").add("/");
        ObjectNode permission = properties.putArray("permissions").addObject();
        fill(permission.putArray("actions"), role.actions());
        fill(permission.putArray("notActions"), role.notActions());
        fill(permission.putArray("dataActions"), role.dataActions());
        permission.putArray("notDataActions");
        return out;
    }

    private static void fill(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
