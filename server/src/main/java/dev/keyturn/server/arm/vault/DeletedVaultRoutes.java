package dev.keyturn.server.arm.vault;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.vault.DeletedVaultService;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.wire.Fields;
import dev.keyturn.wire.Json;
import dev.keyturn.wire.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Soft-deleted vaults and managed HSMs, and whether a name can be had. */
final class DeletedVaultRoutes {
    private static final String BASE = "/subscriptions/{subscription}/providers/Microsoft.KeyVault/";
    private static final String ACTION = "Microsoft.KeyVault/";
    private static final Shape NAME = Shape.arm().text("name", "type").build();

    private final DeletedVaultService deleted;
    private final VaultView view;

    DeletedVaultRoutes(DeletedVaultService deleted, VaultView view) {
        this.deleted = deleted;
        this.view = view;
    }

    void add(ArmRoutes routes) {
        add(routes, VaultKind.VAULT, "deletedVaults");
        add(routes, VaultKind.MANAGED_HSM, "deletedManagedHSMs");
        routes.add(
                "POST",
                BASE + "checkNameAvailability",
                ACTION + "checkNameAvailability/read",
                (_, request) -> available(VaultKind.VAULT, request));
        routes.add(
                "POST",
                BASE + "checkMhsmNameAvailability",
                ACTION + "checkMhsmNameAvailability/read",
                (_, request) -> available(VaultKind.MANAGED_HSM, request));
    }

    private void add(ArmRoutes routes, VaultKind kind, String type) {
        String one = BASE + "locations/{location}/" + type + "/{name}";
        routes.type(ACTION + type)
                .add("GET", BASE + type, ACTION + type + "/read", (_, request) -> list(kind, request))
                .add(
                        "GET",
                        one,
                        ACTION + "locations/" + type + "/read",
                        (_, request) -> Response.ok(view.deleted(find(kind, request))))
                .add("POST", one + "/purge", ACTION + "locations/" + type + "/purge/action", (_, request) -> {
                    find(kind, request);
                    deleted.purge(kind, request.variable("name"), VaultArmRoutes.override(request));
                    return kind == VaultKind.MANAGED_HSM ? polled(request) : Response.empty(200);
                });
        if (kind == VaultKind.MANAGED_HSM) {
            routes.add("GET", one + "/purge", ACTION + "locations/" + type + "/purge/action", (_, request) -> {
                boolean there = deleted.isThere(kind, request.variable("name"));
                return there ? polled(request) : Response.empty(200);
            });
        }
    }

    /** Of a managed HSM azure-cli takes 202 alone, and asks at the address that comes with it until that says 200. */
    private static Response polled(Request request) {
        String here = request.origin() + request.path() + "?api-version=" + LongRunning.version(request);
        return Response.empty(202).with("Location", here).with("Retry-After", LongRunning.RETRY_AFTER);
    }

    private Response list(VaultKind kind, Request request) {
        Page page = Page.of(request);
        List<Vault> found = deleted.list(kind, request.variable("subscription"), page.after(), page.fetch());
        return page.answer(request, found, v -> v.name().toLowerCase(Locale.ROOT), view::deleted);
    }

    private Vault find(VaultKind kind, Request request) {
        Vault vault = deleted.get(kind, request.variable("name"));
        if (!new Region(vault.resource().location()).equals(new Region(request.variable("location")))) {
            throw new DomainError.NotFound(ErrorInfo.of(
                            "DeletedVaultNotFound",
                            "'" + vault.name() + "' was deleted in location '"
                                    + vault.resource().location() + "', not in '" + request.variable("location")
                                    + "'."))
                    .asException();
        }
        return vault;
    }

    private Response available(VaultKind kind, Request request) {
        Fields body = Fields.of(request.json(), NAME);
        String name = body.requiredText("name");
        body.text("type")
                .filter(t -> !t.equalsIgnoreCase(kind.type()))
                .ifPresent(t -> body.problem("type", "'type' must be '" + kind.type() + "', not '" + t + "'."));
        body.done();
        Optional<String> reason = deleted.unavailable(kind, name);
        ObjectNode out = Json.object().put("nameAvailable", reason.isEmpty());
        reason.ifPresent(r -> out.put("reason", r)
                .put(
                        "message",
                        r.equals("AlreadyExists")
                                ? "The name '" + name + "' is already in use, perhaps by one that is soft-deleted."
                                : "The name '" + name + "' is not valid: 3 to 24 letters, digits and hyphens, beginning"
                                        + " with a letter, ending with a letter or digit, no consecutive hyphens."));
        return Response.ok(out);
    }
}
