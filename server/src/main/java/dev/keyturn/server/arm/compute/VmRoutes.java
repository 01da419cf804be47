package dev.keyturn.server.arm.compute;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.InstanceView;
import dev.keyturn.core.vm.VmService;
import dev.keyturn.core.vm.VmView;
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

/** {@code Microsoft.Compute/virtualMachines}: the resource and its lists. */
final class VmRoutes {
    static final String TYPE = ConfidentialVm.TYPE;
    private static final String ALL = "/subscriptions/{subscription}/providers/" + TYPE;
    private static final String IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + TYPE;
    static final String ONE = IN_GROUP + "/{name}";
    private static final String AT_LOCATION =
            "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/virtualMachines";

    private final VmService vms;

    VmRoutes(VmService vms) {
        this.vms = vms;
    }

    void add(ArmRoutes routes) {
        routes.type(TYPE)
                .add("GET", ALL, (call, r) -> list(call, r, Optional.empty(), Optional.empty()))
                .add(
                        "GET",
                        AT_LOCATION,
                        (call, r) -> list(call, r, Optional.empty(), Optional.of(new Region(r.variable("location")))))
                .add("GET", IN_GROUP, (call, r) -> list(call, r, Optional.of(r.variable("group")), Optional.empty()))
                .add("GET", ONE, this::get)
                .add("PUT", ONE, this::put)
                .add("PATCH", ONE, this::patch)
                .add("DELETE", ONE, this::delete)
                .add("GET", ONE + "/instanceView", this::instanceView)
                .add("GET", ONE + "/artifacts", this::artifacts);
    }

    /** For the answer of an operation that has ended. */
    ObjectNode render(Call call, ArmId id) {
        return VmViews.render(vms.get(call, id), false);
    }

    private Response list(Call call, Request request, Optional<String> group, Optional<Region> at) {
        if (request.query("$filter").filter(f -> !f.isBlank()).isPresent()) {
            throw DomainError.invalid("$filter", "'$filter' is not offered on lists of VMs.")
                    .asException();
        }
        boolean status = flag(request, "statusOnly") || expands(request, "instanceView");
        Page page = Page.of(request);
        List<VmView> found = page.read(
                after -> vms.page(call, request.variable("subscription"), group, after, Page.CHUNK),
                v -> v.vm().id().key(),
                v -> at.map(l -> new Region(v.vm().head().location()).equals(l)).orElse(true));
        return page.answer(
                request,
                found,
                v -> v.vm().id().key(),
                v -> status ? with(VmViews.render(v, false), vms.instanceView(v)) : VmViews.render(v, false));
    }

    private Response get(Call call, Request request) {
        ArmId id = ResourceNames.resource(request, TYPE);
        boolean userData = expands(request, "userData");
        if (!expands(request, "instanceView")) {
            VmView found = vms.get(call, id);
            return answer(found, VmViews.render(found, userData));
        }
        VmService.Whole whole = vms.whole(call, id);
        return answer(whole.view(), with(VmViews.render(whole.view(), userData), whole.instance()));
    }

    private static Response answer(VmView view, ObjectNode body) {
        return Response.ok(body).with("ETag", ETags.of(view.vm().head()));
    }

    private static ObjectNode with(ObjectNode vm, InstanceView instance) {
        ResourceBody.properties(vm).set("instanceView", VmViews.instance(instance));
        return vm;
    }

    private Response instanceView(Call call, Request request) {
        return Response.ok(VmViews.instance(vms.instanceView(call, ResourceNames.resource(request, TYPE))));
    }

    private Response artifacts(Call call, Request request) {
        VmService.Artifacts found = vms.artifacts(call, ResourceNames.resource(request, TYPE));
        return Response.ok(VmViews.artifacts(found.vm(), found.artifacts()));
    }

    private Response put(Call call, Request request) {
        ArmId id = ResourceNames.fit(vms.place(call, ResourceNames.resource(request, TYPE)));
        ObjectNode sent = ResourceBody.of(request, VmBody.SHAPE);
        Accepted<VmView> accepted = vms.save(
                call,
                id,
                ETags.condition(request),
                found -> VmBody.read(
                        id,
                        found.map(f -> VmViews.render(f, false))
                                .map(present -> ImageReferences.kept(VmBody.withDisks(sent, present), present))
                                .orElse(sent)));
        return answer(request, accepted, accepted.created() ? 201 : 200);
    }

    private Response patch(Call call, Request request) {
        ArmId id = vms.place(call, ResourceNames.resource(request, TYPE));
        ObjectNode patch = ResourceBody.of(request, VmBody.SHAPE);
        Accepted<VmView> accepted = vms.change(call, id, ETags.condition(request), found -> {
            ObjectNode present = VmViews.render(found, true);
            return VmBody.read(
                    found.vm().id(), ImageReferences.kept(ResourceBody.patched(present, patch, VmBody.SHAPE), present));
        });
        return answer(request, accepted, 200);
    }

    private Response delete(Call call, Request request) {
        return vms.delete(call, ResourceNames.resource(request, TYPE), ETags.condition(request))
                .map(gone -> LongRunning.action(
                        request, gone.operation(), gone.resource().head().location()))
                .orElseGet(() -> Response.empty(204));
    }

    private static Response answer(Request request, Accepted<VmView> accepted, int status) {
        VmView view = accepted.resource();
        ObjectNode body = VmViews.render(view, false);
        if (!accepted.warnings().isEmpty()) {
            // Ours: R7, said when the VM is made rather than when the rotation fails.
            var warnings = body.putArray("warnings");
            accepted.warnings().forEach(w -> warnings.add(ArmErrors.body(w)));
        }
        Response response =
                Response.json(status, body).with("ETag", ETags.of(view.vm().head()));
        return LongRunning.headers(
                response, request, accepted.operation(), view.vm().head().location());
    }

    private static boolean expands(Request request, String what) {
        return request.query("$expand").map(what::equalsIgnoreCase).orElse(false);
    }

    static boolean flag(Request request, String name) {
        return request.query(name)
                .map(v -> {
                    if (!v.equalsIgnoreCase("true") && !v.equalsIgnoreCase("false")) {
                        throw DomainError.invalid(name, "'" + name + "' must be true or false.")
                                .asException();
                    }
                    return Boolean.parseBoolean(v);
                })
                .orElse(false);
    }
}
