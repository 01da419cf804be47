package dev.keyturn.server.arm.compute;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.diskset.DiskSetSpec;
import dev.keyturn.core.diskset.SetView;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.server.arm.ArmErrors;
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
import tools.jackson.databind.node.StringNode;

/** {@code Microsoft.Compute/diskEncryptionSets}. */
final class DiskSetRoutes {
    private static final String ACCEPTED_FROM = "2020-05-01";

    private static final String TYPE = DiskEncryptionSet.TYPE;
    private static final String ALL = "/subscriptions/{subscription}/providers/" + TYPE;
    private static final String IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + TYPE;
    static final String ONE = IN_GROUP + "/{name}";

    private final DiskSetService sets;
    private final DiskSetView view;

    DiskSetRoutes(DiskSetService sets, DiskSetView view) {
        this.sets = sets;
        this.view = view;
    }

    void add(ArmRoutes routes) {
        routes.type(TYPE)
                .add("GET", ALL, (call, r) -> list(call, r, Optional.empty()))
                .add("GET", IN_GROUP, (call, r) -> list(call, r, Optional.of(r.variable("group"))))
                .add("GET", ONE, this::get)
                .add("PUT", ONE, this::put)
                .add("PATCH", ONE, this::patch)
                .add("DELETE", ONE, this::delete)
                .add("GET", ONE + "/associatedResources", this::associated)
                .add("GET", ONE + "/census", this::census);
    }

    /** For the answer of an operation that has ended. */
    ObjectNode render(Call call, ArmId id) {
        return view.render(sets.show(call, id));
    }

    private Response list(Call call, Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<SetView> found = sets.page(call, request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, s -> s.set().id().key(), view::render);
    }

    private Response get(Call call, Request request) {
        SetView shown = sets.show(call, ResourceNames.resource(request, TYPE));
        return Response.ok(view.render(shown)).with("ETag", ETags.of(shown.set().head()));
    }

    private Response put(Call call, Request request) {
        ArmId id = sets.place(call, ResourceNames.resource(request, TYPE));
        DiskSetSpec spec = DiskSetBody.read(id, ResourceBody.of(request, DiskSetBody.SHAPE));
        return answer(request, sets.save(call, spec, ETags.condition(request)));
    }

    private Response patch(Call call, Request request) {
        ArmId id = sets.place(call, ResourceNames.resource(request, TYPE));
        ObjectNode patch = ResourceBody.of(request, DiskSetBody.SHAPE);
        return answer(
                request,
                sets.change(
                        call,
                        id,
                        ETags.condition(request),
                        now -> DiskSetBody.read(now.set().id(), DiskSetBody.patched(view.render(now), patch))));
    }

    private Response delete(Call call, Request request) {
        return sets.delete(call, ResourceNames.resource(request, TYPE), ETags.condition(request))
                .map(gone -> LongRunning.action(
                        request, gone.operation(), gone.resource().head().location()))
                .orElseGet(() -> Response.empty(204));
    }

    private Response associated(Call call, Request request) {
        Page page = Page.of(request);
        List<ArmId> found = sets.associated(call, ResourceNames.resource(request, TYPE), page.after(), page.fetch());
        return page.answer(request, found, ArmId::key, id -> StringNode.valueOf(id.toString()));
    }

    private Response census(Call call, Request request) {
        return Response.ok(view.census(sets.census(call, ResourceNames.resource(request, TYPE))));
    }

    private Response answer(Request request, Accepted<SetView> accepted) {
        DiskEncryptionSet set = accepted.resource().set();
        ObjectNode body = view.render(accepted.resource());
        if (!accepted.warnings().isEmpty()) {
            var warnings = body.putArray("warnings");
            accepted.warnings().forEach(w -> warnings.add(ArmErrors.body(w)));
        }
        int status = accepted.operation().running() ? underWay(request) : 200;
        Response response = Response.json(status, body).with("ETag", ETags.of(set.head()));
        return LongRunning.headers(
                response, request, accepted.operation(), set.head().location());
    }

    /** Clients of the first two versions take 201 alone for a PUT whose work goes on, those of all others 202. */
    private static int underWay(Request request) {
        boolean first = request.query("api-version")
                .filter(v -> v.compareTo(ACCEPTED_FROM) < 0)
                .isPresent();
        return first && request.method().equals("PUT") ? 201 : 202;
    }
}
