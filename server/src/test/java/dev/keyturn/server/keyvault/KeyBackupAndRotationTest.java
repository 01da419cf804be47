package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Backups, and versions made by policy. */
class KeyBackupAndRotationTest {
    private static final String POLICY = """
            {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P30D"}, "action": {"type": "rotate"}},
              {"trigger": {"timeBeforeExpiry": "P10D"}, "action": {"type": "Notify"}}],
             "attributes": {"expiryTime": "P90D"}}""";

    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
        rig.makeVault(false);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private int versions() {
        return expect(200, rig.vault("GET", "/keys/k/versions", ""))
                .path("value")
                .size();
    }

    @Test
    void restore_ofABackup_bringsBackEveryVersionAndItsPower() {
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"RSA-HSM\",\"tags\":{\"a\":\"b\"}}"));
        String wrapped = expect(
                        200, rig.vault("POST", "/keys/k/wrapkey", "{\"alg\":\"RSA-OAEP-256\",\"value\":\"AAEC\"}"))
                .path("value")
                .asString();
        ObjectNode first = expect(200, rig.vault("GET", "/keys/k", ""));
        expect(200, rig.vault("PUT", "/keys/k/rotationpolicy", POLICY));
        expect(200, rig.vault("POST", "/keys/k/rotate", ""));
        ObjectNode latest = expect(200, rig.vault("GET", "/keys/k", ""));
        String backup = expect(200, rig.vault("POST", "/keys/k/backup", ""))
                .path("value")
                .asString();
        String body = "{\"value\":\"" + backup + "\"}";
        assertThat(refusal(409, rig.vault("POST", "/keys/restore", body))).isEqualTo("Conflict/KeyAlreadyExists");
        expect(200, rig.vault("DELETE", "/keys/k", ""));
        assertThat(refusal(409, rig.vault("POST", "/keys/restore", body)))
                .isEqualTo("Conflict/ObjectIsDeletedButRecoverable");
        expect(204, rig.vault("DELETE", "/deletedkeys/k", ""));

        assertThat(expect(200, rig.vault("POST", "/keys/restore", body))).isEqualTo(latest);

        String path =
                first.path("key").path("kid").asString().substring(("https://" + KeyVaultRig.VAULT_HOST).length());
        assertThat(expect(200, rig.vault("GET", path, ""))).isEqualTo(first);
        assertThat(expect(
                                200,
                                rig.vault(
                                        "POST",
                                        path + "/unwrapkey",
                                        "{\"alg\":\"RSA-OAEP-256\",\"value\":\"" + wrapped + "\"}"))
                        .path("value")
                        .asString())
                .isEqualTo("AAEC");
        assertThat(expect(200, rig.vault("GET", "/keys/k/rotationpolicy", ""))
                        .path("attributes")
                        .path("expiryTime")
                        .asString())
                .isEqualTo("P90D");
    }

    @Test
    void backup_isSealed_andOpensOnlyInTheSameRegionAndKindUnchanged() {
        expect(200, rig.vault("POST", "/keys/my-key-name/create", "{\"kty\":\"EC\"}"));
        String backup = expect(200, rig.vault("POST", "/keys/my-key-name/backup", ""))
                .path("value")
                .asString();
        byte[] bytes = Base64.getUrlDecoder().decode(backup);
        assertThat(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("my-key-name");
        expect(
                201,
                rig.arm(
                        "PUT",
                        KeyVaultRig.VAULTS + "/v-far",
                        KeyVaultRig.vaultBody("premium", true, true).replace("westeurope", "eastus")));
        expect(201, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-near", KeyVaultRig.vaultBody("premium", true, true)));
        rig.makeHsm();

        assertThat(refusal(400, restore("owner@vault", "v-far.vault.keyturn.test", bytes)))
                .isEqualTo("BadParameter");
        assertThat(refusal(400, restore("owner@hsm", KeyVaultRig.HSM_HOST, bytes)))
                .isEqualTo("BadParameter");
        byte[] changed = bytes.clone();
        changed[bytes.length / 2] ^= 1;
        assertThat(refusal(400, restore("owner@vault", "v-near.vault.keyturn.test", changed)))
                .isEqualTo("BadParameter");
        assertThat(refusal(400, restore("owner@vault", "v-near.vault.keyturn.test", new byte[0])))
                .isEqualTo("BadParameter");
        expect(200, restore("owner@vault", "v-near.vault.keyturn.test", bytes));
    }

    private Response restore(String token, String host, byte[] backup) {
        String value = Base64.getUrlEncoder().withoutPadding().encodeToString(backup);
        return rig.as(token, host, "POST", "/keys/restore", "{\"value\":\"" + value + "\"}");
    }

    @Test
    void rotate_makesAVersionLikeTheLatest() {
        expect(200, rig.vault("POST", "/keys/k/create", """
                        {"kty": "RSA-HSM", "key_size": 3072, "key_ops": ["wrapKey", "unwrapKey"], "tags": {"a": "b"},
                         "attributes": {"exportable": true}, "release_policy": {"data": "POLICY"}}""".replace("POLICY", RecordedKeysTest.POLICY)));
        ObjectNode before = expect(200, rig.vault("GET", "/keys/k", ""));

        ObjectNode after = expect(200, rig.vault("POST", "/keys/k/rotate", ""));

        assertThat(after.path("key").path("n")).isNotEqualTo(before.path("key").path("n"));
        for (String same : new String[] {"tags", "release_policy", "attributes"}) {
            assertThat(after.path(same)).isEqualTo(before.path(same));
        }
        assertThat(after.path("key").path("key_ops"))
                .isEqualTo(before.path("key").path("key_ops"));
        assertThat(versions()).isEqualTo(2);
        assertThat(refusal(404, rig.vault("POST", "/keys/none/rotate", ""))).isEqualTo("KeyNotFound");
    }

    @Test
    void policy_ofAKeyWithoutOne_isKeyVaultsOwn_andPutReplacesIt() {
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        ObjectNode usual = expect(200, rig.vault("GET", "/keys/k/rotationpolicy", ""));
        assertThat(usual.path("lifetimeActions").toString())
                .isEqualTo("[{\"trigger\":{\"timeBeforeExpiry\":\"P30D\"},\"action\":{\"type\":\"Notify\"}}]");

        ObjectNode put = expect(200, rig.vault("PUT", "/keys/k/rotationpolicy", POLICY));

        assertThat(put.path("lifetimeActions").size()).isEqualTo(2);
        assertThat(put.path("lifetimeActions")
                        .get(0)
                        .path("action")
                        .path("type")
                        .asString())
                .isEqualTo("Rotate");
        assertThat(expect(200, rig.vault("GET", "/keys/k/rotationpolicy", ""))).isEqualTo(put);
        assertThat(refusal(404, rig.vault("GET", "/keys/none/rotationpolicy", "")))
                .isEqualTo("KeyNotFound");
    }

    @Test
    void wrongPolicies_areRefusedAndNameTheField() {
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        String rotate = "{\"lifetimeActions\":[{\"trigger\":{%s},\"action\":{\"type\":\"Rotate\"}}],"
                + "\"attributes\":{\"expiryTime\":%s}}";
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put(rotate.formatted("\"timeAfterCreate\":\"P6D\"", "null"), "timeAfterCreate");
        wrong.put(rotate.formatted("\"timeAfterCreate\":\"90 days\"", "null"), "timeAfterCreate");
        wrong.put(rotate.formatted("\"timeAfterCreate\":\"PT5H\"", "null"), "timeAfterCreate");
        wrong.put(rotate.formatted("\"timeAfterCreate\":\"P30D\",\"timeBeforeExpiry\":\"P30D\"", "null"), "trigger");
        wrong.put(rotate.formatted("", "null"), "trigger");
        wrong.put(rotate.formatted("\"timeBeforeExpiry\":\"P30D\"", "null"), "expiryTime");
        wrong.put(rotate.formatted("\"timeAfterCreate\":\"P30D\"", "\"P27D\""), "expiryTime");
        wrong.put(rotate.formatted("\"timeAfterCreate\":\"P85D\"", "\"P90D\""), "timeAfterCreate");
        wrong.put(rotate.replace("Rotate", "Spin").formatted("\"timeAfterCreate\":\"P30D\"", "null"), "action.type");
        wrong.put("{\"lifetimeActions\":7}", "lifetimeActions");
        wrong.forEach((body, named) -> {
            Response response = rig.vault("PUT", "/keys/k/rotationpolicy", body);
            assertThat(refusal(400, response)).as(body).isEqualTo("BadParameter");
            assertThat(KeyVaultRig.message(response)).as(body).contains(named);
        });
    }

    @Test
    void rotateDue_makesTheVersionThatThePolicyWants_onceEach() {
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        expect(200, rig.vault("PUT", "/keys/k/rotationpolicy", POLICY));

        rig.clock.advance(Duration.ofDays(29));
        assertThat(rig.services.rotation().rotateDue(rig.clock.instant())).isZero();
        rig.clock.advance(Duration.ofDays(1));
        assertThat(rig.services.rotation().rotateDue(rig.clock.instant())).isEqualTo(1);
        assertThat(rig.services.rotation().rotateDue(rig.clock.instant())).isZero();
        assertThat(versions()).isEqualTo(2);
        ObjectNode latest = expect(200, rig.vault("GET", "/keys/k", ""));
        assertThat(latest.path("attributes").path("exp").asLong())
                .isEqualTo(rig.clock.instant().plus(Duration.ofDays(90)).getEpochSecond());

        expect(200, rig.vault("DELETE", "/keys/k", ""));
        rig.clock.advance(Duration.ofDays(40));
        assertThat(rig.services.rotation().rotateDue(rig.clock.instant())).isZero();
    }
}
