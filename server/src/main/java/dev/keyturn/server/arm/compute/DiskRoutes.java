package dev.keyturn.server.arm.compute;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskService;
import dev.keyturn.core.disk.DiskSpec;
import dev.keyturn.core.disk.DiskView;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code Microsoft.Compute/disks}. */
final class DiskRoutes {
    private static final String TYPE = Disk.TYPE;
    private static final String ALL = "/subscriptions/{subscription}/providers/" + TYPE;
    private static final String IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + TYPE;
    private static final String ONE = IN_GROUP + "/{name}";

    private final DiskService disks;

    DiskRoutes(DiskService disks) {
        this.disks = disks;
    }

    void add(ArmRoutes routes) {
        routes.type(TYPE)
                .add("GET", ALL, (call, r) -> list(call, r, Optional.empty()))
                .add("GET", IN_GROUP, (call, r) -> list(call, r, Optional.of(r.variable("group"))))
                .add("GET", ONE, this::get)
                .add("PUT", ONE, this::put)
                .add("PATCH", ONE, this::patch)
                .add("DELETE", ONE, this::delete)
                .add("GET", ONE + "/artifacts", this::artifacts);
    }

    /** For the answer of an operation that has ended. */
    ObjectNode render(Call call, ArmId id) {
        return DiskBody.render(disks.get(call, id));
    }

    private Response list(Call call, Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<DiskView> found = disks.page(call, request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, d -> d.disk().id().key(), DiskBody::render);
    }

    private Response get(Call call, Request request) {
        DiskView found = disks.get(call, ResourceNames.resource(request, TYPE));
        return Response.ok(DiskBody.render(found))
                .with("ETag", ETags.of(found.disk().head()));
    }

    private Response artifacts(Call call, Request request) {
        DiskService.Keyed found = disks.keyed(call, ResourceNames.resource(request, TYPE));
        return Response.ok(
                VmViews.artifacts(found.view().disk(), found.artifact().stream().toList()));
    }

    private Response put(Call call, Request request) {
        ArmId id = ResourceNames.fit(disks.place(call, ResourceNames.resource(request, TYPE)));
        DiskSpec spec = DiskBody.read(id, ResourceBody.of(request, DiskBody.SHAPE));
        return answer(request, disks.save(call, spec, ETags.condition(request)));
    }

    private Response patch(Call call, Request request) {
        ArmId id = disks.place(call, ResourceNames.resource(request, TYPE));
        ObjectNode patch = ResourceBody.of(request, DiskBody.SHAPE);
        return answer(
                request,
                disks.change(
                        call,
                        id,
                        ETags.condition(request),
                        found -> DiskBody.read(
                                found.disk().id(),
                                ResourceBody.patched(DiskBody.render(found), patch, DiskBody.SHAPE))));
    }

    private Response delete(Call call, Request request) {
        return disks.delete(call, ResourceNames.resource(request, TYPE), ETags.condition(request))
                .map(gone -> LongRunning.action(
                        request, gone.operation(), gone.resource().head().location()))
                .orElseGet(() -> Response.empty(204));
    }

    private static Response answer(Request request, Accepted<DiskView> accepted) {
        DiskView view = accepted.resource();
        Response response = Response.json(accepted.operation().running() ? 202 : 200, DiskBody.render(view))
                .with("ETag", ETags.of(view.disk().head()));
        return LongRunning.headers(
                response, request, accepted.operation(), view.disk().head().location());
    }
}
