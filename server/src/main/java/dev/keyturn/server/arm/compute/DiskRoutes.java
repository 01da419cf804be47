package dev.keyturn.server.arm.compute;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskService;
import dev.keyturn.core.disk.DiskSpec;
import dev.keyturn.core.disk.DiskView;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.image.Image;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.arm.Patching;
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
    private final ResourceGroupService groups;
    private final Patching patching = new Patching();
    private final Access access;

    DiskRoutes(DiskService disks, ResourceGroupService groups, Access access) {
        this.disks = disks;
        this.groups = groups;
        this.access = access;
    }

    void add(ArmRoutes routes) {
        routes.type(TYPE)
                .add("GET", ALL, TYPE + "/read", (_, r) -> list(r, Optional.empty()))
                .add("GET", IN_GROUP, TYPE + "/read", (_, r) -> listGroup(r))
                .add("GET", ONE, TYPE + "/read", (_, r) -> get(r))
                .add("PUT", ONE, TYPE + "/write", this::put)
                .add("PATCH", ONE, TYPE + "/write", this::patch)
                .add("DELETE", ONE, TYPE + "/delete", this::delete);
    }

    /** For the answer of an operation that has ended. */
    ObjectNode render(ArmId id) {
        return DiskBody.render(disks.get(id));
    }

    private Response listGroup(Request request) {
        ArmId group = groups.get(ResourceNames.group(request)).id();
        return list(request, Optional.of(group.resourceGroup()));
    }

    private Response list(Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<DiskView> found = disks.page(request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, d -> d.disk().id().key(), DiskBody::render);
    }

    private Response get(Request request) {
        DiskView found = disks.get(present(request));
        return Response.ok(DiskBody.render(found))
                .with("ETag", ETags.of(found.disk().head()));
    }

    private Response put(Call call, Request request) {
        ArmId id = ResourceNames.fit(present(request));
        DiskSpec spec = DiskBody.read(id, ResourceBody.of(request, DiskBody.SHAPE));
        requireLinked(call, spec);
        return answer(
                request,
                disks.save(spec, ETags.condition(request), call.caller().name()));
    }

    private Response patch(Call call, Request request) {
        ObjectNode patch = ResourceBody.of(request, DiskBody.SHAPE);
        ArmId id = present(request);
        Precondition asked = ETags.condition(request);
        return patching.untilUnchanged(id, asked, () -> {
            DiskView found = disks.get(id);
            asked.check(id, Optional.of(found.disk().head()));
            DiskSpec spec = DiskBody.read(
                    found.disk().id(), ResourceBody.patched(DiskBody.render(found), patch, DiskBody.SHAPE));
            requireLinked(call, spec);
            Precondition same = Precondition.revision(found.disk().head().revision());
            return answer(request, disks.save(spec, same, call.caller().name()));
        });
    }

    private Response delete(Call call, Request request) {
        String location = groups.get(ResourceNames.group(request)).location();
        return disks.delete(
                        present(request),
                        ETags.condition(request),
                        call.caller().name())
                .map(o -> LongRunning.action(request, o, location))
                .orElseGet(() -> Response.empty(204));
    }

    private ArmId present(Request request) {
        ArmId group = groups.get(ResourceNames.group(request)).id();
        return new ArmId(group.subscription(), group.resourceGroup(), TYPE, request.variable("name"));
    }

    private void requireLinked(Call call, DiskSpec spec) {
        spec.set().ifPresent(s -> access.require(call.caller(), DiskEncryptionSet.TYPE + "/read", Scope.of(s)));
        spec.image().ifPresent(i -> access.require(call.caller(), Image.TYPE + "/read", Scope.of(i)));
    }

    private Response answer(Request request, Accepted<Disk> accepted) {
        DiskView view = disks.get(accepted.resource().id());
        Response response = Response.json(accepted.operation().running() ? 202 : 200, DiskBody.render(view))
                .with("ETag", ETags.of(view.disk().head()));
        return LongRunning.headers(
                response, request, accepted.operation(), view.disk().head().location());
    }
}
