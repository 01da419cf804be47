package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static dev.keyturn.server.keyvault.KeyVaultRig.vaultBody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Who may write a vault or a managed HSM cannot thereby give itself its keys (docs/permissions.md). */
class PermissionModelTest {
    private static final String ONE = KeyVaultRig.VAULTS + "/v-one";
    private static final String HSM = KeyVaultRig.HSMS + "/h-one";
    private static final String OFF = "{\"properties\":{\"enableRbacAuthorization\":false}}";
    private static final String ON = "{\"properties\":{\"enableRbacAuthorization\":true}}";

    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
        rig.grant("contributor", KeyVaultRig.GROUP, Roles.CONTRIBUTOR);
        rig.grant("vaults", KeyVaultRig.GROUP, Roles.KEY_VAULT_CONTRIBUTOR);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private String policyForContributor() {
        return "\"accessPolicies\":[{\"tenantId\":\"" + KeyVaultRig.TENANT + "\",\"objectId\":\""
                + rig.caller("contributor").principal() + "\",\"permissions\":{\"keys\":[\"all\"]}}]";
    }

    @Test
    void patch_ofTheFlagWithAPolicyForOneself_isRefused_andChangesNothing() {
        rig.makeVault(true);
        expect(200, rig.vault("POST", "/keys/cmk/create", "{\"kty\":\"RSA-HSM\"}"));
        ObjectNode before = expect(200, rig.arm("GET", ONE, ""));

        String attack = "{\"properties\":{\"enableRbacAuthorization\":false," + policyForContributor() + "}}";
        for (String who : new String[] {"contributor", "vaults"}) {
            Response refused = rig.armAs(who, "PATCH", ONE, attack);
            assertThat(refusal(403, refused)).isEqualTo("InsufficientPermissions");
            assertThat(KeyVaultRig.message(refused))
                    .contains("Microsoft.Authorization/roleAssignments/write")
                    .contains("enableRbacAuthorization");
        }

        assertThat(expect(200, rig.arm("GET", ONE, ""))).isEqualTo(before);
        expect(403, rig.as("contributor@vault", KeyVaultRig.VAULT_HOST, "POST", "/keys/cmk/backup", "{}"));
    }

    @Test
    void put_ofTheFlag_overAVault_isRefusedInBothDirections() {
        rig.makeVault(true);
        assertThat(refusal(403, rig.armAs("contributor", "PUT", ONE, vaultBody("premium", false, true))))
                .isEqualTo("InsufficientPermissions");
        expect(200, rig.armAs("contributor", "PUT", ONE, vaultBody("premium", true, true)));

        expect(200, rig.arm("PATCH", ONE, OFF));
        assertThat(refusal(403, rig.armAs("contributor", "PUT", ONE, vaultBody("premium", true, true))))
                .isEqualTo("InsufficientPermissions");
        assertThat(refusal(403, rig.armAs("contributor", "PATCH", ONE, ON))).isEqualTo("InsufficientPermissions");
        expect(200, rig.armAs("contributor", "PATCH", ONE, "{\"tags\":{\"a\":\"b\"}}"));
    }

    @Test
    void flag_isChangedByWhoMayAssignRoles_atTheVaultAlone() {
        rig.makeVault(true);
        rig.grant("contributor", ONE, Roles.RBAC_ADMINISTRATOR);
        expect(200, rig.armAs("contributor", "PATCH", ONE, OFF));
        expect(200, rig.armAs("contributor", "PATCH", ONE, ON));

        expect(201, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-two", vaultBody("premium", true, true)));
        assertThat(refusal(403, rig.armAs("contributor", "PATCH", KeyVaultRig.VAULTS + "/v-two", OFF)))
                .isEqualTo("InsufficientPermissions");
    }

    @Test
    void create_withAccessPolicies_isAnEmptyVault_andSaysWhoReachesItsKeys() {
        ObjectNode made = expect(201, rig.armAs("contributor", "PUT", ONE, vaultBody("premium", false, true)));
        assertThat(made.path("warnings").path(0).path("code").asString()).isEqualTo("KeysOpenToContributors");
        // as in Azure, who may write such a vault may change its policies
        expect(200, rig.armAs("contributor", "PATCH", ONE, "{\"properties\":{" + policyForContributor() + "}}"));
        expect(200, rig.as("contributor@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys", ""));

        ObjectNode again = expect(200, rig.arm("PUT", ONE, made.toString()));
        assertThat(again.path("warnings").size()).isEqualTo(1);
        assertThat(expect(200, rig.arm("PATCH", ONE, ON)).has("warnings")).isFalse();
    }

    @Test
    void recover_bringsTheVaultBackAsItWas_andNeverFlipsTheFlag() {
        rig.makeVault(true);
        expect(200, rig.vault("POST", "/keys/cmk/create", "{\"kty\":\"RSA-HSM\"}"));
        expect(200, rig.armAs("contributor", "DELETE", ONE, ""));
        String recover = "{\"location\":\"westeurope\",\"properties\":{\"tenantId\":\"" + KeyVaultRig.TENANT
                + "\",\"createMode\":\"recover\"," + policyForContributor();

        Response flipped = rig.armAs("contributor", "PUT", ONE, recover + ",\"enableRbacAuthorization\":false}}");
        assertThat(new String(flipped.body(), StandardCharsets.UTF_8)).contains("enableRbacAuthorization");
        assertThat(flipped.status()).isEqualTo(400);

        ObjectNode back = expect(200, rig.armAs("contributor", "PUT", ONE, recover + "}}"));
        assertThat(back.path("properties").path("enableRbacAuthorization").asBoolean())
                .isTrue();
        assertThat(back.path("properties").path("accessPolicies")).isEmpty();
        assertThat(refusal(403, rig.as("contributor@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys", "")))
                .isEqualTo("Forbidden/ForbiddenByRbac");
    }

    @Test
    void hsm_administrators_cannotBeChangedByWhoWritesTheHsm() {
        rig.makeHsm();
        String intruder = "{\"properties\":{\"initialAdminObjectIds\":[\""
                + rig.caller("contributor").principal() + "\"]}}";

        Response refused = rig.armAs("contributor", "PATCH", HSM, intruder);

        expect(400, refused);
        assertThat(KeyVaultRig.message(refused)).contains("Managed HSM Administrator");
        ObjectNode shown = expect(200, rig.armAs("contributor", "PATCH", HSM, "{\"tags\":{\"a\":\"b\"}}"));
        assertThat(shown.path("properties")
                        .path("initialAdminObjectIds")
                        .path(0)
                        .asString())
                .isEqualTo(rig.caller("owner").principal().toString());
        expect(200, rig.arm("PUT", HSM, shown.toString()));
        ((ObjectNode) shown.path("properties")).remove("initialAdminObjectIds");
        ObjectNode kept = expect(200, rig.arm("PUT", HSM, shown.toString()));
        assertThat(kept.path("properties").path("initialAdminObjectIds").size()).isEqualTo(1);
        expect(403, rig.as("contributor@hsm", KeyVaultRig.HSM_HOST, "GET", "/keys", ""));
    }

    @Test
    void refusal_ofAKey_namesTheRemedyOfThatKindOfVault() {
        rig.makeVault(true);
        rig.makeHsm();
        assertThat(KeyVaultRig.message(rig.as("vaults@vault", KeyVaultRig.VAULT_HOST, "POST", "/keys/k/backup", "{}")))
                .contains("Key Vault Crypto User")
                .doesNotContain("Managed HSM");
        assertThat(KeyVaultRig.message(rig.as("vaults@hsm", KeyVaultRig.HSM_HOST, "POST", "/keys/k/backup", "{}")))
                .contains("Managed HSM Crypto User")
                .doesNotContain("Key Vault Crypto User");
        expect(200, rig.arm("PATCH", ONE, OFF));
        assertThat(KeyVaultRig.message(rig.as("vaults@vault", KeyVaultRig.VAULT_HOST, "POST", "/keys/k/backup", "{}")))
                .contains("access policy")
                .contains("backup")
                .contains("role assignments give nothing");
    }
}
