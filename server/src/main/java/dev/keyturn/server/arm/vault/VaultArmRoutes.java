package dev.keyturn.server.arm.vault;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.DeletedVaultService;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultService;
import dev.keyturn.core.vault.VaultService.Written;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code Microsoft.KeyVault/vaults} and {@code managedHSMs}; everything is done within the request. Where a body, a page
 * or a precondition is to be read, it is asked before whether the caller may; the service asks when it acts.
 */
public final class VaultArmRoutes {
    /** From this version on a new vault has RBAC on unless its client says otherwise, as in Azure. */
    private static final String RBAC_BY_DEFAULT_FROM = "2026-02-01";

    private final Doors doors;
    private final VaultService vaults;
    private final VaultView view;
    private final UUID tenant;

    private VaultArmRoutes(Doors doors, VaultService vaults, UUID tenant) {
        this.doors = doors;
        this.vaults = vaults;
        this.view = new VaultView(vaults.hosts());
        this.tenant = tenant;
    }

    public static void add(
            ArmRoutes routes,
            Doors doors,
            VaultService vaults,
            DeletedVaultService deleted,
            Subscription subscription) {
        VaultArmRoutes handlers = new VaultArmRoutes(doors, vaults, UUID.fromString(subscription.tenant()));
        for (VaultKind kind : VaultKind.values()) {
            handlers.add(routes, kind);
        }
        new DeletedVaultRoutes(deleted, handlers.view).add(routes);
    }

    private void add(ArmRoutes routes, VaultKind kind) {
        String type = kind.type();
        String all = "/subscriptions/{subscription}/providers/" + type;
        String group = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + type;
        String one = group + "/{name}";
        routes.type(type)
                .add("GET", all, (call, request) -> list(kind, call, request, Optional.empty()))
                .add("GET", group, (call, request) -> list(kind, call, request, Optional.of(request.variable("group"))))
                .add("GET", one, (call, request) -> get(kind, call, request))
                .add("PUT", one, (call, request) -> put(kind, call, request))
                .add("PATCH", one, (call, request) -> patch(kind, call, request))
                .add("DELETE", one, (call, request) -> delete(kind, call, request));
        if (kind == VaultKind.VAULT) {
            routes.add("PUT", one + "/accessPolicies/{operation}", this::policies);
        }
    }

    private Response list(VaultKind kind, Call call, Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<Vault> found =
                vaults.page(call, kind, request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, v -> v.resource().id().key(), view::render);
    }

    private Response get(VaultKind kind, Call call, Request request) {
        return answer(200, vaults.get(call, kind, ResourceNames.resource(request, kind.type())));
    }

    private Response put(VaultKind kind, Call call, Request request) {
        ObjectNode json = ResourceBody.of(doors, call, kind.write(), request, VaultBody.shape(kind));
        VaultBody body = new VaultBody(kind, tenant, rbacByDefault(request));
        Written written = vaults.put(
                call,
                kind,
                ResourceNames.resource(request, kind.type()),
                ETags.condition(request),
                present -> body.read(located(json, present), present));
        // A managed HSM is ready at once, and clients of its long-running create take 200 as its end.
        return answer(written.created() && kind == VaultKind.VAULT ? 201 : 200, written.vault());
    }

    /** A PUT of an existing vault may leave the location out: there is only one it can be. */
    private static ObjectNode located(ObjectNode json, Optional<Vault> present) {
        if (present.isEmpty() || json.has("location")) {
            return json;
        }
        return json.deepCopy().put("location", present.get().resource().location());
    }

    private Response patch(VaultKind kind, Call call, Request request) {
        ObjectNode patch = ResourceBody.of(doors, call, kind.write(), request, VaultBody.shape(kind));
        ArmId id = ResourceNames.resource(request, kind.type());
        VaultBody body = new VaultBody(kind, tenant, false);
        Vault changed = vaults.change(
                call,
                kind,
                id,
                ETags.condition(request),
                present -> body.read(
                        ResourceBody.patched(view.render(present), patch, VaultBody.shape(kind)),
                        Optional.of(present)));
        return answer(200, changed);
    }

    private Response delete(VaultKind kind, Call call, Request request) {
        boolean gone = vaults.delete(
                call, kind, ResourceNames.resource(request, kind.type()), ETags.condition(request), override(request));
        return Response.empty(gone ? 200 : 204);
    }

    private Response policies(Call call, Request request) {
        ArmId id = ResourceNames.resource(request, VaultKind.VAULT.type());
        doors.require(call, Action.VAULT_POLICIES_WRITE, Scope.of(id));
        String operation = request.variable("operation").toLowerCase(Locale.ROOT);
        if (!List.of("add", "replace", "remove").contains(operation)) {
            throw new DomainError.NotFound(ErrorInfo.of(
                            "NotFound",
                            "Access policies can be given add, replace or remove, not '" + operation + "'."))
                    .asException();
        }
        Fields body = Fields.of(ResourceBody.of(request, AccessPolicies.SHAPE), AccessPolicies.SHAPE);
        List<AccessPolicy> given = AccessPolicies.read(body, "properties.accessPolicies");
        if (given.isEmpty()) {
            body.problem("properties.accessPolicies", "'properties.accessPolicies' must have at least one entry.");
        }
        body.done();
        Vault vault = vaults.policies(
                call, id, ETags.condition(request), present -> AccessPolicies.apply(operation, present, given));
        ObjectNode out = Json.object()
                .put("id", vault.resource().id() + "/accessPolicies/")
                .put("type", VaultKind.VAULT.type() + "/accessPolicies")
                .put("location", vault.resource().location());
        AccessPolicies.render(out.putObject("properties").putArray("accessPolicies"), vault.policies());
        return Response.ok(out);
    }

    private Response answer(int status, Vault vault) {
        return Response.json(status, view.render(vault)).with("ETag", ETags.of(vault.resource()));
    }

    private static boolean rbacByDefault(Request request) {
        return request.query("api-version")
                .filter(v -> v.compareTo(RBAC_BY_DEFAULT_FROM) >= 0)
                .isPresent();
    }

    static boolean override(Request request) {
        return request.query("keyturnOverride")
                .filter(v -> v.equalsIgnoreCase("true"))
                .isPresent();
    }
}
