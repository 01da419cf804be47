package dev.keyturn.server.arm.compute;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.diskset.DiskSetSpec;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.server.arm.ArmErrors;
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
import tools.jackson.databind.node.StringNode;

/** {@code Microsoft.Compute/diskEncryptionSets}. */
final class DiskSetRoutes {
    private static final String ACCEPTED_FROM = "2020-05-01";

    private static final String TYPE = DiskEncryptionSet.TYPE;
    private static final String ALL = "/subscriptions/{subscription}/providers/" + TYPE;
    private static final String IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + TYPE;
    static final String ONE = IN_GROUP + "/{name}";

    private final DiskSetService sets;
    private final ResourceGroupService groups;
    private final Patching patching = new Patching();
    private final DiskSetView view;
    private final Access access;

    DiskSetRoutes(DiskSetService sets, ResourceGroupService groups, DiskSetView view, Access access) {
        this.sets = sets;
        this.groups = groups;
        this.view = view;
        this.access = access;
    }

    void add(ArmRoutes routes) {
        routes.type(TYPE)
                .add("GET", ALL, TYPE + "/read", (_, request) -> list(request, Optional.empty()))
                .add("GET", IN_GROUP, TYPE + "/read", this::listGroup)
                .add("GET", ONE, TYPE + "/read", this::get)
                .add("PUT", ONE, TYPE + "/write", this::put)
                .add("PATCH", ONE, TYPE + "/write", this::patch)
                .add("DELETE", ONE, TYPE + "/delete", this::delete)
                .add("GET", ONE + "/associatedResources", TYPE + "/read", this::associated)
                .add("GET", ONE + "/census", TYPE + "/read", this::census);
    }

    /** For the answer of an operation that has ended. */
    ObjectNode render(ArmId id) {
        return view.render(sets.get(id));
    }

    private Response listGroup(Call call, Request request) {
        ArmId group = groups.get(ResourceNames.group(request)).id();
        return list(request, Optional.of(group.resourceGroup()));
    }

    private Response list(Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<DiskEncryptionSet> found = sets.page(request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, s -> s.id().key(), view::render);
    }

    private Response get(Call call, Request request) {
        DiskEncryptionSet set = sets.get(present(request));
        return Response.ok(view.render(set)).with("ETag", ETags.of(set.head()));
    }

    private Response put(Call call, Request request) {
        DiskSetSpec spec = DiskSetBody.read(present(request), ResourceBody.of(request, DiskSetBody.SHAPE));
        requireAssign(call, spec, List.of());
        return answer(
                request, sets.save(spec, ETags.condition(request), call.caller().name()));
    }

    private Response patch(Call call, Request request) {
        ObjectNode patch = ResourceBody.of(request, DiskSetBody.SHAPE);
        ArmId id = present(request);
        Precondition asked = ETags.condition(request);
        return answer(request, patching.untilUnchanged(id, asked, () -> {
            DiskEncryptionSet set = sets.get(id);
            asked.check(id, Optional.of(set.head()));
            DiskSetSpec spec = DiskSetBody.read(set.id(), DiskSetBody.patched(view.render(set), patch));
            // on condition that the set is still as it was read, so that none is put back that was taken away meanwhile
            List<ArmId> kept = set.identity().assigned().stream()
                    .map(SetIdentity.UserAssigned::resource)
                    .toList();
            requireAssign(call, spec, kept);
            return sets.save(
                    spec,
                    Precondition.revision(set.head().revision()),
                    call.caller().name());
        }));
    }

    private Response delete(Call call, Request request) {
        String location = groups.get(ResourceNames.group(request)).location();
        return sets.delete(
                        present(request),
                        ETags.condition(request),
                        call.caller().name())
                .map(o -> LongRunning.action(request, o, location))
                .orElseGet(() -> Response.empty(204));
    }

    private Response associated(Call call, Request request) {
        Page page = Page.of(request);
        List<ArmId> found = sets.associated(present(request), page.after(), page.fetch());
        return page.answer(request, found, ArmId::key, id -> StringNode.valueOf(id.toString()));
    }

    private Response census(Call call, Request request) {
        return Response.ok(view.census(sets.census(present(request))));
    }

    /** The id of the set that the path names; says so first where even its group is not. */
    private ArmId present(Request request) {
        ArmId group = groups.get(ResourceNames.group(request)).id();
        return new ArmId(group.subscription(), group.resourceGroup(), TYPE, request.variable("name"));
    }

    /**
     * Azure's linked check: who lets a resource act as an identity must be allowed to assign that identity. A PUT names
     * all of them anew; a PATCH that leaves the set those that it has lets it act as nobody else.
     */
    private void requireAssign(Call call, DiskSetSpec spec, List<ArmId> kept) {
        spec.identity()
                .ifPresent(i -> i.userAssigned().stream()
                        .filter(id -> !kept.contains(id))
                        .forEach(id -> access.require(
                                call.caller(),
                                "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
                                Scope.of(id))));
    }

    private Response answer(Request request, Accepted<DiskEncryptionSet> accepted) {
        DiskEncryptionSet set = accepted.resource();
        ObjectNode body = view.render(set);
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
