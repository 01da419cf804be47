package dev.keyturn.server.arm.vault;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.DeletedVaultService;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultService;
import dev.keyturn.core.vault.VaultService.Written;
import dev.keyturn.core.vault.VaultSpec;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.wire.Fields;
import dev.keyturn.wire.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** {@code Microsoft.KeyVault/vaults} and {@code managedHSMs}; everything is done within the request. */
public final class VaultArmRoutes {
    /** From this version on a new vault has RBAC on unless its client says otherwise, as in Azure. */
    private static final String RBAC_BY_DEFAULT_FROM = "2026-02-01";

    private final VaultService vaults;
    private final VaultView view;
    private final UUID tenant;

    private VaultArmRoutes(VaultService vaults, UUID tenant) {
        this.vaults = vaults;
        this.view = new VaultView(vaults.hosts());
        this.tenant = tenant;
    }

    public static void add(
            ArmRoutes routes, VaultService vaults, DeletedVaultService deleted, Subscription subscription) {
        VaultArmRoutes handlers = new VaultArmRoutes(vaults, UUID.fromString(subscription.tenant()));
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
                .add("GET", all, type + "/read", (_, request) -> list(kind, request, Optional.empty()))
                .add(
                        "GET",
                        group,
                        type + "/read",
                        (_, request) -> list(kind, request, Optional.of(request.variable("group"))))
                .add("GET", one, type + "/read", (_, request) -> get(kind, request))
                .add("PUT", one, type + "/write", (call, request) -> put(kind, call, request))
                .add("PATCH", one, type + "/write", (call, request) -> patch(kind, call, request))
                .add("DELETE", one, type + "/delete", (_, request) -> delete(kind, request));
        if (kind == VaultKind.VAULT) {
            routes.add("PUT", one + "/accessPolicies/{operation}", type + "/accessPolicies/write", this::policies);
        }
    }

    private Response list(VaultKind kind, Request request, Optional<String> group) {
        Page page = Page.of(request);
        List<Vault> found = vaults.page(kind, request.variable("subscription"), group, page.after(), page.fetch());
        return page.answer(request, found, v -> v.resource().id().key(), view::render);
    }

    private Response get(VaultKind kind, Request request) {
        return answer(200, vaults.get(ResourceNames.resource(request, kind.type())));
    }

    private Response put(VaultKind kind, Call call, Request request) {
        ObjectNode json = ResourceBody.of(request, VaultBody.shape(kind));
        VaultBody body = new VaultBody(kind, tenant, rbacByDefault(request));
        Written written = vaults.put(
                call.caller(),
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
        ObjectNode patch = ResourceBody.of(request, VaultBody.shape(kind));
        ArmId id = ResourceNames.resource(request, kind.type());
        VaultBody body = new VaultBody(kind, tenant, false);
        Written written = vaults.put(call.caller(), kind, id, ETags.condition(request), present -> {
            Vault vault = present.orElseThrow(() -> DomainError.notFound(id).asException());
            return body.read(ResourceBody.patched(view.render(vault), patch, VaultBody.shape(kind)), present);
        });
        return answer(200, written.vault());
    }

    private Response delete(VaultKind kind, Request request) {
        boolean gone = vaults.delete(
                ResourceNames.resource(request, kind.type()), ETags.condition(request), override(request));
        return Response.empty(gone ? 200 : 204);
    }

    private Response policies(Call call, Request request) {
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
        ArmId id = ResourceNames.resource(request, VaultKind.VAULT.type());
        Written written = vaults.put(call.caller(), VaultKind.VAULT, id, ETags.condition(request), present -> {
            Vault vault = present.orElseThrow(() -> DomainError.notFound(id).asException());
            return with(vault, AccessPolicies.apply(operation, vault.policies(), given));
        });
        ObjectNode out = Json.object()
                .put("id", written.vault().resource().id() + "/accessPolicies/")
                .put("type", VaultKind.VAULT.type() + "/accessPolicies")
                .put("location", written.vault().resource().location());
        AccessPolicies.render(
                out.putObject("properties").putArray("accessPolicies"),
                written.vault().policies());
        return Response.ok(out);
    }

    private static VaultSpec with(Vault vault, List<AccessPolicy> policies) {
        return new VaultSpec(
                new Draft(
                        vault.resource().location(),
                        vault.resource().tags(),
                        vault.resource().document()),
                vault.tenant(),
                vault.sku(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                policies,
                List.of(),
                false);
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
