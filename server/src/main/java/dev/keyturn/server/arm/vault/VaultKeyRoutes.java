package dev.keyturn.server.arm.vault;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.key.KeyEntry;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.key.NewKey;
import dev.keyturn.core.key.VaultKeys;
import dev.keyturn.core.key.VaultKeys.In;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.keyvault.KeyBodies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code Microsoft.KeyVault/vaults/keys} and their versions: keys as resources below their vault (2023-07-01), which
 * templates make. A PUT makes the first version and never changes a key that is there, as in Azure. Managed HSMs have
 * none of this: their keys are their local roles' alone, as in Azure unless somebody switches that on.
 */
public final class VaultKeyRoutes {
    private static final String VAULT =
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{name}/keys";

    /** What the data plane calls the properties of a key. */
    private static final Map<String, String> NAMES = Map.of(
            "kty", "kty",
            "keySize", "key_size",
            "curveName", "crv",
            "keyOps", "key_ops",
            "attributes", "attributes",
            "release_policy", "release_policy");

    private static final Shape SHAPE = Shape.resource()
            .text("properties.kty", "properties.curveName")
            .integer("properties.keySize")
            .texts("properties.keyOps")
            .bool("properties.attributes.enabled", "properties.attributes.exportable")
            .integer("properties.attributes.nbf", "properties.attributes.exp")
            .any("properties.attributes.created", "properties.attributes.updated")
            .any("properties.attributes.recoveryLevel", "properties.rotationPolicy")
            .any("properties.keyUri", "properties.keyUriWithVersion")
            .text("properties.release_policy.contentType", "properties.release_policy.data")
            .decisive("enabled", "exportable", "nbf", "exp", "keyOps", "release_policy")
            .build();

    private final Doors doors;
    private final VaultKeys keys;
    private final VaultKeyView view;

    private VaultKeyRoutes(Doors doors, VaultKeys keys) {
        this.doors = doors;
        this.keys = keys;
        this.view = new VaultKeyView(keys.hosts());
    }

    public static void add(ArmRoutes routes, Doors doors, VaultKeys keys) {
        VaultKeyRoutes handlers = new VaultKeyRoutes(doors, keys);
        routes.type("Microsoft.KeyVault/vaults/keys")
                .add("GET", VAULT, handlers::list)
                .add("GET", VAULT + "/{key}", handlers::get)
                .add("PUT", VAULT + "/{key}", handlers::put)
                .add("GET", VAULT + "/{key}/versions", handlers::versions)
                .add("GET", VAULT + "/{key}/versions/{version}", handlers::version);
    }

    private Response list(Call call, Request request) {
        Page page = Page.of(request);
        In<List<KeyEntry>> keysOf = keys.page(call, vault(request), page.after(), page.fetch());
        return page.answer(
                request,
                keysOf.found(),
                e -> e.key().name().toLowerCase(Locale.ROOT),
                e -> view.key(keysOf.vault(), e.latest()));
    }

    private Response get(Call call, Request request) {
        return key(keys.get(call, vault(request), request.variable("key"), Optional.empty()));
    }

    private Response put(Call call, Request request) {
        doors.require(call, Action.KEY_RESOURCE_WRITE, ArmRoutes.scope(request));
        NewKey wanted = body(request.json());
        return key(keys.createIfAbsent(call, vault(request), request.variable("key"), wanted));
    }

    private Response key(In<KeyVersion> latest) {
        return Response.ok(view.key(latest.vault(), latest.found()));
    }

    private Response versions(Call call, Request request) {
        Page page = Page.of(request);
        In<List<KeyVersion>> versions =
                keys.versions(call, vault(request), request.variable("key"), page.after(), page.fetch());
        return page.answer(request, versions.found(), KeyVersion::version, v -> view.version(versions.vault(), v));
    }

    private Response version(Call call, Request request) {
        In<KeyVersion> one =
                keys.get(call, vault(request), request.variable("key"), Optional.of(request.variable("version")));
        return Response.ok(view.version(one.vault(), one.found()));
    }

    private static ArmId vault(Request request) {
        return ResourceNames.resource(request, VaultKind.VAULT.type());
    }

    /** The body in the data plane's words, read by what reads those; problems are named in this plane's. */
    static NewKey body(ObjectNode json) {
        Fields body = Fields.of(json, SHAPE);
        Optional<Fields> properties = body.object("properties");
        if (!body.has("properties")) {
            body.problem("properties", "'properties' is required: at least 'properties.kty'.");
        }
        properties
                .filter(p -> p.has("rotationPolicy"))
                .ifPresent(p -> p.problem(
                        "rotationPolicy",
                        "'properties.rotationPolicy' is not taken here; PUT it to the key's address in the vault,"
                                + " .../keys/NAME/rotationpolicy, once the key is made."));
        body.done();
        ObjectNode plain = Json.object();
        ObjectNode given = properties.orElseThrow().node();
        NAMES.forEach((arm, name) -> {
            JsonNode value = given.get(arm);
            if (value != null) {
                plain.set(name, value);
            }
        });
        JsonNode tags = body.node().get("tags");
        if (tags != null) {
            plain.set("tags", tags);
        }
        try {
            return KeyBodies.create(plain);
        } catch (BadBodyException e) {
            throw new BadBodyException(
                    e.problems().stream().map(VaultKeyRoutes::renamed).toList());
        }
    }

    private static BadBodyException.Problem renamed(BadBodyException.Problem problem) {
        Map<String, String> plainToArm = new LinkedHashMap<>();
        NAMES.forEach((arm, plain) -> plainToArm.put(plain, "properties." + arm));
        String path = problem.path();
        String message = problem.message();
        for (Map.Entry<String, String> e : plainToArm.entrySet()) {
            message = message.replace("'" + e.getKey() + "'", "'" + e.getValue() + "'")
                    .replace("'" + e.getKey() + ".", "'" + e.getValue() + ".");
            if (path.equals(e.getKey()) || path.startsWith(e.getKey() + ".")) {
                path = e.getValue() + path.substring(e.getKey().length());
            }
        }
        return new BadBodyException.Problem(path, message);
    }
}
