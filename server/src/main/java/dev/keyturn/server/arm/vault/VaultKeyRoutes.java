package dev.keyturn.server.arm.vault;

import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.key.NewKey;
import dev.keyturn.core.key.VaultKeys;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultService;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.keyvault.KeyBodies;
import dev.keyturn.wire.BadBodyException;
import dev.keyturn.wire.Fields;
import dev.keyturn.wire.Json;
import dev.keyturn.wire.Shape;
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
    /** Control plane, unlike {@code keys/read}, which is the right to read keys at the vault's own address. */
    private static final String READ = "Microsoft.KeyVault/vaults/keys/versions/read";

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

    private final VaultService vaults;
    private final VaultKeys keys;
    private final VaultKeyView view;

    private VaultKeyRoutes(VaultService vaults, VaultKeys keys) {
        this.vaults = vaults;
        this.keys = keys;
        this.view = new VaultKeyView(keys.hosts());
    }

    public static void add(ArmRoutes routes, VaultService vaults, VaultKeys keys) {
        VaultKeyRoutes handlers = new VaultKeyRoutes(vaults, keys);
        routes.type("Microsoft.KeyVault/vaults/keys")
                .add("GET", VAULT, READ, (_, request) -> handlers.list(request))
                .add("GET", VAULT + "/{key}", READ, (_, request) -> handlers.get(request))
                .add(
                        "PUT",
                        VAULT + "/{key}",
                        "Microsoft.KeyVault/vaults/keys/write",
                        (_, request) -> handlers.put(request))
                .add("GET", VAULT + "/{key}/versions", READ, (_, request) -> handlers.versions(request))
                .add("GET", VAULT + "/{key}/versions/{version}", READ, (_, request) -> handlers.version(request));
    }

    private Response list(Request request) {
        Vault vault = vault(request);
        Page page = Page.of(request);
        return page.answer(
                request,
                keys.page(vault, page.after(), page.fetch()),
                e -> e.key().name().toLowerCase(Locale.ROOT),
                e -> view.key(vault, e.latest()));
    }

    private Response get(Request request) {
        Vault vault = vault(request);
        return Response.ok(view.key(vault, keys.get(vault, request.variable("key"), Optional.empty())));
    }

    private Response put(Request request) {
        NewKey wanted = body(request.json());
        Vault vault = vault(request);
        KeyVersion latest = keys.createIfAbsent(vault, request.variable("key"), wanted);
        return Response.ok(view.key(vault, latest));
    }

    private Response versions(Request request) {
        Vault vault = vault(request);
        Page page = Page.of(request);
        List<KeyVersion> found = keys.versions(vault, request.variable("key"), page.after(), page.fetch());
        return page.answer(request, found, KeyVersion::version, v -> view.version(vault, v));
    }

    private Response version(Request request) {
        Vault vault = vault(request);
        Optional<String> version = Optional.of(request.variable("version"));
        return Response.ok(view.version(vault, keys.get(vault, request.variable("key"), version)));
    }

    private Vault vault(Request request) {
        return vaults.get(ResourceNames.resource(request, VaultKind.VAULT.type()));
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
