package dev.keyturn.server.arm.vault;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ResourceBody;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Vaults and managed HSMs as ARM shows them. */
record VaultView(VaultHosts hosts) {
    ObjectNode render(Vault vault) {
        ObjectNode out = ResourceBody.render(vault.resource(), VaultBody.shape(vault.kind()));
        ObjectNode properties = ResourceBody.properties(out);
        properties.put("tenantId", vault.tenant().toString());
        properties.put("enableSoftDelete", true);
        properties.put("softDeleteRetentionInDays", vault.softDeleteDays());
        if (vault.purgeProtection()) {
            properties.put("enablePurgeProtection", true);
        }
        switch (vault.kind()) {
            case VAULT -> {
                properties.putObject("sku").put("family", "A").put("name", vault.sku());
                AccessPolicies.render(properties.putArray("accessPolicies"), vault.policies());
                properties.put("enableRbacAuthorization", vault.rbac());
                properties.put("vaultUri", hosts.uri(vault));
                if (!vault.rbac()) {
                    warnOfPolicies(out);
                }
            }
            case MANAGED_HSM -> {
                out.putObject("sku").put("family", "B").put("name", vault.sku());
                properties.put("hsmUri", hosts.uri(vault));
                properties.put("statusMessage", "The Managed HSM is provisioned and ready to use.");
                properties
                        .putObject("securityDomainProperties")
                        .put("activationStatus", "Active")
                        .put(
                                "activationStatusMessage",
                                "Your HSM has been activated and can be used for cryptographic operations.");
            }
        }
        return out;
    }

    /** Ours: what Azure's portal says beside the choice, so that nobody takes such a vault for one that roles guard. */
    private static void warnOfPolicies(ObjectNode out) {
        out.putArray("warnings")
                .addObject()
                .put("code", "KeysOpenToContributors")
                .put(
                        "message",
                        "This vault is on access policies (enableRbacAuthorization is false). Whoever may write it,"
                                + " as Contributor and Key Vault Contributor may, can give itself or others access to"
                                + " its keys. With enableRbacAuthorization true only role assignments can.");
    }

    /** What is stored of the vault beside its typed fields. */
    static ObjectNode document(Vault vault) {
        return VaultBody.shape(vault.kind())
                .restored(Json.parseObject(vault.resource().document()));
    }

    ObjectNode deleted(Vault vault) {
        Deletion deletion = vault.deleted().orElseThrow();
        boolean hsm = vault.kind() == VaultKind.MANAGED_HSM;
        String type = hsm ? "deletedManagedHSMs" : "deletedVaults";
        ObjectNode out = Json.object()
                .put(
                        "id",
                        ArmId.subscription(vault.resource().id().subscription())
                                .resource(
                                        "Microsoft.KeyVault/locations",
                                        vault.resource().location())
                                .child(type, vault.name())
                                .toString())
                .put("name", vault.name())
                .put("type", "Microsoft.KeyVault/" + type);
        ObjectNode properties = out.putObject("properties")
                .put(hsm ? "mhsmId" : "vaultId", vault.resource().id().toString())
                .put("location", vault.resource().location())
                .put("deletionDate", deletion.at().toString())
                .put("scheduledPurgeDate", deletion.purgeAt().toString());
        if (vault.purgeProtection()) {
            properties.put("purgeProtectionEnabled", true);
        }
        ObjectNode tags = properties.putObject("tags");
        new TreeMap<>(vault.resource().tags()).forEach(tags::put);
        return out;
    }
}
