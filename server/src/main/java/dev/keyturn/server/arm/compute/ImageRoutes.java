package dev.keyturn.server.arm.compute;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.image.Image;
import dev.keyturn.core.image.ImageService;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.Patching;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code Microsoft.Compute/images}. What is asked for is done by the time of the answer, so there is nothing to poll. */
final class ImageRoutes {
    private static final String TYPE = Image.TYPE;
    private static final String ALL = "/subscriptions/{subscription}/providers/" + TYPE;
    private static final String IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + TYPE;
    private static final String ONE = IN_GROUP + "/{name}";

    private final ImageService images;
    private final ResourceGroupService groups;
    private final Patching patching = new Patching();

    ImageRoutes(ImageService images, ResourceGroupService groups) {
        this.images = images;
        this.groups = groups;
    }

    void add(ArmRoutes routes) {
        routes.type(TYPE)
                .add("GET", ALL, TYPE + "/read", (_, r) -> list(r, Optional.empty()))
                .add("GET", IN_GROUP, TYPE + "/read", (_, r) -> listGroup(r))
                .add("GET", ONE, TYPE + "/read", (_, r) -> get(r))
                .add("PUT", ONE, TYPE + "/write", this::put)
                .add("PATCH", ONE, TYPE + "/write", this::patch)
                .add("DELETE", ONE, TYPE + "/delete", (_, r) -> delete(r));
    }

    private Response listGroup(Request request) {
        ArmId group = groups.get(ResourceNames.group(request)).id();
        return list(request, Optional.of(group.resourceGroup()));
    }

    private Response list(Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<Image> found = images.page(request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, i -> i.id().key(), ImageBody::render);
    }

    private Response get(Request request) {
        Image found = images.get(present(request));
        return Response.ok(ImageBody.render(found)).with("ETag", ETags.of(found.head()));
    }

    private Response put(Call call, Request request) {
        ArmId id = ResourceNames.fit(present(request));
        return answer(
                images.save(ImageBody.read(id, ResourceBody.of(request, ImageBody.SHAPE)), ETags.condition(request)));
    }

    private Response patch(Call call, Request request) {
        ObjectNode patch = ResourceBody.of(request, ImageBody.SHAPE);
        ArmId id = present(request);
        Precondition asked = ETags.condition(request);
        return patching.untilUnchanged(id, asked, () -> {
            Image found = images.get(id);
            asked.check(id, Optional.of(found.head()));
            ObjectNode body = ResourceBody.patched(ImageBody.render(found), patch, ImageBody.SHAPE);
            Precondition same = Precondition.revision(found.head().revision());
            return answer(images.save(ImageBody.read(found.id(), body), same));
        });
    }

    private Response delete(Request request) {
        return Response.empty(images.delete(present(request), ETags.condition(request)) ? 200 : 204);
    }

    private ArmId present(Request request) {
        ArmId group = groups.get(ResourceNames.group(request)).id();
        return new ArmId(group.subscription(), group.resourceGroup(), TYPE, request.variable("name"));
    }

    private static Response answer(ImageService.Saved saved) {
        return Response.json(saved.created() ? 201 : 200, ImageBody.render(saved.image()))
                .with("ETag", ETags.of(saved.image().head()));
    }
}
