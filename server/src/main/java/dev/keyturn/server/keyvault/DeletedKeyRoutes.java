package dev.keyturn.server.keyvault;

import dev.keyturn.core.key.DeletedKeyService;
import dev.keyturn.core.key.KeyServices;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.PageStyle;
import dev.keyturn.server.http.Response;
import java.util.Locale;

/** Soft deletion of keys, and {@code /deletedkeys}. */
final class DeletedKeyRoutes {
    private final DeletedKeyService deleted;
    private final KeyViews views;

    DeletedKeyRoutes(KeyServices services, VaultHosts hosts) {
        this.deleted = services.deleted();
        this.views = new KeyViews(hosts);
    }

    void addTo(KeyVaultSurface.Adder routes) {
        routes.add("DELETE", "/keys/{name}", this::delete);
        routes.add("GET", "/deletedkeys", this::list);
        routes.add("GET", "/deletedkeys/{name}", this::get);
        routes.add("DELETE", "/deletedkeys/{name}", this::purge);
        routes.add("POST", "/deletedkeys/{name}/recover", this::recover);
    }

    private Response delete(KeyCall call) {
        return Response.ok(views.deletedBundle(
                call.vault(), deleted.delete(call.by(), call.vault(), call.name(), call.override())));
    }

    private Response list(KeyCall call) {
        Page page = Page.of(call.request(), PageStyle.KEY_VAULT);
        return page.answer(
                call.request(),
                deleted.list(call.by(), call.vault(), page.after(), page.fetch()),
                e -> e.key().name().toLowerCase(Locale.ROOT),
                e -> views.deletedItem(call.vault(), e));
    }

    private Response get(KeyCall call) {
        return Response.ok(views.deletedBundle(call.vault(), deleted.get(call.by(), call.vault(), call.name())));
    }

    private Response purge(KeyCall call) {
        deleted.purge(call.by(), call.vault(), call.name(), call.override());
        return Response.empty(204);
    }

    private Response recover(KeyCall call) {
        return Response.ok(views.bundle(call.vault(), deleted.recover(call.by(), call.vault(), call.name())));
    }
}
