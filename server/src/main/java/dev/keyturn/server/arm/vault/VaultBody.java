package dev.keyturn.server.arm.vault;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultSpec;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ResourceBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the body of a vault or managed HSM. What a client leaves out of a later PUT stays as it is, so that a client
 * that knows fewer fields takes nobody's access away.
 */
record VaultBody(VaultKind kind, UUID tenant, boolean rbacByDefault) {
    private static final Set<String> VAULT_SKUS = Set.of("standard", "premium");
    private static final Shape VAULT = AccessPolicies.shape(common())
            .text("properties.sku.name", "properties.sku.family")
            .any("properties.vaultUri")
            .lasting("properties.sku", "properties.sku.name")
            .build();
    private static final Shape MANAGED_HSM = AccessPolicies.shape(common())
            .text("sku.name", "sku.family")
            .texts("properties.initialAdminObjectIds")
            .any("properties.hsmUri", "properties.statusMessage", "properties.securityDomainProperties")
            .lasting("sku", "sku.name", "properties.initialAdminObjectIds")
            .build();

    private static Shape.Builder common() {
        return Shape.resource()
                .any("warnings")
                .text("properties.tenantId", "properties.createMode", "properties.publicNetworkAccess")
                .text("properties.networkAcls.defaultAction")
                .bool("properties.enableSoftDelete", "properties.enablePurgeProtection")
                .bool("properties.enableRbacAuthorization")
                .integer("properties.softDeleteRetentionInDays")
                .decisive("enableRbacAuthorization", "enablePurgeProtection")
                .lasting("location", "properties", "properties.tenantId", "properties.accessPolicies")
                .lasting("properties.enableSoftDelete", "properties.enablePurgeProtection")
                .lasting("properties.enableRbacAuthorization", "properties.softDeleteRetentionInDays");
    }

    static Shape shape(VaultKind kind) {
        return switch (kind) {
            case VAULT -> VAULT;
            case MANAGED_HSM -> MANAGED_HSM;
        };
    }

    VaultSpec read(ObjectNode json, Optional<Vault> present) {
        Fields body = Fields.of(json, shape(kind));
        Draft head = ResourceBody.draft(body);
        boolean recover = body.text("properties.createMode")
                .filter(m -> m.equalsIgnoreCase("recover"))
                .isPresent();
        requireTenant(body, present, recover);
        String sku = sku(body, present, recover);
        Optional<Boolean> purgeProtection = body.bool("properties.enablePurgeProtection");
        if (body.bool("properties.enableSoftDelete").filter(on -> !on).isPresent()) {
            body.problem(
                    "properties.enableSoftDelete",
                    "'properties.enableSoftDelete' cannot be false: soft delete is always on.");
        }
        Optional<Integer> days =
                body.integer("properties.softDeleteRetentionInDays", 7, 90).map(Long::intValue);
        Optional<Boolean> asked = body.bool("properties.enableRbacAuthorization");
        Optional<Boolean> rbac =
                asked.or(() -> present.isEmpty() && !recover ? Optional.of(rbacByDefault) : Optional.empty());
        List<AccessPolicy> policies = body.has("properties.accessPolicies")
                ? AccessPolicies.read(body, "properties.accessPolicies")
                : present.map(Vault::policies).orElse(List.of());
        List<PrincipalId> administrators = administrators(body);
        present.ifPresent(p -> requireSameAdministrators(body, p, administrators));
        requireNoFirewall(body);
        body.done();
        return new VaultSpec(
                withoutTyped(head, present),
                tenant,
                sku,
                rbac,
                purgeProtection,
                days,
                policies,
                administrators,
                recover);
    }

    /** A rule about the network that would be kept but not enforced is refused: silence would be a false safety. */
    private static void requireNoFirewall(Fields body) {
        body.text("properties.networkAcls.defaultAction")
                .filter(a -> !a.equalsIgnoreCase("Allow"))
                .ifPresent(
                        a -> body.problem(
                                "properties.networkAcls.defaultAction",
                                "'properties.networkAcls.defaultAction' must be Allow: this server has no firewall of its own."));
        body.text("properties.publicNetworkAccess")
                .filter(a -> !a.equalsIgnoreCase("Enabled"))
                .ifPresent(a -> body.problem(
                        "properties.publicNetworkAccess",
                        "'properties.publicNetworkAccess' must be Enabled: this server has no private endpoints."));
    }

    private void requireTenant(Fields body, Optional<Vault> present, boolean recover) {
        String name = "properties.tenantId";
        if (!body.has(name)) {
            if (present.isEmpty() && !recover) {
                body.problem(name, "'properties.tenantId' is required: " + tenant + ".");
            }
            return;
        }
        AccessPolicies.uuid(body, name, true)
                .filter(t -> !t.equals(tenant))
                .ifPresent(t -> body.problem(
                        name, "'properties.tenantId' must be this server's tenant, " + tenant + ", not " + t + "."));
    }

    private String sku(Fields body, Optional<Vault> present, boolean recover) {
        String path = kind == VaultKind.VAULT ? "properties.sku" : "sku";
        Optional<String> name = body.text(path + ".name");
        if (name.isEmpty() && (present.isPresent() || recover)) {
            return present.map(Vault::sku).orElse("");
        }
        if (name.isEmpty()) {
            String right = kind == VaultKind.VAULT ? "standard or premium" : "Standard_B1";
            if (!body.has(path + ".name")) {
                body.problem(path + ".name", "'" + path + ".name' is required: " + right + ".");
            }
            return "";
        }
        if (kind == VaultKind.VAULT && !VAULT_SKUS.contains(name.get().toLowerCase(Locale.ROOT))) {
            body.problem(path + ".name", "'" + path + ".name' must be standard or premium, not '" + name.get() + "'.");
        }
        return kind == VaultKind.VAULT ? name.get().toLowerCase(Locale.ROOT) : name.get();
    }

    /** They are local roles since its creation; a list that changed nothing but what is shown would be a false safety. */
    private static void requireSameAdministrators(Fields body, Vault present, List<PrincipalId> given) {
        String path = "properties.initialAdminObjectIds";
        if (present.kind() == VaultKind.MANAGED_HSM && body.has(path)) {
            Fields stored = Fields.of(VaultView.document(present), shape(present.kind()));
            Set<Optional<PrincipalId>> before =
                    stored.texts(path).stream().map(PrincipalId::parse).collect(Collectors.toSet());
            if (!given.stream().map(Optional::of).collect(Collectors.toSet()).equals(before)) {
                body.problem(
                        path,
                        "'" + path + "' counts at the creation of a managed HSM alone. Send what it was, or leave it"
                                + " out; administrators are added and removed by assigning its local role Managed HSM"
                                + " Administrator.");
            }
        }
    }

    private List<PrincipalId> administrators(Fields body) {
        if (kind == VaultKind.VAULT) {
            return List.of();
        }
        String path = "properties.initialAdminObjectIds";
        List<PrincipalId> out = new ArrayList<>();
        for (String text : body.texts(path)) {
            PrincipalId.parse(text)
                    .ifPresentOrElse(
                            out::add,
                            () -> body.problem(path, "'" + path + "' must hold GUIDs, the object ids of principals."));
        }
        return out;
    }

    /** Who leaves them out of a later PUT does not change them. */
    private static void keepAdministrators(ObjectNode document, Optional<Vault> present) {
        present.filter(v -> v.kind() == VaultKind.MANAGED_HSM)
                .map(v -> VaultView.document(v).path("properties").path("initialAdminObjectIds"))
                .filter(JsonNode::isArray)
                .ifPresent(ids -> ResourceBody.properties(document).set("initialAdminObjectIds", ids));
    }

    /** The document without what is kept in typed fields, which would only grow stale in it. */
    private static Draft withoutTyped(Draft head, Optional<Vault> present) {
        ObjectNode document = Json.parseObject(head.document());
        keepAdministrators(document, present);
        document.remove("warnings");
        if (document.get("properties") instanceof ObjectNode properties) {
            for (String name : new String[] {
                "tenantId",
                "accessPolicies",
                "enableRbacAuthorization",
                "enablePurgeProtection",
                "enableSoftDelete",
                "softDeleteRetentionInDays",
                "createMode",
                "vaultUri",
                "hsmUri",
                "statusMessage",
                "securityDomainProperties"
            }) {
                properties.remove(name);
            }
            if (properties.get("sku") instanceof ObjectNode) {
                properties.remove("sku");
            }
        }
        document.remove("sku");
        return new Draft(head.location(), head.tags(), Json.text(document));
    }
}
