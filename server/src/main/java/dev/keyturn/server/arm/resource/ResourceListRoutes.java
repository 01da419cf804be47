package dev.keyturn.server.arm.resource;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists of resources of all types: of the subscription, and of one group. */
public final class ResourceListRoutes {
    private final GenericResourceService resources;

    private ResourceListRoutes(GenericResourceService resources) {
        this.resources = resources;
    }

    public static void add(ArmRoutes routes, GenericResourceService resources) {
        ResourceListRoutes handlers = new ResourceListRoutes(resources);
        routes.add(
                        "GET",
                        "/subscriptions/{subscription}/resources",
                        (call, request) -> handlers.list(call, request, Optional.empty()))
                .add(
                        "GET",
                        "/subscriptions/{subscription}/resourceGroups/{group}/resources",
                        (call, request) -> handlers.list(call, request, Optional.of(request.variable("group"))));
    }

    private Response list(Call call, Request request, Optional<String> group) {
        Page page = Page.of(request);
        ResourceFilter filter = ResourceFilter.of(request);
        List<Resource> found = page.read(
                after -> resources.all(call, request.variable("subscription"), group, filter.type(), after, Page.CHUNK),
                r -> r.id().key(),
                filter.test().and(r -> !r.id().isGroup()));
        return page.answer(request, found, r -> r.id().key(), ResourceListRoutes::summary);
    }

    /** Heads alone: what a type's own GET says more is not part of a list of everything. */
    private static JsonNode summary(Resource resource) {
        ObjectNode full = ResourceBody.render(resource, OpaqueRoutes.SHAPE);
        full.remove("properties");
        full.retain("id", "name", "type", "location", "tags", "kind", "sku", "identity", "zones", "managedBy");
        full.put("createdTime", resource.createdAt().toString());
        full.put("changedTime", resource.changedAt().toString());
        full.put("provisioningState", resource.state().wire());
        return full;
    }
}
