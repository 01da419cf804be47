package dev.keyturn.server.arm.authorization;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.filter.Filter;
import dev.keyturn.server.filter.FilterText;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code roleDefinitions}: the built-in roles, the same at every scope; anybody with a token may read them. */
public final class RoleDefinitionRoutes {
    private static final String PATH = "/providers/" + RoleDocuments.DEFINITION;
    private static final String USAGE = "roleName eq '<name>', type eq 'BuiltInRole', type eq 'CustomRole' or"
            + " atScopeAndBelow(), joined by 'and', 'or', 'not'";

    private RoleDefinitionRoutes() {}

    public static void add(ArmRoutes routes) {
        routes.type(RoleDocuments.DEFINITION)
                .add("GET", PATH, RoleDefinitionRoutes::list)
                .add("GET", PATH + "/{id}", RoleDefinitionRoutes::get);
        for (String scope : RoleAssignmentRoutes.SCOPES) {
            routes.add("GET", scope + PATH, RoleDefinitionRoutes::list)
                    .add("GET", scope + PATH + "/{id}", RoleDefinitionRoutes::get);
        }
    }

    private static Response list(Call call, Request request) {
        Predicate<Role> filter = FilterText.of(request.query("$filter"), USAGE)
                .map(text -> text.parse().test(term -> meaning(text, term)))
                .orElse(_ -> true);
        var body = Json.object();
        var value = body.putArray("value");
        Roles.all(Role.Kind.AZURE).stream()
                .filter(filter)
                .forEach(r -> value.add(RoleDocuments.definition(r, subscription(request))));
        return Response.ok(body);
    }

    /** All roles are built in, and the same at every scope. */
    private static Predicate<Role> meaning(FilterText text, Filter.Term term) {
        String value = term.value().orElse("");
        if (term.is(Filter.Form.EQUALS, "roleName")) {
            return r -> r.name().equalsIgnoreCase(value);
        }
        boolean builtIn = value.equalsIgnoreCase("BuiltInRole");
        if (term.is(Filter.Form.EQUALS, "type") && (builtIn || value.equalsIgnoreCase("CustomRole"))) {
            return _ -> builtIn;
        }
        if (term.is(Filter.Form.CALL, "atScopeAndBelow") && term.arguments().isEmpty()) {
            return _ -> true;
        }
        throw text.refused(term);
    }

    private static Response get(Call call, Request request) {
        return Roles.parse(request.variable("id"))
                .filter(r -> r.kind() == Role.Kind.AZURE)
                .map(r -> Response.ok(RoleDocuments.definition(r, subscription(request))))
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "RoleDefinitionDoesNotExist",
                                "The specified role definition with ID '" + request.variable("id")
                                        + "' does not exist."))
                        .asException());
    }

    private static ArmId subscription(Request request) {
        return Optional.ofNullable(request.variables().get("subscription"))
                .map(ArmId::subscription)
                .orElse(ArmId.TENANT);
    }
}
