package dev.keyturn.server.arm.compute;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.image.Image;
import dev.keyturn.core.image.ImageReference;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.DataDiskSpec;
import dev.keyturn.core.vm.VmService;
import dev.keyturn.core.vm.VmSpec;
import dev.keyturn.core.vm.VmView;
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

/** {@code Microsoft.Compute/virtualMachines}: the resource and its lists. */
final class VmRoutes {
    static final String TYPE = ConfidentialVm.TYPE;
    private static final String ALL = "/subscriptions/{subscription}/providers/" + TYPE;
    private static final String IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + TYPE;
    static final String ONE = IN_GROUP + "/{name}";
    private static final String AT_LOCATION =
            "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/virtualMachines";

    private final VmService vms;
    private final ResourceGroupService groups;
    private final Patching patching = new Patching();
    private final Access access;

    VmRoutes(VmService vms, ResourceGroupService groups, Access access) {
        this.vms = vms;
        this.groups = groups;
        this.access = access;
    }

    void add(ArmRoutes routes) {
        routes.type(TYPE)
                .add("GET", ALL, TYPE + "/read", (_, r) -> list(r, Optional.empty(), Optional.empty()))
                .add("GET", AT_LOCATION, TYPE + "/read", (_, r) -> listAt(r))
                .add("GET", IN_GROUP, TYPE + "/read", (_, r) -> listGroup(r))
                .add("GET", ONE, TYPE + "/read", (_, r) -> get(r))
                .add("PUT", ONE, TYPE + "/write", this::put)
                .add("PATCH", ONE, TYPE + "/write", this::patch)
                .add("DELETE", ONE, TYPE + "/delete", this::delete)
                .add("GET", ONE + "/instanceView", TYPE + "/instanceView/read", (_, r) -> instanceView(r))
                .add("GET", ONE + "/artifacts", TYPE + "/read", (_, r) -> artifacts(r));
    }

    /** For the answer of an operation that has ended. */
    ObjectNode render(ArmId id) {
        return VmViews.render(vms.get(id), false);
    }

    private Response listGroup(Request request) {
        ArmId group = groups.get(ResourceNames.group(request)).id();
        return list(request, Optional.of(group.resourceGroup()), Optional.empty());
    }

    private Response listAt(Request request) {
        return list(request, Optional.empty(), Optional.of(new Region(request.variable("location"))));
    }

    private Response list(Request request, Optional<String> group, Optional<Region> at) {
        if (request.query("$filter").filter(f -> !f.isBlank()).isPresent()) {
            throw DomainError.invalid("$filter", "'$filter' is not offered on lists of VMs.")
                    .asException();
        }
        boolean status = flag(request, "statusOnly") || expands(request, "instanceView");
        Page page = Page.of(request);
        List<VmView> found = page.read(
                after -> vms.page(request.variable("subscription"), group, after, Page.CHUNK),
                v -> v.vm().id().key(),
                v -> at.map(l -> new Region(v.vm().head().location()).equals(l)).orElse(true));
        return page.answer(request, found, v -> v.vm().id().key(), v -> view(v, status, false));
    }

    private Response get(Request request) {
        VmView found = vms.get(present(request));
        ObjectNode body = view(found, expands(request, "instanceView"), expands(request, "userData"));
        return Response.ok(body).with("ETag", ETags.of(found.vm().head()));
    }

    private ObjectNode view(VmView view, boolean instance, boolean userData) {
        ObjectNode out = VmViews.render(view, userData);
        if (instance) {
            ResourceBody.properties(out)
                    .set(
                            "instanceView",
                            VmViews.instance(vms.instanceView(view.vm().id())));
        }
        return out;
    }

    private Response instanceView(Request request) {
        return Response.ok(VmViews.instance(vms.instanceView(present(request))));
    }

    private Response artifacts(Request request) {
        ConfidentialVm vm = vms.get(present(request)).vm();
        return Response.ok(VmViews.artifacts(vm, vms.artifacts(vm.id())));
    }

    private Response put(Call call, Request request) {
        ArmId id = present(request);
        ResourceNames.fit(id);
        ObjectNode sent = ResourceBody.of(request, VmBody.SHAPE);
        Precondition asked = ETags.condition(request);
        return patching.untilUnchanged(id, asked, () -> {
            Optional<VmView> found = vms.find(id);
            asked.check(id, found.map(f -> f.vm().head()));
            ObjectNode body = found.map(f -> VmViews.render(f, false))
                    .map(present -> ImageReferences.kept(VmBody.withDisks(sent, present), present))
                    .orElse(sent);
            VmSpec spec = VmBody.read(id, body);
            requireLinked(call, spec, body);
            Precondition same = found.map(
                            f -> Precondition.revision(f.vm().head().revision()))
                    .orElse(Precondition.ABSENT);
            Accepted<ConfidentialVm> accepted =
                    vms.save(spec, same, call.caller().name());
            return answer(request, accepted, accepted.created() ? 201 : 200);
        });
    }

    private Response patch(Call call, Request request) {
        ObjectNode patch = ResourceBody.of(request, VmBody.SHAPE);
        ArmId id = present(request);
        Precondition asked = ETags.condition(request);
        return patching.untilUnchanged(id, asked, () -> {
            VmView found = vms.get(id);
            asked.check(id, Optional.of(found.vm().head()));
            ObjectNode present = VmViews.render(found, true);
            ObjectNode body = ImageReferences.kept(ResourceBody.patched(present, patch, VmBody.SHAPE), present);
            VmSpec spec = VmBody.read(found.vm().id(), body);
            requireLinked(call, spec, body);
            Precondition same = Precondition.revision(found.vm().head().revision());
            return answer(request, vms.save(spec, same, call.caller().name()), 200);
        });
    }

    private Response delete(Call call, Request request) {
        String location = groups.get(ResourceNames.group(request)).location();
        return vms.delete(
                        present(request),
                        ETags.condition(request),
                        call.caller().name())
                .map(o -> LongRunning.action(request, o, location))
                .orElseGet(() -> Response.empty(204));
    }

    /** The id as it is to be written; says so first where even its group is not there. */
    private ArmId present(Request request) {
        ArmId group = groups.get(ResourceNames.group(request)).id();
        return new ArmId(group.subscription(), group.resourceGroup(), TYPE, request.variable("name"));
    }

    /** Azure's linked checks: what a VM is made of, its maker must be allowed to use. */
    private void requireLinked(Call call, VmSpec spec, ObjectNode body) {
        spec.osDisk().set().ifPresent(s -> require(call, DiskEncryptionSet.TYPE + "/read", s));
        spec.image().flatMap(ImageReference::id).ifPresent(i -> require(call, Image.TYPE + "/read", i));
        spec.osDisk().disk().ifPresent(d -> require(call, Disk.TYPE + "/write", d));
        for (DataDiskSpec disk : spec.dataDisks()) {
            disk.set().ifPresent(s -> require(call, DiskEncryptionSet.TYPE + "/read", s));
            disk.disk().ifPresent(d -> require(call, Disk.TYPE + "/write", d));
        }
        VmBody.interfaces(body).forEach(n -> require(call, "Microsoft.Network/networkInterfaces/join/action", n));
    }

    private void require(Call call, String action, ArmId id) {
        access.require(call.caller(), action, Scope.of(id));
    }

    private Response answer(Request request, Accepted<ConfidentialVm> accepted, int status) {
        VmView view = vms.get(accepted.resource().id());
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
