package dev.keyturn.acceptance;

import dev.keyturn.cli.client.Api;
import java.util.Optional;
import java.util.UUID;

/** A managed HSM in a ground's group, with its local roles. */
public record Hsm(Api api, String name, String path) {
    public static final String CRYPTO_OFFICER = "515eb02d-2335-4d2d-92f2-b1cbdf9c3778";
    public static final String CRYPTO_USER = "21dbd100-6940-42c2-9190-5d6cb909625b";
    private static final String ENCRYPTION_USER = "33413926-3206-4cdd-b39a-83574fe37a17";

    /** The administrator may use its keys. */
    public static Hsm create(Ground ground, String name) {
        Api api = ground.api();
        String path = ground.groupPath() + "/providers/Microsoft.KeyVault/managedHSMs/" + name;
        api.armToEnd(
                "PUT", path, "2023-07-01", Ground.body("""
                {"location":"westeurope","sku":{"family":"B","name":"Standard_B1"},"properties":{"tenantId":"%s",
                "initialAdminObjectIds":["%s"],"enablePurgeProtection":true,"softDeleteRetentionInDays":7}}""".formatted(api.env().tenant(), api.principal())));
        Hsm hsm = new Hsm(api, name, path);
        hsm.grant(CRYPTO_USER, api.principal());
        return hsm;
    }

    /** A key fit for a confidential set; the version's full id. */
    public String newKey(String key) {
        return api.keys("POST", api.env().hsmHost(name), "/keys/" + key + "/create", Ground.body(Ground.keyBody()))
                .text("key.kid");
    }

    public void delete(String key) {
        api.keys("DELETE", api.env().hsmHost(name), "/keys/" + key, Optional.empty());
    }

    void grantEncryptionUser(String principal) {
        grant(ENCRYPTION_USER, principal);
    }

    public void grant(String role, String principal) {
        api.keys(
                "PUT",
                api.env().hsmHost(name),
                "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                Ground.body("""
                        {"properties":{"roleDefinitionId":"Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/%s",
                        "principalId":"%s"}}""".formatted(role, principal)));
    }
}
