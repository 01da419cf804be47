package dev.keyturn.server.keyvault;

import dev.keyturn.core.key.KeyServices;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.key.NewKey;
import dev.keyturn.core.key.RotationPolicy;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.PageStyle;
import dev.keyturn.server.http.Response;
import java.util.Locale;
import java.util.Optional;

/** {@code /keys}: live keys, their versions and rotation policies, backup and restore. */
final class KeyRoutes {
    static final Shape RESTORE = Shape.data().text("value").build();

    private final KeyServices services;
    private final KeyViews views;

    KeyRoutes(KeyServices services, VaultHosts hosts) {
        this.services = services;
        this.views = new KeyViews(hosts);
    }

    void addTo(KeyVaultSurface.Adder routes) {
        routes.add("GET", "/keys", this::list);
        routes.add("POST", "/keys/restore", this::restore);
        routes.add("POST", "/keys/{name}/create", this::create);
        routes.add("PUT", "/keys/{name}", this::take);
        routes.add("GET", "/keys/{name}", this::get);
        routes.add("GET", "/keys/{name}/versions", this::versions);
        routes.add("GET", "/keys/{name}/{version}", this::get);
        routes.add("PATCH", "/keys/{name}", this::update);
        routes.add("PATCH", "/keys/{name}/{version}", this::update);
        routes.add("POST", "/keys/{name}/rotate", this::rotate);
        routes.add("GET", "/keys/{name}/rotationpolicy", this::policy);
        routes.add("PUT", "/keys/{name}/rotationpolicy", this::setPolicy);
        routes.add("POST", "/keys/{name}/backup", this::backup);
    }

    private Response list(KeyCall call) {
        Page page = Page.of(call.request(), PageStyle.KEY_VAULT);
        return page.answer(
                call.request(),
                services.keys().list(call.by(), call.vault(), page.after(), page.fetch()),
                e -> e.key().name().toLowerCase(Locale.ROOT),
                e -> views.item(call.vault(), e));
    }

    private Response versions(KeyCall call) {
        Page page = Page.of(call.request(), PageStyle.KEY_VAULT);
        return page.answer(
                call.request(),
                services.keys().versions(call.by(), call.vault(), call.name(), page.after(), page.fetch()),
                KeyVersion::version,
                v -> views.versionItem(call.vault(), v));
    }

    private Response create(KeyCall call) {
        NewKey wanted = KeyBodies.create(call.body(KeyPermission.CREATE));
        return bundle(call, services.keys().create(call.by(), call.vault(), call.name(), wanted));
    }

    private Response take(KeyCall call) {
        try (ImportBody body = ImportBody.of(call.body(KeyPermission.IMPORT))) {
            return bundle(
                    call, services.keys().take(call.by(), call.vault(), call.name(), body.wanted(), body.material()));
        }
    }

    private Response get(KeyCall call) {
        return bundle(call, services.keys().get(call.by(), call.vault(), call.name(), call.version()));
    }

    private Response update(KeyCall call) {
        var changes = KeyBodies.update(call.body(KeyPermission.UPDATE));
        return bundle(call, services.keys().update(call.by(), call.vault(), call.name(), call.version(), changes));
    }

    private Response rotate(KeyCall call) {
        return bundle(call, services.rotation().rotate(call.by(), call.vault(), call.name()));
    }

    private Response policy(KeyCall call) {
        return policy(call, services.rotation().policy(call.by(), call.vault(), call.name()));
    }

    private Response setPolicy(KeyCall call) {
        RotationPolicyBody body = RotationPolicyBody.of(call.body(KeyPermission.SET_ROTATION_POLICY));
        return policy(
                call,
                services.rotation().setPolicy(call.by(), call.vault(), call.name(), body.actions(), body.expiryTime()));
    }

    private Response policy(KeyCall call, RotationPolicy policy) {
        String id = views.uri(call.vault(), "keys/" + call.name() + "/rotationpolicy");
        return Response.ok(RotationPolicyBody.render(id, policy));
    }

    private Response backup(KeyCall call) {
        byte[] sealed = services.backups().backup(call.by(), call.vault(), call.name());
        return Response.ok(Json.object().put("value", Text.base64url(sealed)));
    }

    private Response restore(KeyCall call) {
        Fields body = Fields.of(call.body(KeyPermission.RESTORE), RESTORE);
        Optional<byte[]> value = body.base64url("value");
        if (!body.has("value")) {
            body.problem("value", "'value' is required: a backup that this server made.");
        }
        body.done();
        return bundle(call, services.backups().restore(call.by(), call.vault(), value.orElseThrow()));
    }

    private Response bundle(KeyCall call, KeyVersion version) {
        return Response.ok(views.bundle(call.vault(), version));
    }
}
