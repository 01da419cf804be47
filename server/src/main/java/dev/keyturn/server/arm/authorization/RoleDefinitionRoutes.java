package dev.keyturn.server.arm.authorization;

import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.wire.Json;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code roleDefinitions}: the built-in roles, the same at every scope; anybody with a token may read them. */
public final class RoleDefinitionRoutes {
    private static final String TYPE = "/providers/Microsoft.Authorization/roleDefinitions";
    private static final Pattern BY_NAME = Pattern.compile("(?i)\\s*roleName\\s+eq\\s+'((?:[^']|'')*)'\\s*");
    private static final Pattern OTHERS =
            Pattern.compile("(?i)\\s*(atScopeAndBelow\\(\\)|type\\s+eq\\s+'(BuiltInRole|CustomRole)'|)\\s*");

    private RoleDefinitionRoutes() {}

    public static void add(ArmRoutes routes) {
        routes.type("Microsoft.Authorization/roleDefinitions")
                .addForAnyCaller("GET", TYPE, RoleDefinitionRoutes::list)
                .addForAnyCaller("GET", TYPE + "/{id}", RoleDefinitionRoutes::get);
        for (String scope : RoleAssignmentRoutes.SCOPES) {
            routes.addForAnyCaller("GET", scope + TYPE, RoleDefinitionRoutes::list)
                    .addForAnyCaller("GET", scope + TYPE + "/{id}", RoleDefinitionRoutes::get);
        }
    }

    private static Response list(Caller caller, Request request) {
        String filter = request.query("$filter").orElse("");
        Matcher byName = BY_NAME.matcher(filter);
        Optional<String> name = byName.matches() ? Optional.of(byName.group(1).replace("''", "'")) : Optional.empty();
        if (name.isEmpty() && !OTHERS.matcher(filter).matches()) {
            throw DomainError.invalid(
                            "$filter",
                            "The filter '" + filter + "' is not one of: roleName eq '<name>', type eq 'BuiltInRole',"
                                    + " atScopeAndBelow().")
                    .asException();
        }
        boolean none = filter.toLowerCase(Locale.ROOT).contains("'customrole'") && name.isEmpty();
        var body = Json.object();
        var value = body.putArray("value");
        Roles.all(Role.Kind.AZURE).stream()
                .filter(_ -> !none)
                .filter(r -> name.map(r.name()::equalsIgnoreCase).orElse(true))
                .forEach(r -> value.add(RoleDocuments.definition(r, prefix(request))));
        return Response.ok(body);
    }

    private static Response get(Caller caller, Request request) {
        return Roles.parse(request.variable("id"))
                .filter(r -> r.kind() == Role.Kind.AZURE)
                .map(r -> Response.ok(RoleDocuments.definition(r, prefix(request))))
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "RoleDefinitionDoesNotExist",
                                "The specified role definition with ID '" + request.variable("id")
                                        + "' does not exist."))
                        .asException());
    }

    private static String prefix(Request request) {
        return Optional.ofNullable(request.variables().get("subscription"))
                .map(s -> "/subscriptions/" + s)
                .orElse("");
    }
}
