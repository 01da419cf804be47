package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Keys as resources below their vault, and roles that are assigned at one key. */
class VaultKeysTest {
    private static final String KEYS = KeyVaultRig.VAULTS + "/v-one/keys";
    private static final String ROLES = "/providers/Microsoft.Authorization/roleAssignments/";
    private static final String BODY = """
            {"tags": {"a": "b"}, "properties": {"kty": "RSA-HSM", "keySize": 3072, "keyOps": ["wrapKey", "unwrapKey"],
             "attributes": {"exportable": true}, "release_policy": {"data": "%s"}}}""".formatted(RecordedKeysTest.POLICY);

    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
        rig.makeVault(true);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void put_makesTheFirstVersion_andNeverAnother() {
        ObjectNode made = expect(200, rig.arm("PUT", KEYS + "/k", BODY));

        assertThat(made.path("id").asString()).isEqualTo(KEYS + "/k");
        assertThat(made.path("type").asString()).isEqualTo("Microsoft.KeyVault/vaults/keys");
        assertThat(made.path("location").asString()).isEqualTo("westeurope");
        ObjectNode bundle = expect(200, rig.vault("GET", "/keys/k", ""));
        assertThat(made.path("properties").path("keyUriWithVersion"))
                .isEqualTo(bundle.path("key").path("kid"));
        assertThat(made.path("properties").path("keySize").asInt()).isEqualTo(3072);
        assertThat(bundle.path("attributes").path("exportable").asBoolean()).isTrue();
        assertThat(bundle.path("tags").toString()).isEqualTo("{\"a\":\"b\"}");

        assertThat(expect(200, rig.arm("PUT", KEYS + "/k", "{\"properties\":{\"kty\":\"EC\"}}")))
                .isEqualTo(made);
        assertThat(expect(200, rig.arm("GET", KEYS + "/k", ""))).isEqualTo(made);
        assertThat(expect(200, rig.arm("GET", KEYS, "")).path("value").get(0)).isEqualTo(made);
        assertThat(refusal(404, rig.arm("GET", KEYS + "/none", ""))).isEqualTo("KeyNotFound");
        assertThat(refusal(404, rig.arm("PUT", KeyVaultRig.VAULTS + "/none/keys/k", BODY)))
                .isEqualTo("ResourceNotFound");
    }

    @Test
    void versions_areListed_andReadOneByOne() {
        expect(200, rig.arm("PUT", KEYS + "/k", BODY));
        expect(200, rig.vault("POST", "/keys/k/rotate", ""));

        var versions = expect(200, rig.arm("GET", KEYS + "/k/versions", "")).path("value");

        assertThat(versions.size()).isEqualTo(2);
        for (var version : versions) {
            assertThat(version.path("type").asString()).isEqualTo("Microsoft.KeyVault/vaults/keys/versions");
            assertThat(expect(200, rig.arm("GET", version.path("id").asString(), "")))
                    .isEqualTo(version);
        }
        assertThat(refusal(404, rig.arm("GET", KEYS + "/k/versions/0", ""))).isEqualTo("KeyNotFound");
    }

    @Test
    void wrongBody_isRefusedInArmsNames() {
        for (String[] wrong : new String[][] {
            {"{}", "properties.kty"},
            {"{\"properties\":{\"kty\":\"DSA\"}}", "properties.kty"},
            {"{\"properties\":{\"kty\":\"RSA\",\"keySize\":7}}", "properties.keySize"},
            {"{\"properties\":{\"kty\":\"RSA\",\"rotationPolicy\":{}}}", "properties.rotationPolicy"},
        }) {
            var refused = rig.arm("PUT", KEYS + "/k", wrong[0]);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(KeyVaultRig.body(refused).toString()).contains(wrong[1]);
        }
    }

    @Test
    void key_isMadeByWhoMayWriteTheVault_andUsedByNobodyForThat() {
        rig.grant("reader", KeyVaultRig.VAULTS + "/v-one", Roles.READER);
        rig.grant("writer", KeyVaultRig.VAULTS + "/v-one", Roles.CONTRIBUTOR);
        rig.grant("officer", KeyVaultRig.VAULTS + "/v-one", Roles.KEY_VAULT_CRYPTO_USER);

        assertThat(refusal(403, rig.armAs("reader", "PUT", KEYS + "/k", BODY))).isEqualTo("AuthorizationFailed");
        assertThat(refusal(403, rig.armAs("officer", "PUT", KEYS + "/k", BODY))).isEqualTo("AuthorizationFailed");
        expect(200, rig.armAs("writer", "PUT", KEYS + "/k", BODY));
        expect(200, rig.armAs("reader", "GET", KEYS + "/k", ""));
        assertThat(refusal(403, rig.armAs("officer", "GET", KEYS + "/k", ""))).isEqualTo("AuthorizationFailed");
        assertThat(refusal(403, rig.as("writer@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys/k", "")))
                .isEqualTo("Forbidden/ForbiddenByRbac");
    }

    @Test
    void roleAtAKey_countsForThatKeyAlone() {
        for (String key : List.of("one", "two")) {
            expect(200, rig.arm("PUT", KEYS + "/" + key, BODY));
        }
        String target = KEYS + "/one" + ROLES + UUID.randomUUID();
        String body = """
                {"properties": {"roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/%s",
                 "principalId": "%s"}}""".formatted(
                        Roles.KEY_VAULT_CRYPTO_USER.id(), rig.caller("user").principal());

        ObjectNode granted = expect(201, rig.arm("PUT", target, body));

        assertThat(granted.path("properties").path("scope").asString()).isEqualToIgnoringCase(KEYS + "/one");
        expect(200, rig.as("user@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys/one", ""));
        assertThat(refusal(403, rig.as("user@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys/two", "")))
                .isEqualTo("Forbidden/ForbiddenByRbac");
        assertThat(refusal(403, rig.as("user@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys", "")))
                .isEqualTo("Forbidden/ForbiddenByRbac");
        assertThat(expect(200, rig.arm("GET", target, ""))).isEqualTo(granted);
        for (String nowhere : List.of(
                KEYS + "/none",
                KeyVaultRig.VAULTS + "/v-one/secrets/one",
                KeyVaultRig.VAULTS + "/none/keys/one",
                KeyVaultRig.HSMS + "/v-one/keys/one")) {
            assertThat(refusal(404, rig.arm("PUT", nowhere + ROLES + UUID.randomUUID(), body)))
                    .as(nowhere)
                    .isEqualTo("ResourceNotFound");
        }
        assertThat(refusal(403, rig.armAs("user", "PUT", KEYS + "/two" + ROLES + UUID.randomUUID(), body)))
                .isEqualTo("AuthorizationFailed");
        expect(200, rig.arm("DELETE", target, ""));
        assertThat(refusal(403, rig.as("user@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys/one", "")))
                .isEqualTo("Forbidden/ForbiddenByRbac");
    }
}
