package dev.keyturn.server.arm.vault;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.vault.DeletedVaultService;
import dev.keyturn.core.vault.DeletedVaultService.Availability;
import dev.keyturn.core.vault.DeletedVaultService.Place;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Soft-deleted vaults and managed HSMs, and whether a name can be had. */
final class DeletedVaultRoutes {
    private static final String BASE = "/subscriptions/{subscription}/providers/Microsoft.KeyVault/";
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
                "POST", BASE + "checkNameAvailability", (call, request) -> available(VaultKind.VAULT, call, request));
        routes.add(
                "POST",
                BASE + "checkMhsmNameAvailability",
                (call, request) -> available(VaultKind.MANAGED_HSM, call, request));
    }

    private void add(ArmRoutes routes, VaultKind kind, String type) {
        String one = BASE + "locations/{location}/" + type + "/{name}";
        routes.type("Microsoft.KeyVault/" + type)
                .add("GET", BASE + type, (call, request) -> list(kind, call, request))
                .add("GET", one, (call, request) -> Response.ok(view.deleted(deleted.get(call, place(kind, request)))))
                .add("POST", one + "/purge", (call, request) -> {
                    deleted.purge(call, place(kind, request), VaultArmRoutes.override(request));
                    return kind == VaultKind.MANAGED_HSM ? polled(request) : Response.empty(200);
                });
        if (kind == VaultKind.MANAGED_HSM) {
            routes.add("GET", one + "/purge", (call, request) -> {
                boolean there = deleted.isThere(call, place(kind, request));
                return there ? polled(request) : Response.empty(200);
            });
        }
    }

    private static Place place(VaultKind kind, Request request) {
        return new Place(
                kind, request.variable("subscription"), request.variable("location"), request.variable("name"));
    }

    /** Of a managed HSM azure-cli takes 202 alone, and asks at the address that comes with it until that says 200. */
    private static Response polled(Request request) {
        String here = request.origin() + request.path() + "?api-version=" + LongRunning.version(request);
        return Response.empty(202).with("Location", here).with("Retry-After", LongRunning.RETRY_AFTER);
    }

    private Response list(VaultKind kind, Call call, Request request) {
        Page page = Page.of(request);
        List<Vault> found = deleted.list(call, kind, request.variable("subscription"), page.after(), page.fetch());
        return page.answer(request, found, v -> v.name().toLowerCase(Locale.ROOT), view::deleted);
    }

    private static String name(VaultKind kind, Request request) {
        Fields body = Fields.of(request.json(), NAME);
        String name = body.requiredText("name");
        body.text("type")
                .filter(t -> !t.equalsIgnoreCase(kind.type()))
                .ifPresent(t -> body.problem("type", "'type' must be '" + kind.type() + "', not '" + t + "'."));
        body.done();
        return name;
    }

    private Response available(VaultKind kind, Call call, Request request) {
        Availability answer =
                deleted.availability(call, kind, request.variable("subscription"), () -> name(kind, request));
        String name = answer.name();
        Optional<String> reason = answer.against();
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
