package dev.keyturn.server.arm.authorization;

import dev.keyturn.core.directory.RoleGrants;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Guid;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.filter.AssignmentFilter;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code {scope}/providers/Microsoft.Authorization/roleAssignments}, at a subscription, a group, a resource or a key of a vault. */
public final class RoleAssignmentRoutes {
    private static final String TYPE = RoleDocuments.ASSIGNMENT;
    private static final String PATH = "/providers/" + TYPE;
    private static final Shape SHAPE = Shape.arm()
            .text("properties.roleDefinitionId", "properties.principalId")
            .text("properties.description", "properties.condition", "properties.principalType")
            .any("properties.scope", "properties.conditionVersion")
            .build();
    static final List<String> SCOPES = List.of(
            "/subscriptions/{subscription}",
            "/subscriptions/{subscription}/resourceGroups/{group}",
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/{type}/{resource}",
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/{type}/{resource}/{child}/{key}");

    private final RoleGrants grants;
    private final Predicate<Scope> exists;

    private RoleAssignmentRoutes(RoleGrants grants, Predicate<Scope> exists) {
        this.grants = grants;
        this.exists = exists;
    }

    /** @param exists whether there is such a scope, so that nothing is granted on what is not there */
    public static void add(ArmRoutes routes, RoleGrants grants, Predicate<Scope> exists) {
        RoleAssignmentRoutes handlers = new RoleAssignmentRoutes(grants, exists);
        routes.type(TYPE);
        for (String scope : SCOPES) {
            routes.add("GET", scope + PATH, handlers::list)
                    .add("GET", scope + PATH + "/{name}", handlers::get)
                    .add("PUT", scope + PATH + "/{name}", handlers::put)
                    .add("DELETE", scope + PATH + "/{name}", handlers::delete);
        }
    }

    private Response list(Call call, Request request) {
        Scope scope = scope(request);
        grants.requireRead(call, scope);
        AssignmentFilter filter = AssignmentFilter.of(request.query("$filter"));
        var body = Json.object();
        var value = body.putArray("value");
        grants.list(call, scope, !filter.atScopeOnly()).stream()
                .filter(a -> filter.lets(a.principal()))
                .forEach(a -> value.add(RoleDocuments.assignment(a, request.variable("subscription"))));
        return Response.ok(body);
    }

    private Response get(Call call, Request request) {
        Scope scope = scope(request);
        grants.requireRead(call, scope);
        RoleAssignment found = name(request)
                .flatMap(name -> grants.find(call, scope, name))
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "RoleAssignmentNotFound",
                                "The role assignment '" + request.variable("name") + "' is not found."))
                        .asException());
        return Response.ok(RoleDocuments.assignment(found, request.variable("subscription")));
    }

    private Response put(Call call, Request request) {
        Scope scope = scope(request);
        grants.requireGrant(call, scope);
        Fields body = Fields.of(request.json(), SHAPE);
        Optional<UUID> name = name(request);
        if (name.isEmpty()) {
            body.problem("name", "The role assignment's name must be a GUID, not '" + request.variable("name") + "'.");
        }
        String roleId = body.requiredText("properties.roleDefinitionId");
        Optional<Role> role = Roles.parse(roleId);
        if (!roleId.isBlank() && role.isEmpty()) {
            body.problem(
                    "properties.roleDefinitionId",
                    "The specified role definition '" + roleId + "' does not exist. GET"
                            + " .../Microsoft.Authorization/roleDefinitions lists those that do.");
        }
        String principalId = body.requiredText("properties.principalId");
        Optional<PrincipalId> principal = PrincipalId.parse(principalId);
        if (!principalId.isBlank() && principal.isEmpty()) {
            body.problem(
                    "properties.principalId", "'properties.principalId' must be a GUID, the principal's object id.");
        }
        Optional<String> principalType = body.text("properties.principalType");
        principalType
                .filter(t -> HolderKind.named(t).isEmpty())
                .ifPresent(t -> body.problem(
                        "properties.principalType",
                        "'properties.principalType' must be one of "
                                + Arrays.stream(HolderKind.values())
                                        .map(HolderKind::wire)
                                        .collect(Collectors.joining(", "))
                                + ", not '"
                                + t + "'."));
        Optional<String> description = body.text("properties.description");
        if (body.text("properties.condition").isPresent()) {
            body.problem("properties.condition", "Conditions on role assignments are not served here; leave it out.");
        }
        body.done();
        requireThere(scope);
        RoleAssignments.Granted granted = grants.grant(
                call,
                new RoleAssignments.Grant(
                        name.orElseThrow(),
                        scope,
                        role.orElseThrow().id(),
                        principal.orElseThrow(),
                        description,
                        principalType.flatMap(HolderKind::named)));
        return Response.json(
                granted.created() ? 201 : 200,
                RoleDocuments.assignment(granted.assignment(), request.variable("subscription")));
    }

    private Response delete(Call call, Request request) {
        Scope scope = scope(request);
        grants.requireRevoke(call, scope);
        return name(request)
                .flatMap(name -> grants.revoke(call, scope, name))
                .map(a -> Response.ok(RoleDocuments.assignment(a, request.variable("subscription"))))
                .orElseGet(() -> Response.empty(204));
    }

    private static Scope scope(Request request) {
        return ArmRoutes.extended(request, TYPE);
    }

    private void requireThere(Scope scope) {
        if (!exists.test(scope)) {
            throw scope.id()
                    .filter(ArmId::isHead)
                    .map(DomainError::notFound)
                    .orElseGet(() -> new DomainError.NotFound(ErrorInfo.of(
                            "ResourceNotFound",
                            "There is nothing at the scope '" + scope + "'. Below a vault, roles are assigned at a key"
                                    + " that it has: .../vaults/NAME/keys/KEY.")))
                    .asException();
        }
    }

    private static Optional<UUID> name(Request request) {
        return Guid.parse(request.variable("name"));
    }
}
