package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What decides about a key does what it says, or is refused. */
class KeyNearMissTest {
    private static final String ONE = KeyVaultRig.VAULTS + "/v-one";

    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void start() {
        rig = new KeyVaultRig(directory);
        rig.makeVault(true);
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"RSA\"}"));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private JsonNode key() {
        return expect(200, rig.vault("GET", "/keys/k", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"attributes\":{\"Enabled\":false}}",
                "{\"Attributes\":{\"enabled\":false}}",
                "{\"ATTRIBUTES\":{\"ENABLED\":false}}",
            })
    void theKillSwitch_isPulledInAnySpelling(String body) {
        expect(200, rig.vault("PATCH", "/keys/k", body));
        assertThat(key().path("attributes").path("enabled").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"enabled\":false}",
                "{\"attribute\":{\"enabled\":false}}",
                "{\"attributes\":{\"enabled\":\"false\"}}",
                "{\"attributes\":{\"enabled\":true,\"Enabled\":false}}",
                "{\"key\":{\"key_ops\":[\"sign\"]}}",
                "{\"properties\":{\"attributes\":{\"Enabled\":false}}}",
            })
    void whatCannotBeObeyed_isRefused(String body) {
        assertThat(rig.vault("PATCH", "/keys/k", body).status()).isEqualTo(400);
        assertThat(key().path("attributes").path("enabled").asBoolean()).isTrue();
    }

    @Test
    void anEmptyListOfOperations_isNoChange_andTheUsualOnesForANewKey() {
        JsonNode usual = key().path("key").path("key_ops");
        ObjectNode made = expect(200, rig.vault("POST", "/keys/e/create", "{\"kty\":\"RSA\",\"key_ops\":[]}"));
        assertThat(made.path("key").path("key_ops")).isEqualTo(usual);
        assertThat(usual).isNotEmpty();

        expect(200, rig.vault("PATCH", "/keys/k", "{\"key_ops\":[\"wrapKey\",\"unwrapKey\"]}"));
        for (String none : new String[] {"[]", "null"}) {
            String body = "{\"key_ops\":" + none + ",\"attributes\":{\"enabled\":true}}";
            ObjectNode updated = expect(200, rig.vault("PATCH", "/keys/k", body));
            assertThat(updated.path("key").path("key_ops").toString()).isEqualTo("[\"wrapKey\",\"unwrapKey\"]");
        }
    }

    @Test
    void anEmptyReleasePolicy_isRefused_andNullIsNone() {
        for (String policy : new String[] {"{}", "{\"data\":\"\"}", "{\"data\":null}", "{\"contentType\":\"x\"}"}) {
            Response refused =
                    rig.vault("POST", "/keys/p/create", "{\"kty\":\"RSA-HSM\",\"release_policy\":" + policy + "}");
            assertThat(refused.status()).as(policy).isEqualTo(400);
            assertThat(KeyVaultRig.message(refused)).contains("release_policy.data");
        }
        expect(200, rig.vault("POST", "/keys/p/create", "{\"kty\":\"RSA-HSM\",\"release_policy\":null}"));
    }

    @Test
    void numbersAndBooleansOfAVault_mayBeText_asAzureCliSendsThem() {
        Response made = rig.arm("PUT", KeyVaultRig.HSMS + "/h-two", """
                {"location": "westeurope", "sku": {"family": "B", "name": "Standard_B1"},
                 "properties": {"tenantId": "%s", "initialAdminObjectIds": ["%s"], "softDeleteRetentionInDays": "7",
                 "enablePurgeProtection": "true"}}""".formatted(
                        KeyVaultRig.TENANT, rig.caller("owner").principal()));
        JsonNode properties = expect(200, made).path("properties");
        assertThat(properties.path("softDeleteRetentionInDays").toString()).isEqualTo("7");
        assertThat(properties.path("enablePurgeProtection").asBoolean()).isTrue();
        Response refused = rig.arm(
                "PATCH", KeyVaultRig.HSMS + "/h-two", "{\"properties\":{\"softDeleteRetentionInDays\":\"7 days\"}}");
        assertThat(refused.status()).isEqualTo(400);
    }

    @Test
    void whatIsReadOfAVault_canBeSentBack_andANullTakesNothingAwayThatLasts() {
        ObjectNode read = expect(200, rig.arm("GET", ONE, ""));
        expect(200, rig.arm("PUT", ONE, read.toString()));
        for (String field : new String[] {"accessPolicies", "enableRbacAuthorization", "sku", "tenantId"}) {
            expect(200, rig.arm("PATCH", ONE, "{\"properties\":{\"" + field + "\":null}}"));
        }
        assertThat(rig.arm("PATCH", ONE, "{\"enableRbacAuthorization\":false}").status())
                .isEqualTo(400);
        ObjectNode after = expect(200, rig.arm("GET", ONE, ""));
        assertThat(after.path("properties")).isEqualTo(read.path("properties"));
    }
}
