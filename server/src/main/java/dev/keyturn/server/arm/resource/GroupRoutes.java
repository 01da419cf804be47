package dev.keyturn.server.arm.resource;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.resource.Saved;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /subscriptions/S/resourceGroups}. */
public final class GroupRoutes {
    private static final String LIST = "/subscriptions/{subscription}/resourceGroups";
    private static final String ONE = LIST + "/{group}";

    static final Shape SHAPE = Shape.resource()
            .text("managedBy")
            .object("properties")
            .lasting("location")
            .build();

    private final ResourceGroupService groups;
    private final Doors doors;

    private GroupRoutes(ResourceGroupService groups, Doors doors) {
        this.groups = groups;
        this.doors = doors;
    }

    public static void add(ArmRoutes routes, ResourceGroupService groups, Doors doors) {
        GroupRoutes handlers = new GroupRoutes(groups, doors);
        routes.type("Microsoft.Resources/resourceGroups")
                .add("GET", LIST, handlers::list)
                .add("GET", ONE, handlers::get)
                .add("HEAD", ONE, handlers::head)
                .add("PUT", ONE, handlers::put)
                .add("PATCH", ONE, handlers::patch)
                .add("DELETE", ONE, handlers::delete);
    }

    private Response list(Call call, Request request) {
        Page page = Page.of(request);
        ResourceFilter filter = ResourceFilter.of(request);
        List<Resource> found = page.read(
                after -> groups.page(call, request.variable("subscription"), after, Page.CHUNK),
                r -> r.id().key(),
                filter.test());
        return page.answer(request, found, r -> r.id().key(), r -> ResourceBody.render(r, SHAPE));
    }

    private Response get(Call call, Request request) {
        Resource group = groups.get(call, ResourceNames.group(request));
        return Response.ok(ResourceBody.render(group, SHAPE)).with("ETag", ETags.of(group));
    }

    private Response head(Call call, Request request) {
        return Response.empty(groups.exists(call, ResourceNames.group(request)) ? 204 : 404);
    }

    private Response put(Call call, Request request) {
        ObjectNode body = ResourceBody.of(doors, call, Action.GROUP_WRITE, request, SHAPE);
        ArmId id = ResourceNames.fit(ResourceNames.group(request));
        Draft draft = draft(body);
        return answer(groups.put(call, id, ETags.condition(request), _ -> draft));
    }

    private Response patch(Call call, Request request) {
        ObjectNode patch = ResourceBody.of(doors, call, Action.GROUP_WRITE, request, SHAPE);
        return answer(groups.change(
                call,
                ResourceNames.group(request),
                ETags.condition(request),
                present -> draft(ResourceBody.patched(ResourceBody.render(present, SHAPE), patch, SHAPE))));
    }

    private Response delete(Call call, Request request) {
        ResourceGroupService.Deletion begun =
                groups.delete(call, ResourceNames.group(request), ETags.condition(request));
        return LongRunning.action(request, begun.operation(), begun.location());
    }

    private static Draft draft(ObjectNode body) {
        Fields fields = Fields.of(body, SHAPE);
        Draft draft = ResourceBody.draft(fields);
        fields.object("properties");
        fields.text("managedBy");
        fields.done();
        return draft;
    }

    private static Response answer(Saved saved) {
        return Response.json(saved.created() ? 201 : 200, ResourceBody.render(saved.resource(), SHAPE))
                .with("ETag", ETags.of(saved.resource()));
    }
}
