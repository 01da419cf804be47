package dev.keyturn.server.arm.compute;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.image.Image;
import dev.keyturn.core.image.ImageService;
import dev.keyturn.core.image.ImageSpec;
import dev.keyturn.core.model.ArmId;
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

/** {@code Microsoft.Compute/images}. What is asked for is done by the time of the answer, so there is nothing to poll. */
final class ImageRoutes {
    private static final String TYPE = Image.TYPE;
    private static final String ALL = "/subscriptions/{subscription}/providers/" + TYPE;
    private static final String IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + TYPE;
    private static final String ONE = IN_GROUP + "/{name}";

    private final ImageService images;

    ImageRoutes(ImageService images) {
        this.images = images;
    }

    void add(ArmRoutes routes) {
        routes.type(TYPE)
                .add("GET", ALL, (call, r) -> list(call, r, Optional.empty()))
                .add("GET", IN_GROUP, (call, r) -> list(call, r, Optional.of(r.variable("group"))))
                .add("GET", ONE, this::get)
                .add("PUT", ONE, this::put)
                .add("PATCH", ONE, this::patch)
                .add("DELETE", ONE, this::delete);
    }

    private Response list(Call call, Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<Image> found = images.page(call, request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, i -> i.id().key(), ImageBody::render);
    }

    private Response get(Call call, Request request) {
        Image found = images.get(call, ResourceNames.resource(request, TYPE));
        return Response.ok(ImageBody.render(found)).with("ETag", ETags.of(found.head()));
    }

    private Response put(Call call, Request request) {
        ArmId id = ResourceNames.fit(images.place(call, ResourceNames.resource(request, TYPE)));
        ImageSpec spec = ImageBody.read(id, ResourceBody.of(request, ImageBody.SHAPE));
        return answer(images.save(call, spec, ETags.condition(request)));
    }

    private Response patch(Call call, Request request) {
        ArmId id = images.place(call, ResourceNames.resource(request, TYPE));
        ObjectNode patch = ResourceBody.of(request, ImageBody.SHAPE);
        return answer(images.change(
                call,
                id,
                ETags.condition(request),
                found -> ImageBody.read(
                        found.id(), ResourceBody.patched(ImageBody.render(found), patch, ImageBody.SHAPE))));
    }

    private Response delete(Call call, Request request) {
        boolean was = images.delete(call, ResourceNames.resource(request, TYPE), ETags.condition(request));
        return Response.empty(was ? 200 : 204);
    }

    private static Response answer(ImageService.Saved saved) {
        return Response.json(saved.created() ? 201 : 200, ImageBody.render(saved.image()))
                .with("ETag", ETags.of(saved.image().head()));
    }
}
