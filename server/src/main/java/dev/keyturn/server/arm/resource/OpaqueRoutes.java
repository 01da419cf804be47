package dev.keyturn.server.arm.resource;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.Saved;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Shape;
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

/** Resources of the types that are kept as documents without behaviour: network resources that CVMs refer to. */
public final class OpaqueRoutes {
    static final Shape SHAPE =
            Shape.resource().object("properties").lasting("location").build();

    private final GenericResourceService resources;
    private final Doors doors;
    private final String type;
    private final Action write;

    private OpaqueRoutes(GenericResourceService resources, Doors doors, String type) {
        this.resources = resources;
        this.doors = doors;
        this.type = type;
        this.write = Action.of(type + "/write");
    }

    public static void add(ArmRoutes routes, GenericResourceService resources, Doors doors) {
        GenericResourceService.OPAQUE.forEach(type -> new OpaqueRoutes(resources, doors, type).add(routes));
    }

    private void add(ArmRoutes routes) {
        String all = "/subscriptions/{subscription}/providers/" + type;
        String inGroup = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + type;
        String one = inGroup + "/{name}";
        routes.type(type)
                .add("GET", all, (call, request) -> list(call, request, Optional.empty()))
                .add("GET", inGroup, (call, request) -> list(call, request, Optional.of(request.variable("group"))))
                .add("GET", one, this::get)
                .add("PUT", one, this::put)
                .add("PATCH", one, this::patch)
                .add("DELETE", one, this::delete);
    }

    private Response list(Call call, Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<Resource> found =
                resources.ofType(call, type, request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, r -> r.id().key(), OpaqueRoutes::render);
    }

    private Response get(Call call, Request request) {
        Resource found = resources.get(call, ResourceNames.resource(request, type));
        return Response.ok(render(found)).with("ETag", ETags.of(found));
    }

    private Response put(Call call, Request request) {
        ObjectNode body = ResourceBody.of(doors, call, write, request, SHAPE);
        ArmId id = ResourceNames.fit(ResourceNames.resource(request, type));
        Draft draft = draft(body);
        return answer(resources.put(call, id, ETags.condition(request), _ -> draft));
    }

    private Response patch(Call call, Request request) {
        ObjectNode patch = ResourceBody.of(doors, call, write, request, SHAPE);
        ArmId id = ResourceNames.resource(request, type);
        return answer(resources.change(call, id, ETags.condition(request), present -> draft(merged(present, patch))));
    }

    static ObjectNode merged(Resource present, ObjectNode patch) {
        return ResourceBody.patched(ResourceBody.render(present, SHAPE), patch, SHAPE);
    }

    private Response delete(Call call, Request request) {
        boolean deleted = resources.delete(call, ResourceNames.resource(request, type), ETags.condition(request));
        return Response.empty(deleted ? 200 : 204);
    }

    static Draft draft(ObjectNode body) {
        Fields fields = Fields.of(body, SHAPE);
        Draft draft = ResourceBody.draft(fields);
        fields.object("properties");
        fields.done();
        return draft;
    }

    private static Response answer(Saved saved) {
        return Response.json(saved.created() ? 201 : 200, render(saved.resource()))
                .with("ETag", ETags.of(saved.resource()));
    }

    private static ObjectNode render(Resource resource) {
        return ResourceBody.render(resource, SHAPE).put("etag", ETags.of(resource));
    }
}
