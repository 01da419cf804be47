package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static dev.keyturn.server.keyvault.KeyVaultRig.vaultBody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Vaults and managed HSMs as ARM resources. */
class VaultArmTest {
    private static final String ONE = KeyVaultRig.VAULTS + "/v-one";
    private static final String HSM = KeyVaultRig.HSMS + "/h-one";
    private static final String PROVIDER = "/subscriptions/" + KeyVaultRig.SUB + "/providers/Microsoft.KeyVault/";

    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void put_makesAVault_andSaysWhereItsKeysAre() {
        ObjectNode made = expect(201, rig.arm("PUT", ONE, """
                        {"location": "West Europe", "tags": {"a": "b"}, "properties": {"tenantId": "%s",
                         "sku": {"family": "A", "name": "Premium"}, "enableRbacAuthorization": true,
                         "networkAcls": {"bypass": "AzureServices", "defaultAction": "Allow"},
                         "enabledForDeployment": false, "softDeleteRetentionInDays": 7, "createMode": null}}""".formatted(KeyVaultRig.TENANT)));

        assertThat(made.path("id").asString()).isEqualTo(ONE);
        assertThat(made.path("type").asString()).isEqualTo("Microsoft.KeyVault/vaults");
        ObjectNode properties = (ObjectNode) made.path("properties");
        assertThat(properties.path("vaultUri").asString()).isEqualTo("https://v-one.vault.keyturn.test:8443/");
        assertThat(properties.path("provisioningState").asString()).isEqualTo("Succeeded");
        assertThat(properties.path("sku").path("name").asString()).isEqualTo("premium");
        assertThat(properties.path("softDeleteRetentionInDays").asInt()).isEqualTo(7);
        assertThat(properties.path("enableRbacAuthorization").asBoolean()).isTrue();
        assertThat(properties.path("enabledForDeployment").asBoolean(true)).isFalse();
        assertThat(properties.has("enablePurgeProtection")).isFalse();
        assertThat(expect(200, rig.arm("GET", ONE, ""))).isEqualTo(made);
        assertThat(expect(200, rig.arm("GET", KeyVaultRig.VAULTS, ""))
                        .path("value")
                        .size())
                .isEqualTo(1);
        assertThat(expect(200, rig.arm("GET", PROVIDER + "vaults", ""))
                        .path("value")
                        .get(0))
                .isEqualTo(made);
    }

    @Test
    void put_ofWhatGetAnswered_changesNothingButTheETag() {
        rig.makeVault(true);
        Response got = rig.arm("GET", ONE, "");

        Response put = rig.arm("PUT", ONE, new String(got.body(), java.nio.charset.StandardCharsets.UTF_8));

        assertThat(expect(200, put)).isEqualTo(KeyVaultRig.body(got));
        assertThat(put.headers().get("ETag")).isNotEqualTo(got.headers().get("ETag"));
    }

    @Test
    void put_withMistakes_isRefusedAndNamesEachField() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("{}", "location");
        wrong.put("{\"location\":\"westeurope\"}", "properties.tenantId");
        wrong.put(vaultBody("gold", true, true), "properties.sku.name");
        wrong.put(vaultBody("premium", true, true).replace(KeyVaultRig.TENANT, SOME), "properties.tenantId");
        wrong.put(with("\"softDeleteRetentionInDays\":6"), "properties.softDeleteRetentionInDays");
        wrong.put(with("\"enableSoftDelete\":false"), "properties.enableSoftDelete");
        wrong.put(with("\"networkAcls\":{\"defaultAction\":\"Deny\"}"), "properties.networkAcls.defaultAction");
        wrong.put(with("\"publicNetworkAccess\":\"Disabled\""), "properties.publicNetworkAccess");
        wrong.put(
                with("\"accessPolicies\":[{\"objectId\":\"x\"}]").replace("\"accessPolicies\": [], ", ""),
                "properties.accessPolicies[0].objectId");
        wrong.forEach((body, field) -> {
            Response response = rig.arm("PUT", ONE, body);
            expect(400, response);
            assertThat(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .as(body)
                    .contains(field);
        });
        for (String name : new String[] {"ab", "1abc", "abc-", "a--b", "a".repeat(25), "under_score"}) {
            assertThat(refusal(400, rig.arm("PUT", KeyVaultRig.VAULTS + "/" + name, vaultBody("premium", true, true))))
                    .as(name)
                    .isEqualTo("VaultNameNotValid");
        }
        assertThat(refusal(404, rig.arm("GET", ONE, ""))).isEqualTo("ResourceNotFound");
        assertThat(refusal(404, rig.arm("PUT", ONE.replace("/rg/", "/none/"), vaultBody("premium", true, true))))
                .isEqualTo("ResourceGroupNotFound");
    }

    private static final String SOME = "00000000-1111-2222-3333-444444444444";

    private static String with(String property) {
        return """
                {"location": "westeurope", "properties": {"tenantId": "%s", "sku": {"name": "premium"}, %s}}""".formatted(KeyVaultRig.TENANT, property);
    }

    @Test
    void name_isUniqueOverTheWholeServer_deletedOnesIncluded() {
        rig.makeVault(false);
        String other = ONE.replace("/rg/", "/rg2/").replace("v-one", "V-ONE");
        assertThat(refusal(404, rig.arm("PUT", other, vaultBody("premium", true, true))))
                .isEqualTo("ResourceGroupNotFound");
        assertThat(availability("v-one")).isEqualTo("AlreadyExists");
        assertThat(availability("a--b")).isEqualTo("AccountNameInvalid");
        assertThat(availability("free")).isEmpty();

        expect(200, rig.arm("DELETE", ONE, ""));
        assertThat(refusal(409, rig.arm("PUT", ONE, vaultBody("premium", true, true))))
                .isEqualTo("ConflictError");
        assertThat(availability("V-One")).isEqualTo("AlreadyExists");
        expect(200, rig.arm("POST", PROVIDER + "locations/westeurope/deletedVaults/v-one/purge", ""));
        assertThat(availability("v-one")).isEmpty();
        rig.makeVault(false);
    }

    private String availability(String name) {
        ObjectNode answer = expect(
                200,
                rig.arm(
                        "POST",
                        PROVIDER + "checkNameAvailability",
                        "{\"name\":\"" + name + "\",\"type\":\"Microsoft.KeyVault/vaults\"}"));
        assertThat(answer.path("nameAvailable").asBoolean()).isEqualTo(!answer.has("reason"));
        return answer.path("reason").asString("");
    }

    @Test
    void patch_changesWhatIsSaid_andWhatIsForGoodStays() {
        rig.makeVault(true);

        ObjectNode changed = expect(
                200,
                rig.arm("PATCH", ONE, "{\"tags\":{\"x\":\"y\"},\"properties\":{\"sku\":{\"name\":\"standard\"}}}"));
        assertThat(changed.path("tags").toString()).isEqualTo("{\"x\":\"y\"}");
        assertThat(changed.path("properties").path("sku").path("name").asString())
                .isEqualTo("standard");
        assertThat(changed.path("properties").path("enablePurgeProtection").asBoolean())
                .isTrue();

        for (String forGood : new String[] {
            "{\"properties\":{\"enablePurgeProtection\":false}}", "{\"properties\":{\"softDeleteRetentionInDays\":30}}"
        }) {
            assertThat(refusal(400, rig.arm("PATCH", ONE, forGood))).isEqualTo("BadRequest");
        }
        assertThat(refusal(409, rig.arm("PATCH", ONE, "{\"location\":\"eastus\"}")))
                .isEqualTo("InvalidResourceLocation");
        assertThat(refusal(404, rig.arm("PATCH", KeyVaultRig.VAULTS + "/none", "{\"tags\":{}}")))
                .isEqualTo("ResourceNotFound");
    }

    @Test
    void rbac_isOnByDefaultFromTheVersionOnThatAzureTurnedItOn() {
        String body = vaultBody("premium", true, true).replace("\"enableRbacAuthorization\": true, ", "");

        assertThat(rbac(rig.arm("PUT", KeyVaultRig.VAULTS + "/older?api-version=2023-07-01", body)))
                .isFalse();
        assertThat(rbac(rig.arm("PUT", KeyVaultRig.VAULTS + "/newer?api-version=2026-02-01", body)))
                .isTrue();
    }

    private static boolean rbac(Response response) {
        return expect(201, response)
                .path("properties")
                .path("enableRbacAuthorization")
                .asBoolean();
    }

    @Test
    void managedHsm_isReadyAtOnce_andItsAdministratorMayGrant() {
        rig.makeHsm();
        ObjectNode hsm = expect(200, rig.arm("GET", HSM, ""));

        assertThat(hsm.path("type").asString()).isEqualTo("Microsoft.KeyVault/managedHSMs");
        assertThat(hsm.path("properties").path("hsmUri").asString())
                .isEqualTo("https://h-one.managedhsm.keyturn.test:8443/");
        assertThat(hsm.path("properties")
                        .path("securityDomainProperties")
                        .path("activationStatus")
                        .asString())
                .isEqualTo("Active");
        assertThat(hsm.path("sku").path("name").asString()).isEqualTo("Standard_B1");
        String noAdmin =
                "{\"location\":\"westeurope\",\"sku\":{\"name\":\"Standard_B1\"},\"properties\":{\"tenantId\":\""
                        + KeyVaultRig.TENANT + "\"}}";
        assertThat(refusal(400, rig.arm("PUT", KeyVaultRig.HSMS + "/h-two", noAdmin)))
                .isEqualTo("BadRequest");
        String strange = noAdmin.replace(
                "\"tenantId\"", "\"initialAdminObjectIds\":[\"" + UUID.randomUUID() + "\"],\"tenantId\"");
        assertThat(refusal(400, rig.arm("PUT", KeyVaultRig.HSMS + "/h-two", strange)))
                .isEqualTo("PrincipalNotFound");
        assertThat(refusal(404, rig.arm("GET", KeyVaultRig.HSMS + "/h-two", "")))
                .isEqualTo("ResourceNotFound");

        expect(200, rig.arm("DELETE", HSM, ""));
        String deleted = PROVIDER + "locations/westeurope/deletedManagedHSMs/h-one";
        assertThat(expect(200, rig.arm("GET", deleted, ""))
                        .path("properties")
                        .path("mhsmId")
                        .asString())
                .isEqualTo(HSM);
        expect(202, rig.arm("POST", deleted + "/purge", ""));
        assertThat(refusal(404, rig.arm("GET", deleted, ""))).isEqualTo("DeletedManagedHsmNotFound");
    }

    @Test
    void staleETag_changesNothing() {
        rig.makeVault(true);
        expect(200, rig.arm("PATCH", ONE, "{\"tags\":{\"a\":\"1\"}}"));

        assertThat(refusal(412, rig.armIf("\"1\"", "DELETE", ONE, ""))).isEqualTo("PreconditionFailed");
        assertThat(refusal(412, rig.armIf("\"1\"", "PUT", ONE, vaultBody("premium", true, true))))
                .isEqualTo("PreconditionFailed");
        expect(200, rig.armIf("\"2\"", "DELETE", ONE, ""));
    }
}
