package dev.keyturn.server.portal.create;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.KeyServices;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.key.NewKey;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.Json;
import dev.keyturn.server.keyvault.KeyBodies;
import dev.keyturn.server.portal.create.Field.Option;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.vaults.VaultDesk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key in the vault or managed HSM that the address names. Who may create keys makes one as Key Vault has it; who may
 * only write the vault makes one as a resource of it, which gives no right to use it. Never rehearsed, since a rehearsal
 * would make a key: it is checked.
 */
final class KeyForm implements Form {
    private static final String NAME = "name";
    private static final String KIND = "kind";
    private static final String USE = "use";
    private static final String EXPORTABLE = "exportable";
    private static final String POLICY = "policy";
    private static final String EXPIRES = "expires";
    private static final List<String> HARDWARE =
            List.of("RSA-HSM/3072", "RSA-HSM/2048", "RSA-HSM/4096", "EC-HSM/P-256", "EC-HSM/P-384", "EC-HSM/P-521");
    private static final List<String> SOFTWARE =
            List.of("RSA/3072", "RSA/2048", "RSA/4096", "EC/P-256", "EC/P-384", "EC/P-521");
    private static final List<String> SYMMETRIC = List.of("oct-HSM/256", "oct-HSM/192", "oct-HSM/128");
    private static final Map<String, String> SOURCES = Map.of(
            "key-name", NAME,
            "kty", KIND,
            "key_size", KIND,
            "crv", KIND,
            "key_ops", USE,
            "attributes.exportable", EXPORTABLE,
            "attributes.exp", EXPIRES,
            "release_policy", POLICY);

    private final VaultDesk desk;
    private final VaultKind kind;

    KeyForm(VaultDesk desk, VaultKind kind) {
        this.desk = desk;
        this.kind = kind;
    }

    /** As azure-cli's default for confidential VMs: hardware that attests itself as one of the platform's own. */
    private String defaultPolicy(Vault vault) {
        String location = vault.resource().location();
        String domain = desk.node().services().vaults().hosts().domain();
        return "{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":\"https://shared-" + location + ".attest." + domain
                + "\",\"allOf\":[{\"claim\":\"x-ms-isolation-tee.x-ms-attestation-type\",\"equals\":\"sevsnpvm\"},"
                + "{\"claim\":\"x-ms-isolation-tee.x-ms-compliance-status\",\"equals\":\"azure-compliant-cvm\"}]}]}";
    }

    private KeyServices keys() {
        return desk.node().services().keys();
    }

    private Vault vault(Visitor visitor) {
        return desk.vault(visitor, kind);
    }

    @Override
    public About about() {
        return new About(
                Links.vaults(kind) + "/{vault}/new-key",
                "New key",
                "Create the key",
                Links.vaults(kind),
                kind == VaultKind.VAULT ? "Key vaults" : "Managed HSMs",
                List.of(
                        "A confidential disk encryption set takes an RSA key in hardware that may be exported under a release"
                                + " policy, and can wrap and unwrap: that is what is filled in."));
    }

    @Override
    public String title(Visitor visitor) {
        return "New key in " + vault(visitor).name();
    }

    @Override
    public List<FormPage.Crumb> inside(Visitor visitor) {
        return List.of(new FormPage.Crumb(vault(visitor).name(), back(visitor)));
    }

    @Override
    public String back(Visitor visitor) {
        return Links.vault(kind, vault(visitor).name());
    }

    @Override
    public List<Field> fields(Visitor visitor, Typed typed) {
        Vault vault = vault(visitor);
        List<String> kinds = new ArrayList<>();
        if (vault.premium()) {
            kinds.addAll(HARDWARE);
        }
        if (kind == VaultKind.VAULT) {
            kinds.addAll(SOFTWARE);
        } else {
            kinds.addAll(SYMMETRIC);
        }
        return List.of(
                Field.text(NAME, "Name", typed.text(NAME), "1 to 127 letters, digits and hyphens."),
                Field.select(
                        KIND,
                        "Type and size",
                        typed.text(KIND, kinds.getFirst()),
                        kinds.stream()
                                .map(k -> new Option(k, k.replace('/', ' ')))
                                .toList(),
                        ""),
                Field.select(
                        USE,
                        "What it is for",
                        typed.text(USE, "wrap"),
                        List.of(
                                new Option("wrap", "wrapping the keys of disks (wrapKey, unwrapKey)"),
                                new Option("usual", "everything that its type can do")),
                        ""),
                Field.tick(
                        EXPORTABLE,
                        "Exportable",
                        typed.on(EXPORTABLE, vault.premium()),
                        "It may be released to what attests itself as the policy says. It cannot be changed later."),
                Field.text(
                                POLICY,
                                "Release policy",
                                typed.text(POLICY, vault.premium() ? defaultPolicy(vault) : ""),
                                "JSON, in one line. Of a key that is not exportable there is none.")
                        .optional(),
                Field.text(EXPIRES, "Expires", typed.text(EXPIRES), KeyDates.HINT)
                        .optional());
    }

    @Override
    public void require(Visitor visitor, Typed typed) {
        desk.answer(visitor, kind, () -> {
            Vault vault = vault(visitor);
            if (!asResource(visitor, vault)) {
                desk.node()
                        .services()
                        .doors()
                        .require(
                                visitor.call(),
                                keys().access()
                                        .ask(
                                                vault,
                                                KeyPermission.CREATE,
                                                Optional.of(typed.text(NAME)).filter(n -> !n.isEmpty()),
                                                Optional.empty()));
            }
            return vault;
        });
    }

    /** Whether the person may make one as a resource alone. */
    private boolean asResource(Visitor visitor, Vault vault) {
        return kind == VaultKind.VAULT
                && !desk.may(visitor, vault, KeyPermission.CREATE, Optional.empty())
                && desk.rights()
                        .may(
                                visitor.call(),
                                Action.KEY_RESOURCE_WRITE,
                                Scope.of(vault.resource().id()));
    }

    @Override
    public List<ErrorInfo> problems(Visitor visitor, Typed typed) {
        return KeyDates.problem(EXPIRES, typed.text(EXPIRES)).stream().toList();
    }

    @Override
    public void rehearse(Visitor visitor, Typed typed, Call call) {
        Vault vault = vault(visitor);
        NewKey wanted = KeyBodies.create(body(vault, typed));
        if (asResource(visitor, vault)) {
            keys().vaultKeys().check(visitor.call(), vault.resource().id(), typed.text(NAME), wanted);
        } else {
            keys().keys().check(visitor.call(), vault, typed.text(NAME), wanted);
        }
    }

    @Override
    public String make(Visitor visitor, Typed typed) {
        Vault vault = vault(visitor);
        String name = typed.text(NAME);
        NewKey wanted = KeyBodies.create(body(vault, typed));
        rehearse(visitor, typed, visitor.call());
        KeyVersion made = asResource(visitor, vault)
                ? keys().vaultKeys()
                        .createIfAbsent(visitor.call(), vault.resource().id(), name, wanted)
                        .found()
                : keys().keys().createFirst(visitor.call(), vault, name, wanted);
        return Links.vaultKey(kind, vault.name(), made.name()) + "?done=made";
    }

    @Override
    public Optional<Step> step(Visitor visitor, Typed typed) {
        Vault vault = vault(visitor);
        String name = typed.text(NAME);
        if (asResource(visitor, vault)) {
            return Optional.of(Step.of(
                            visitor.request(),
                            about().button(),
                            "PUT",
                            vault.resource().id(),
                            "/keys/" + name,
                            Step.VAULTS)
                    .sending(Json.text(asProperties(body(vault, typed)))));
        }
        String key = desk.node().services().vaults().hosts().uri(vault) + "keys/" + Links.part(name) + "/create";
        return Optional.of(Step.key(about().button(), "POST", key).sending(Json.text(body(vault, typed))));
    }

    /** As a resource has it, which calls some of the same otherwise. */
    private static ObjectNode asProperties(ObjectNode body) {
        Map<String, String> names = Map.of("key_size", "keySize", "crv", "curveName", "key_ops", "keyOps");
        ObjectNode resource = Json.object();
        ObjectNode properties = resource.putObject("properties");
        body.properties().forEach(p -> properties.set(names.getOrDefault(p.getKey(), p.getKey()), p.getValue()));
        return resource;
    }

    private ObjectNode body(Vault vault, Typed typed) {
        ObjectNode body = Json.object();
        String[] spec = typed.text(KIND).split("/", 2);
        body.put("kty", spec[0]);
        if (spec.length == 2) {
            if (spec[0].startsWith("EC")) {
                body.put("crv", spec[1]);
            } else {
                ArmForm.number(body, "key_size", spec[1]);
            }
        }
        if (!typed.text(USE).equals("usual")) {
            body.putArray("key_ops").add("wrapKey").add("unwrapKey");
        }
        ObjectNode attributes = body.putObject("attributes").put("exportable", typed.on(EXPORTABLE, false));
        KeyDates.of(typed.text(EXPIRES)).ifPresent(t -> attributes.put("exp", t.getEpochSecond()));
        String policy = typed.text(POLICY);
        boolean own =
                !policy.equals(defaultPolicy(vault)); // what was filled in goes with the tick; what was typed is kept
        if (!policy.isEmpty() && (own || typed.on(EXPORTABLE, false))) {
            body.putObject("release_policy")
                    .put(
                            "data",
                            Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(policy.getBytes(StandardCharsets.UTF_8)));
        }
        return body;
    }

    @Override
    public Optional<String> field(ErrorInfo error, Typed typed) {
        String target = error.target().orElse("");
        if (target.equals(NAME) || target.equals(EXPIRES)) {
            return Optional.of(target);
        }
        return SOURCES.entrySet().stream()
                .filter(e -> target.startsWith(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
