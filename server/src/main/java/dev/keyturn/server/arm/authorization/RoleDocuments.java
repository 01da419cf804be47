package dev.keyturn.server.arm.authorization;

import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.wire.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Role assignments and definitions as JSON (Microsoft.Authorization 2022-04-01). */
final class RoleDocuments {
    private RoleDocuments() {}

    static ObjectNode assignment(RoleAssignment a, String subscription) {
        String definition = "/subscriptions/" + subscription + "/providers/Microsoft.Authorization/roleDefinitions/";
        ObjectNode out = Json.object()
                .put("id", a.scope().path() + "/providers/Microsoft.Authorization/roleAssignments/" + a.name())
                .put("name", a.name().toString())
                .put("type", "Microsoft.Authorization/roleAssignments");
        ObjectNode properties = out.putObject("properties")
                .put("roleDefinitionId", definition + a.role())
                .put("principalId", a.principal().toString())
                .put("principalType", "ServicePrincipal")
                .put("scope", a.scope().path())
                .put("createdOn", a.createdAt().toString())
                .put("updatedOn", a.createdAt().toString())
                .put("createdBy", a.createdBy())
                .put("updatedBy", a.createdBy());
        a.description().ifPresent(d -> properties.put("description", d));
        return out;
    }

    static ObjectNode definition(Role role, String prefix) {
        ObjectNode out = Json.object()
                .put("id", prefix + "/providers/Microsoft.Authorization/roleDefinitions/" + role.id())
                .put("name", role.id().toString())
                .put("type", "Microsoft.Authorization/roleDefinitions");
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
