package dev.keyturn.server.arm.resource;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.resource.UserAssignedIdentity;
import dev.keyturn.core.resource.UserAssignedIdentityService;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code Microsoft.ManagedIdentity/userAssignedIdentities}. */
public final class UserAssignedIdentityRoutes {
    private static final String TYPE = UserAssignedIdentityService.TYPE;
    private static final String ALL = "/subscriptions/{subscription}/providers/" + TYPE;
    private static final String IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + TYPE;
    private static final String ONE = IN_GROUP + "/{name}";

    private final UserAssignedIdentityService identities;
    private final Doors doors;
    private final Subscription subscription;

    private UserAssignedIdentityRoutes(UserAssignedIdentityService identities, Doors doors, Subscription subscription) {
        this.identities = identities;
        this.doors = doors;
        this.subscription = subscription;
    }

    public static void add(
            ArmRoutes routes, UserAssignedIdentityService identities, Doors doors, Subscription subscription) {
        UserAssignedIdentityRoutes handlers = new UserAssignedIdentityRoutes(identities, doors, subscription);
        routes.type(TYPE)
                .add("GET", ALL, (call, request) -> handlers.list(call, request, Optional.empty()))
                .add(
                        "GET",
                        IN_GROUP,
                        (call, request) -> handlers.list(call, request, Optional.of(request.variable("group"))))
                .add("GET", ONE, handlers::get)
                .add("PUT", ONE, handlers::put)
                .add("PATCH", ONE, handlers::patch)
                .add("DELETE", ONE, handlers::delete);
    }

    private Response list(Call call, Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<UserAssignedIdentity> found =
                identities.page(call, request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, i -> i.resource().id().key(), this::render);
    }

    private Response get(Call call, Request request) {
        return answer(200, identities.get(call, ResourceNames.resource(request, TYPE)));
    }

    private Response put(Call call, Request request) {
        ObjectNode body = ResourceBody.of(doors, call, Action.IDENTITY_WRITE, request, OpaqueRoutes.SHAPE);
        ArmId id = ResourceNames.fit(ResourceNames.resource(request, TYPE));
        Draft draft = OpaqueRoutes.draft(body);
        UserAssignedIdentity.Saved saved = identities.put(call, id, ETags.condition(request), _ -> draft);
        return answer(saved.created() ? 201 : 200, saved.identity());
    }

    private Response patch(Call call, Request request) {
        ObjectNode patch = ResourceBody.of(doors, call, Action.IDENTITY_WRITE, request, OpaqueRoutes.SHAPE);
        ArmId id = ResourceNames.resource(request, TYPE);
        return answer(
                200,
                identities.change(
                        call,
                        id,
                        ETags.condition(request),
                        present -> OpaqueRoutes.draft(OpaqueRoutes.merged(present, patch))));
    }

    private Response delete(Call call, Request request) {
        boolean deleted = identities.delete(call, ResourceNames.resource(request, TYPE), ETags.condition(request));
        return Response.empty(deleted ? 200 : 204);
    }

    private Response answer(int status, UserAssignedIdentity identity) {
        return Response.json(status, render(identity)).with("ETag", ETags.of(identity.resource()));
    }

    /** Azure has no provisioning state here. */
    private ObjectNode render(UserAssignedIdentity identity) {
        Principal principal = identity.principal();
        ObjectNode out = ResourceBody.render(identity.resource(), OpaqueRoutes.SHAPE);
        ResourceBody.properties(out)
                .put("tenantId", subscription.tenant())
                .put("principalId", principal.id().toString())
                .put("clientId", principal.appId().toString())
                .remove("provisioningState");
        return out;
    }
}
