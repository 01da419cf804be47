package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What a managed HSM does beyond a vault, and who may do it. */
class HsmTest {
    private static final String ROLES = "/providers/Microsoft.Authorization/roleAssignments/";

    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
        rig.makeHsm();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void octKeys_encryptAndWrapInAllTheirAlgorithms() {
        String plain = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        for (int bits : new int[] {128, 192, 256}) {
            String key = "/keys/o" + bits;
            ObjectNode made =
                    expect(200, rig.hsm("POST", key + "/create", "{\"kty\":\"oct-HSM\",\"key_size\":" + bits + "}"));
            assertThat(made.path("key").has("k")).isFalse();
            String a = "A" + bits;
            for (String algorithm : List.of(a + "GCM", a + "CBC", a + "CBCPAD")) {
                ObjectNode sealed = expect(200, use(key, "encrypt", algorithm, plain, ""));
                String rest =
                        ",\"iv\":" + sealed.path("iv") + (sealed.has("tag") ? ",\"tag\":" + sealed.path("tag") : "");
                ObjectNode opened = expect(
                        200, use(key, "decrypt", algorithm, sealed.path("value").asString(), rest));
                assertThat(opened.path("value").asString()).as(algorithm).isEqualTo(plain);
            }
            ObjectNode wrapped = expect(200, use(key, "wrapkey", a + "KW", plain, ""));
            assertThat(expect(
                                    200,
                                    use(
                                            key,
                                            "unwrapkey",
                                            a + "KW",
                                            wrapped.path("value").asString(),
                                            ""))
                            .path("value")
                            .asString())
                    .isEqualTo(plain);
            assertThat(refusal(400, use(key, "encrypt", a + "KW", plain, ""))).isEqualTo("BadParameter");
            assertThat(refusal(400, use(key, "wrapkey", a + "GCM", plain, ""))).isEqualTo("BadParameter");
            assertThat(refusal(400, use(key, "encrypt", a + "GCM", plain, ",\"iv\":\"AAAAAAAAAAAAAAAA\"")))
                    .isEqualTo("BadParameter");
        }
    }

    private Response use(String key, String verb, String algorithm, String value, String rest) {
        return rig.hsm(
                "POST", key + "/" + verb, "{\"alg\":\"" + algorithm + "\",\"value\":\"" + value + "\"" + rest + "}");
    }

    @Test
    void keysInAnHsm_areHsmKeysAlways() {
        ObjectNode made = expect(200, rig.hsm("POST", "/keys/k/create", "{\"kty\":\"RSA\"}"));

        assertThat(made.path("key").path("kty").asString()).isEqualTo("RSA-HSM");
        assertThat(made.path("key").path("kid").asString()).startsWith("https://" + KeyVaultRig.HSM_HOST + "/keys/k/");
    }

    @Test
    void rng_givesAsManyBytesAsAskedFor() {
        ObjectNode made = expect(200, rig.hsm("POST", "/rng", "{\"count\":128}"));

        assertThat(Base64.getUrlDecoder().decode(made.path("value").asString())).hasSize(128);
        for (String wrong : List.of("{}", "{\"count\":0}", "{\"count\":129}", "{\"count\":\"1\"}")) {
            assertThat(refusal(400, rig.hsm("POST", "/rng", wrong))).isEqualTo("BadParameter");
        }
    }

    @Test
    void localRole_opensTheKeysOfItsScopeAlone_untilItIsRevoked() {
        expect(200, rig.hsm("POST", "/keys/one/create", "{\"kty\":\"RSA-HSM\"}"));
        expect(200, rig.hsm("POST", "/keys/two/create", "{\"kty\":\"RSA-HSM\"}"));
        String name = UUID.randomUUID().toString();
        String scoped = "/keys/one" + ROLES + name;
        assertThat(refusal(403, asUser("/keys/one"))).isEqualTo("Forbidden/ForbiddenByRbac");

        ObjectNode granted = expect(201, rig.hsm("PUT", scoped, """
                        {"properties": {"roleDefinitionId": "Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/%s",
                         "principalId": "%s"}}""".formatted(
                HsmRoles.CRYPTO_SERVICE_ENCRYPTION_USER.id(), rig.caller("user").principal())));

        assertThat(granted.path("properties").path("scope").asString()).isEqualTo("/keys/one");
        assertThat(granted.path("name").asString()).isEqualTo(name);
        expect(200, asUser("/keys/one"));
        assertThat(refusal(403, asUser("/keys/two"))).isEqualTo("Forbidden/ForbiddenByRbac");
        assertThat(expect(200, rig.hsm("GET", scoped, ""))).isEqualTo(granted);
        assertThat(expect(200, rig.hsm("GET", "//providers/Microsoft.Authorization/roleAssignments", ""))
                        .path("value")
                        .size())
                .isEqualTo(3);
        expect(200, rig.hsm("DELETE", scoped, ""));
        assertThat(refusal(403, asUser("/keys/one"))).isEqualTo("Forbidden/ForbiddenByRbac");
    }

    private Response asUser(String path) {
        return rig.as("user@hsm", KeyVaultRig.HSM_HOST, "GET", path, "");
    }

    @Test
    void localRoles_areGrantedOnlyByWhoMay_andOnlyLocalOnes() {
        String body = "{\"properties\":{\"roleDefinitionId\":\"%s\",\"principalId\":\"%s\"}}";
        String target = ROLES + UUID.randomUUID();
        String user = rig.caller("user").principal().toString();

        assertThat(refusal(
                        403,
                        rig.as(
                                "user@hsm",
                                KeyVaultRig.HSM_HOST,
                                "PUT",
                                target,
                                body.formatted(HsmRoles.ADMINISTRATOR.id(), user))))
                .isEqualTo("Forbidden/ForbiddenByRbac");
        assertThat(rig.hsm("PUT", target, body.formatted(dev.keyturn.core.identity.Roles.OWNER.id(), user))
                        .status())
                .isEqualTo(400);
        assertThat(refusal(400, rig.hsm("PUT", ROLES + "no-guid", "{}"))).isEqualTo("BadParameter");
        ObjectNode definitions = expect(200, rig.hsm("GET", "/providers/Microsoft.Authorization/roleDefinitions", ""));
        assertThat(definitions.path("value").size()).isEqualTo(9);
    }

    @Test
    void administratorAlone_mayNotUseKeys() {
        expect(200, rig.arm("PUT", KeyVaultRig.HSMS + "/h-two", """
                        {"location": "westeurope", "sku": {"name": "Standard_B1"},
                         "properties": {"tenantId": "%s", "initialAdminObjectIds": ["%s"]}}""".formatted(
                        KeyVaultRig.TENANT, rig.caller("user").principal())));

        assertThat(refusal(403, rig.as("user@hsm", "h-two.managedhsm.keyturn.test:8443", "GET", "/keys", "")))
                .isEqualTo("Forbidden/ForbiddenByRbac");
        expect(
                200,
                rig.as(
                        "user@hsm",
                        "h-two.managedhsm.keyturn.test:8443",
                        "GET",
                        "/providers/Microsoft.Authorization/roleAssignments",
                        ""));
    }
}
