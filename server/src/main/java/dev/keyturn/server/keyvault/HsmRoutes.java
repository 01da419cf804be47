package dev.keyturn.server.keyvault;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.KeyCryptoService;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Guid;
import dev.keyturn.core.vault.HsmAssignments;
import dev.keyturn.core.vault.HsmAssignments.Place;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.filter.AssignmentFilter;
import dev.keyturn.server.http.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** What a managed HSM has beyond a vault: random bytes, and local roles at {@code /}, {@code /keys}, {@code /keys/k}. */
final class HsmRoutes {
    private static final String PROVIDER = "/providers/Microsoft.Authorization/";
    private static final String ASSIGNMENTS = PROVIDER + "roleAssignments";
    private static final String DEFINITIONS = PROVIDER + "roleDefinitions";
    private static final String DEFINITION_ID = "Microsoft.KeyVault" + DEFINITIONS + "/";

    static final Shape RANDOM = Shape.data().integer("count").build();
    static final Shape ASSIGNMENT = Shape.data()
            .text("properties.roleDefinitionId", "properties.principalId")
            .any("properties.principalType", "properties.scope")
            .build();

    private final KeyCryptoService crypto;
    private final HsmAssignments assignments;

    HsmRoutes(KeyCryptoService crypto, HsmAssignments assignments) {
        this.crypto = crypto;
        this.assignments = assignments;
    }

    void addTo(KeyVaultSurface.Adder routes) {
        routes.add("POST", "/rng", this::random);
        for (String scope : List.of("", "/keys", "/keys/{key}")) {
            routes.add("GET", scope + ASSIGNMENTS, this::list);
            routes.add("GET", scope + ASSIGNMENTS + "/{name}", this::get);
            routes.add("PUT", scope + ASSIGNMENTS + "/{name}", this::put);
            routes.add("DELETE", scope + ASSIGNMENTS + "/{name}", this::delete);
            routes.add("GET", scope + DEFINITIONS, this::definitions);
            routes.add("GET", scope + DEFINITIONS + "/{name}", this::definition);
        }
    }

    private Response random(KeyCall call) {
        Fields body = Fields.of(call.body(KeyPermission.RANDOM), RANDOM);
        Optional<Long> count = body.integer("count", 1, 128);
        if (!body.has("count")) {
            body.problem("count", "'count' is required: how many bytes, 1 to 128.");
        }
        body.done();
        byte[] bytes =
                crypto.random(call.by(), call.vault(), count.orElseThrow().intValue());
        return Response.ok(Json.object().put("value", Text.base64url(bytes)));
    }

    private Response list(KeyCall call) {
        Place place = place(call);
        assignments.requireRead(call.by(), place);
        AssignmentFilter filter = AssignmentFilter.of(call.request().query("$filter"));
        ObjectNode out = Json.object();
        var value = out.putArray("value");
        assignments.list(call.by(), place, !filter.atScopeOnly()).stream()
                .filter(a -> filter.lets(a.principal()))
                .forEach(a -> value.add(render(place, a)));
        return Response.ok(out);
    }

    private Response get(KeyCall call) {
        Place place = place(call);
        return Response.ok(render(place, assignments.get(call.by(), place, call.name())));
    }

    private Response put(KeyCall call) {
        Place place = place(call);
        assignments.requireGrant(call.by(), place);
        Fields body = Fields.of(call.request().json(), ASSIGNMENT);
        Optional<UUID> name = Guid.parse(call.name());
        if (name.isEmpty()) {
            body.problem("name", "The role assignment's name must be a GUID, not '" + Text.clip(call.name()) + "'.");
        }
        String roleId = body.requiredText("properties.roleDefinitionId");
        Optional<Role> role = Roles.parse(roleId);
        if (!roleId.isBlank() && role.isEmpty()) {
            body.problem(
                    "properties.roleDefinitionId",
                    "The role definition '" + Text.clip(roleId) + "' does not exist. GET " + DEFINITIONS
                            + " lists those that do.");
        }
        String principalId = body.requiredText("properties.principalId");
        Optional<PrincipalId> principal = PrincipalId.parse(principalId);
        if (!principalId.isBlank() && principal.isEmpty()) {
            body.problem("properties.principalId", "'properties.principalId' must be a GUID, a principal's object id.");
        }
        body.done();
        Grant grant = new Grant(
                name.orElseThrow(), place.scope(), role.orElseThrow().id(), principal.orElseThrow(), Optional.empty());
        return Response.json(201, render(place, assignments.grant(call.by(), place, grant)));
    }

    private Response delete(KeyCall call) {
        Place place = place(call);
        return Response.ok(render(place, assignments.revoke(call.by(), place, call.name())));
    }

    private Response definitions(KeyCall call) {
        assignments.requireDefinitions(call.by(), place(call));
        ObjectNode out = Json.object();
        var value = out.putArray("value");
        Roles.all(Role.Kind.MANAGED_HSM).forEach(r -> value.add(render(r)));
        return Response.ok(out);
    }

    private Response definition(KeyCall call) {
        assignments.requireDefinitions(call.by(), place(call));
        return Roles.parse(call.name())
                .filter(r -> r.kind() == Role.Kind.MANAGED_HSM)
                .map(r -> Response.ok(render(r)))
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "RoleDefinitionNotFound",
                                "The role definition '" + Text.clip(call.name()) + "' is not found."))
                        .asException());
    }

    /** The scope in the path. */
    private static Place place(KeyCall call) {
        String hsm = call.vault().name();
        String path = call.request().path().toLowerCase(Locale.ROOT);
        Scope scope = Optional.ofNullable(call.request().variables().get("key"))
                .map(key -> Scope.hsmKey(hsm, key))
                .orElseGet(() -> path.startsWith("/keys/") ? new Scope(Scope.hsm(hsm) + "/keys") : Scope.hsm(hsm));
        return new Place(call.vault(), scope);
    }

    private static ObjectNode render(Place place, RoleAssignment a) {
        String scope = place.local(a.scope());
        ObjectNode out = Json.object()
                .put("id", (scope.equals("/") ? "" : scope) + ASSIGNMENTS + "/" + a.name())
                .put("name", a.name().toString())
                .put("type", "Microsoft.Authorization/roleAssignments");
        out.putObject("properties")
                .put("principalId", a.principal().toString())
                .put("roleDefinitionId", DEFINITION_ID + a.role())
                .put("scope", scope);
        return out;
    }

    private static ObjectNode render(Role role) {
        ObjectNode out = Json.object()
                .put("id", DEFINITION_ID + role.id())
                .put("name", role.id().toString())
                .put("type", "Microsoft.Authorization/roleDefinitions");
        ObjectNode properties = out.putObject("properties")
                .put("roleName", role.name())
                .put("description", role.description())
                .put("type", "AKVBuiltInRole");
        properties.putArray("assignableScopes").add("/");
        ObjectNode permission = properties.putArray("permissions").addObject();
        permission.putArray("actions");
        permission.putArray("notActions");
        var data = permission.putArray("dataActions");
        role.dataActions().forEach(data::add);
        permission.putArray("notDataActions");
        return out;
    }
}
