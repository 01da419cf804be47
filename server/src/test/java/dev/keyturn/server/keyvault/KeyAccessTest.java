package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation on keys needs a permission: of a role, or of an access policy while RBAC is off. */
class KeyAccessTest {
    private static final List<Map.Entry<String, String>> ALL = List.of(
            Map.entry("GET", "/keys"),
            Map.entry("GET", "/keys/k"),
            Map.entry("GET", "/keys/k/versions"),
            Map.entry("POST", "/keys/k/create"),
            Map.entry("PUT", "/keys/k"),
            Map.entry("PATCH", "/keys/k"),
            Map.entry("DELETE", "/keys/k"),
            Map.entry("POST", "/keys/k/rotate"),
            Map.entry("GET", "/keys/k/rotationpolicy"),
            Map.entry("PUT", "/keys/k/rotationpolicy"),
            Map.entry("POST", "/keys/k/backup"),
            Map.entry("POST", "/keys/restore"),
            Map.entry("POST", "/keys/k/wrapkey"),
            Map.entry("POST", "/keys/k/unwrapkey"),
            Map.entry("POST", "/keys/k/encrypt"),
            Map.entry("POST", "/keys/k/decrypt"),
            Map.entry("POST", "/keys/k/sign"),
            Map.entry("POST", "/keys/k/verify"),
            Map.entry("POST", "/keys/k/release"),
            Map.entry("GET", "/deletedkeys"),
            Map.entry("GET", "/deletedkeys/k"),
            Map.entry("DELETE", "/deletedkeys/k"),
            Map.entry("POST", "/deletedkeys/k/recover"));
    private static final Map<String, String> BODIES = Map.of(
            "/keys/k/create",
            "{\"kty\":\"EC\"}",
            "PUT/keys/k",
            "{\"key\":{\"kty\":\"oct-HSM\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}}",
            "/keys/restore",
            "{\"value\":\"AA\"}",
            "/keys/k/sign",
            "{\"alg\":\"ES256\",\"value\":\"AA\"}",
            "/keys/k/verify",
            "{\"alg\":\"ES256\",\"value\":\"AA\",\"digest\":\"AA\"}");

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

    private Response call(String token, String method, String target) {
        String body = BODIES.getOrDefault(
                method + target, BODIES.getOrDefault(target, "{\"alg\":\"RSA-OAEP\",\"value\":\"AA\"}"));
        return rig.as(token, KeyVaultRig.VAULT_HOST, method, target, body);
    }

    @Test
    void whoHasNoRole_mayNothing_whetherTheKeyExistsOrNot() {
        rig.makeVault(true);
        rig.grant("stranger", "/subscriptions/" + KeyVaultRig.SUB, Roles.OWNER);
        for (var request : ALL) {
            Response response = call("stranger@vault", request.getKey(), request.getValue());
            assertThat(refusal(403, response)).as("%s", request).isEqualTo("Forbidden/ForbiddenByRbac");
            assertThat(KeyVaultRig.message(response)).contains("Microsoft.KeyVault/vaults/key");
        }
    }

    @Test
    void whoHasNoPermission_isToldSo_beforeTheBodyIsLookedAt() {
        rig.makeVault(true);
        rig.makeHsm();
        for (var request : ALL) {
            assertThat(refusal(
                            403,
                            rig.as(
                                    "stranger@vault",
                                    KeyVaultRig.VAULT_HOST,
                                    request.getKey(),
                                    request.getValue(),
                                    "{\"no")))
                    .as("%s", request)
                    .isEqualTo("Forbidden/ForbiddenByRbac");
        }
        assertThat(refusal(403, rig.as("stranger@hsm", KeyVaultRig.HSM_HOST, "POST", "/rng", "{\"no")))
                .isEqualTo("Forbidden/ForbiddenByRbac");
        assertThat(refusal(400, rig.vault("POST", "/keys/k/create", "{\"no"))).isEqualTo("BadParameter");
    }

    @Test
    void roleAtOneVault_countsThereAlone() {
        rig.makeVault(true);
        expect(201, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-two", KeyVaultRig.vaultBody("premium", true, true)));
        rig.grant("user", KeyVaultRig.VAULTS + "/v-two", Roles.KEY_VAULT_CRYPTO_OFFICER);

        assertThat(refusal(403, call("user@vault", "GET", "/keys"))).isEqualTo("Forbidden/ForbiddenByRbac");
        expect(200, rig.as("user@vault", "v-two.vault.keyturn.test:8443", "GET", "/keys", ""));
    }

    @Test
    void encryptionUser_wrapsButDoesNotCreate() {
        rig.makeVault(true);
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"RSA\"}"));
        rig.grant("set", KeyVaultRig.VAULTS + "/v-one", Roles.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER);

        expect(200, call("set@vault", "POST", "/keys/k/wrapkey"));
        expect(200, call("set@vault", "GET", "/keys/k"));
        assertThat(refusal(403, call("set@vault", "POST", "/keys/k/create"))).isEqualTo("Forbidden/ForbiddenByRbac");
        assertThat(refusal(403, call("set@vault", "POST", "/keys/k/encrypt"))).isEqualTo("Forbidden/ForbiddenByRbac");
    }

    @Test
    void withoutRbac_accessPoliciesCountAndRolesDoNot() {
        expect(201, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-one", KeyVaultRig.vaultBody("premium", false, true)));
        for (var request : ALL) {
            assertThat(refusal(403, call("owner@vault", request.getKey(), request.getValue())))
                    .as("%s", request)
                    .isEqualTo("Forbidden/ForbiddenByPolicy");
        }
        policies("add", "\"Get\",\"create\"");
        expect(200, call("owner@vault", "POST", "/keys/k/create"));
        expect(200, call("owner@vault", "GET", "/keys/k"));
        assertThat(refusal(403, call("owner@vault", "GET", "/keys"))).isEqualTo("Forbidden/ForbiddenByPolicy");

        policies("add", "\"list\"");
        expect(200, call("owner@vault", "GET", "/keys"));
        expect(200, call("owner@vault", "GET", "/keys/k"));
        policies("remove", "\"get\"");
        assertThat(refusal(403, call("owner@vault", "GET", "/keys/k"))).isEqualTo("Forbidden/ForbiddenByPolicy");
        policies("replace", "\"all\"");
        expect(200, call("owner@vault", "DELETE", "/keys/k"));
        policies("remove", "");
        assertThat(refusal(403, call("owner@vault", "GET", "/keys"))).isEqualTo("Forbidden/ForbiddenByPolicy");
    }

    private void policies(String operation, String words) {
        expect(200, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-one/accessPolicies/" + operation, """
                        {"properties": {"accessPolicies": [{"tenantId": "%s", "objectId": "%s",
                         "permissions": {"keys": [%s]}}]}}""".formatted(
                        KeyVaultRig.TENANT, rig.caller("owner").principal(), words)));
    }

    @Test
    void turningRbacOn_makesAccessPoliciesCountNoMore() {
        expect(201, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-one", KeyVaultRig.vaultBody("premium", false, true)));
        expect(
                200,
                rig.arm("PATCH", KeyVaultRig.VAULTS + "/v-one", "{\"properties\":{\"enableRbacAuthorization\":true}}"));

        expect(200, call("owner@vault", "GET", "/keys"));
    }
}
