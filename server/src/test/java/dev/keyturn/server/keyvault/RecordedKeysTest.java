package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Response;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** What Azure answers to about keys where one would guess otherwise: from the recordings of its own SDKs' tests. */
class RecordedKeysTest {
    static final String POLICY = policy(
            "{'version':'1.0.0','anyOf':[{'authority':'https://a.example/','anyOf':[{'claim':'x','equals':'y'}]}]}");
    static final String OTHER_POLICY = policy(
            "{'version':'1.0.0','anyOf':[{'authority':'https://a.example/','anyOf':[{'claim':'x','equals':'z'}]}]}");

    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
        rig.makeVault(true);
        rig.makeHsm();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    static String policy(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String exportable(String policy, boolean immutable) {
        return "{\"kty\":\"RSA-HSM\",\"attributes\":{\"exportable\":true},\"release_policy\":{\"data\":\"" + policy
                + "\",\"immutable\":" + immutable + "}}";
    }

    private static BigInteger exponent(Response made) {
        return new BigInteger(
                1,
                Base64.getUrlDecoder()
                        .decode(expect(200, made).path("key").path("e").asString()));
    }

    @Test
    void publicExponent_atAVault_is65537WhateverIsAskedFor() {
        for (String asked : List.of("3", "17", "65537", "0")) {
            Response made = rig.vault("POST", "/keys/k/create", "{\"kty\":\"RSA\",\"public_exponent\":" + asked + "}");
            assertThat(exponent(made)).as(asked).isEqualTo(65537);
        }
    }

    @Test
    void publicExponent_atAManagedHsm_isHonoured_alsoByARotation() {
        for (int asked : new int[] {3, 17, 65537}) {
            String key = "/keys/k" + asked;
            Response made = rig.hsm("POST", key + "/create", "{\"kty\":\"RSA-HSM\",\"public_exponent\":" + asked + "}");

            assertThat(exponent(made)).isEqualTo(asked);
            assertThat(exponent(rig.hsm("POST", key + "/rotate", ""))).isEqualTo(asked);
            String value = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
            ObjectNode wrapped = expect(200, use(key, "wrapkey", "RSA-OAEP-256", value, ""));
            assertThat(expect(
                                    200,
                                    use(
                                            key,
                                            "unwrapkey",
                                            "RSA-OAEP-256",
                                            wrapped.path("value").asString(),
                                            ""))
                            .path("value")
                            .asString())
                    .isEqualTo(value);
        }
        for (String wrong : List.of("1", "2", "65536", "-3")) {
            Response refused =
                    rig.hsm("POST", "/keys/w/create", "{\"kty\":\"RSA-HSM\",\"public_exponent\":" + wrong + "}");
            assertThat(refusal(400, refused)).as(wrong).isEqualTo("BadParameter");
            assertThat(KeyVaultRig.message(refused)).contains("public_exponent");
        }
    }

    private Response use(String key, String verb, String algorithm, String value, String rest) {
        return rig.hsm(
                "POST", key + "/" + verb, "{\"alg\":\"" + algorithm + "\",\"value\":\"" + value + "\"" + rest + "}");
    }

    @Test
    void cbc_ignoresAad_bothWays_andDoesNotRepeatIt() {
        expect(200, rig.hsm("POST", "/keys/o/create", "{\"kty\":\"oct-HSM\",\"key_size\":256}"));
        String value = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        for (String algorithm : List.of("A256CBC", "A256CBCPAD")) {
            ObjectNode sealed = expect(200, use("/keys/o", "encrypt", algorithm, value, ",\"aad\":\"AQID\""));
            ObjectNode opened = expect(
                    200,
                    use(
                            "/keys/o",
                            "decrypt",
                            algorithm,
                            sealed.path("value").asString(),
                            ",\"aad\":\"BAUG\",\"iv\":" + sealed.path("iv")));

            assertThat(sealed.has("aad")).isFalse();
            assertThat(opened.path("value").asString()).isEqualTo(value);
        }
    }

    @Test
    void cbcWithoutPadding_fillsTheLastBlockWithZeros_andAnswersThem() {
        expect(200, rig.hsm("POST", "/keys/o/create", "{\"kty\":\"oct-HSM\",\"key_size\":256}"));
        for (int length : new int[] {1, 15, 16, 20, 33}) {
            byte[] plain = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
            String value = Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
            ObjectNode sealed = expect(200, use("/keys/o", "encrypt", "A256CBC", value, ""));
            ObjectNode opened = expect(
                    200,
                    use(
                            "/keys/o",
                            "decrypt",
                            "A256CBC",
                            sealed.path("value").asString(),
                            ",\"iv\":" + sealed.path("iv")));

            assertThat(Base64.getUrlDecoder().decode(opened.path("value").asString()))
                    .hasSize((length + 15) / 16 * 16)
                    .startsWith(plain)
                    .isEqualTo(java.util.Arrays.copyOf(plain, (length + 15) / 16 * 16));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES", "aes", "oct", "OCT-HSM"})
    void symmetricKey_byAnyOfItsNames_isOctHsm(String kty) {
        ObjectNode made = expect(200, rig.hsm("POST", "/keys/o/create", "{\"kty\":\"" + kty + "\",\"key_size\":128}"));

        assertThat(made.path("key").path("kty").asString()).isEqualTo("oct-HSM");
        assertThat(KeyVaultRig.message(rig.vault("POST", "/keys/o/create", "{\"kty\":\"" + kty + "\"}")))
                .contains("managed HSM only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'hello':'world'}",
                "{'version':'1.0.0'}",
                "{'version':'1.0.0','anyOf':[]}",
                "{'version':'1.0.0','anyOf':{}}",
                "{'version':'1.0.0','anyOf':[7]}",
                "{'version':1,'anyOf':[{'authority':'https://a','allOf':[{'claim':'x','equals':'y'}]}]}",
                "{'anyOf':[{'authority':'https://a','allOf':[{'claim':'x','equals':'y'}]}]}",
                "{'version':'1.0.0','anyOf':[{'allOf':[{'claim':'x','equals':'y'}]}]}",
                "{'version':'1.0.0','anyOf':[{'authority':'attest','allOf':[{'claim':'x','equals':'y'}]}]}",
                "{'version':'1.0.0','anyOf':[{'authority':'https://a'}]}",
                "{'version':'1.0.0','anyOf':[{'authority':'https://a','allOf':[{'claim':'x'}]}]}",
                "{'version':'1.0.0','anyOf':[{'authority':'https://a','allOf':[{'claim':'x','equal':'y'}]}]}",
                "{'version':'1.0.0','anyOf':[{'authority':'https://a','allOf':[{'claim':'x','equals':['y']}]}]}",
                "{'version':'1.0.0','anyOf':[{'authority':'https://a','allOf':[{'claim':'x','equals':'y','less':1}]}]}",
                "{'version':'1.0.0','anyOf':[{'authority':'https://a','allOf':[{'anyOf':[]}]}]}",
                "{'version':'1.0.0','oneOf':[],'anyOf':[{'authority':'https://a','allOf':[{'claim':'x','equals':'y'}]}]}",
            })
    void releasePolicy_thatIsNone_isRefused(String policy) {
        Response refused = rig.vault("POST", "/keys/p/create", exportable(policy(policy), false));

        assertThat(refusal(400, refused)).isEqualTo("BadParameter");
        assertThat(KeyVaultRig.message(refused)).contains("release_policy.data", "anyOf");
        assertThat(rig.vault("GET", "/keys/p", "").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'version':'1.0.0','anyOf':[{'authority':'https://a.example','allOf':["
                        + "{'claim':'x-ms-isolation-tee.x-ms-compliance-status','equals':'azure-compliant-cvm'}]}]}",
                "{'version':'1.0','anyOf':[{'authority':'https://a_b.example/','anyOf':[{'claim':'x','equals':true}]}]}",
                "{'version':'0.2','allOf':[{'authority':'https://a','allOf':[{'claim':'x','greaterOrEquals':7}]}]}",
                "{'Version':'1.0.0','anyof':[{'authority':'https://a','allof':[{'anyOf':[{'claim':'x','exists':'true'}]}]}]}",
            })
    void releasePolicy_inTheGrammar_isKept(String policy) {
        ObjectNode made = expect(200, rig.vault("POST", "/keys/p/create", exportable(policy(policy), false)));

        assertThat(made.path("release_policy").path("data").asString()).isEqualTo(policy(policy));
    }

    @Test
    void newVersion_withAnotherExportable_isRefused_andWithNoneFollowsTheKey() {
        expect(200, rig.vault("POST", "/keys/e/create", exportable(POLICY, false)));
        expect(200, rig.vault("POST", "/keys/n/create", "{\"kty\":\"RSA-HSM\"}"));

        assertThat(message(rig.vault(
                        "POST", "/keys/e/create", "{\"kty\":\"RSA-HSM\",\"attributes\":{\"exportable\":false}}")))
                .startsWith("AKV.SKR.1003");
        assertThat(message(rig.vault("POST", "/keys/n/create", exportable(POLICY, false))))
                .startsWith("AKV.SKR.1003");
        ObjectNode next = expect(200, rig.vault("POST", "/keys/e/create", "{\"kty\":\"RSA-HSM\"}"));
        assertThat(next.path("attributes").path("exportable").asBoolean()).isTrue();
        assertThat(next.path("release_policy").path("data").asString()).isEqualTo(POLICY);
        assertThat(message(rig.vault(
                        "POST", "/keys/f/create", "{\"kty\":\"RSA-HSM\",\"attributes\":{\"exportable\":true}}")))
                .startsWith("AKV.SKR.1004");
        assertThat(message(rig.vault(
                        "POST",
                        "/keys/f/create",
                        "{\"kty\":\"RSA-HSM\",\"release_policy\":{\"data\":\"" + POLICY + "\"}}")))
                .startsWith("AKV.SKR.1005");
    }

    /** The numbers that the public record has; it has none for a policy that is malformed. */
    @Test
    void releaseRefusals_haveTheirAkvSkrNumbers() {
        expect(200, rig.vault("POST", "/keys/e/create", exportable(POLICY, false)));
        expect(200, rig.vault("POST", "/keys/n/create", "{\"kty\":\"RSA-HSM\"}"));
        expect(201, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-two", KeyVaultRig.vaultBody("standard", true, true)));
        String kid = expect(200, rig.vault("GET", "/keys/e", ""))
                .path("key")
                .path("kid")
                .asString();
        String version = kid.substring(kid.lastIndexOf('/') + 1);

        String software = exportable(POLICY, false).replace("RSA-HSM", "RSA");
        assertThat(message(rig.as("owner@vault", "v-two.vault.keyturn.test:8443", "POST", "/keys/s/create", software)))
                .startsWith("AKV.SKR.1001");
        assertThat(message(rig.vault("POST", "/keys/s/create", software))).startsWith("AKV.SKR.1006");
        assertThat(message(rig.vault("PATCH", "/keys/e", "{\"attributes\":{\"exportable\":false}}")))
                .startsWith("AKV.SKR.1014");
        assertThat(message(rig.vault("PATCH", "/keys/n", "{\"attributes\":{\"exportable\":true}}")))
                .startsWith("AKV.SKR.1014");
        assertThat(message(rig.vault("PATCH", "/keys/n", releasePolicy(POLICY))))
                .startsWith("AKV.SKR.1005");
        assertThat(message(rig.vault("PATCH", "/keys/e/" + version, releasePolicy(OTHER_POLICY))))
                .startsWith("AKV.SKR.1016");
        expect(200, rig.vault("PATCH", "/keys/e/" + version, releasePolicy(POLICY)));
        expect(200, rig.vault("PATCH", "/keys/e", releasePolicy(OTHER_POLICY)));
    }

    private static String releasePolicy(String data) {
        return "{\"release_policy\":{\"data\":\"" + data + "\"}}";
    }

    /** Each of them also where a key is brought in or changed, not only where one is made. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bm90IEpTT04", // "not JSON"
                "W10", // a list
                "Im5vIG9iamVjdCI", // a text
                "eyJ2ZXJzaW9uIjoi", // JSON that is cut
                "e30", // {}
                "%%%", // no base64url
                "eyJh+/", // base64 that is not base64url
                "",
            })
    void releasePolicyData_thatIsNoPolicy_isRefusedWhereverItIsGiven(String data) {
        expect(200, rig.vault("POST", "/keys/e/create", exportable(POLICY, false)));
        String key =
                "{\"key\":{\"kty\":\"RSA-HSM\"},\"attributes\":{\"exportable\":true},\"release_policy\":{\"data\":\""
                        + data + "\"}}";
        for (Response refused : List.of(
                rig.vault("POST", "/keys/p/create", exportable(data, false)),
                rig.vault("POST", "/keys/e/create", exportable(data, false)),
                rig.vault("PATCH", "/keys/e", releasePolicy(data)),
                rig.vault("PUT", "/keys/p", key))) {
            assertThat(message(refused)).contains("release_policy.data");
        }
        assertThat(rig.vault("GET", "/keys/p", "").status()).isEqualTo(404);
    }

    @Test
    void immutablePolicy_staysInEveryLaterVersion() {
        expect(200, rig.vault("POST", "/keys/i/create", exportable(POLICY, true)));

        for (String another : List.of(exportable(OTHER_POLICY, true), exportable(POLICY, false))) {
            assertThat(message(rig.vault("POST", "/keys/i/create", another))).startsWith("AKV.SKR.1020");
            String patch = another.replace("\"kty\":\"RSA-HSM\",", "");
            assertThat(message(rig.vault("PATCH", "/keys/i", patch))).startsWith("AKV.SKR.1020");
        }
        ObjectNode again = expect(200, rig.vault("POST", "/keys/i/create", exportable(POLICY, true)));
        assertThat(again.path("release_policy").path("immutable").asBoolean()).isTrue();
        ObjectNode silent = expect(200, rig.vault("POST", "/keys/i/create", "{\"kty\":\"RSA-HSM\"}"));
        assertThat(silent.path("release_policy").path("immutable").asBoolean()).isTrue();
        assertThat(expect(200, rig.vault("GET", "/keys/i/versions", ""))
                        .path("value")
                        .size())
                .isEqualTo(3);
    }

    private static String message(Response refused) {
        assertThat(refusal(400, refused)).isEqualTo("BadParameter");
        return KeyVaultRig.message(refused);
    }

    @Test
    void vault_withPurgeProtectionFalse_isRefused_andAManagedHsmIsNot() {
        String off = KeyVaultRig.vaultBody("premium", true, false).replace("null", "false");

        Response refused = rig.arm("PUT", KeyVaultRig.VAULTS + "/v-off", off);

        assertThat(refusal(400, refused)).isEqualTo("BadRequest");
        assertThat(KeyVaultRig.message(refused)).contains("enablePurgeProtection", "leave it out");
        expect(201, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-off", off.replace("false", "null")));
        assertThat(refusal(400, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-off", off)))
                .isEqualTo("BadRequest");
        expect(200, rig.arm("PUT", KeyVaultRig.HSMS + "/h-off", """
                        {"location": "westeurope", "sku": {"family": "B", "name": "Standard_B1"},
                         "properties": {"tenantId": "%s", "initialAdminObjectIds": ["%s"],
                          "enablePurgeProtection": false}}""".formatted(
                        KeyVaultRig.TENANT, rig.caller("owner").principal())));
    }

    @Test
    void keyExchangeKey_isRsaHsmForImportAlone() {
        for (String wrong : List.of(
                "{\"kty\":\"RSA\",\"key_ops\":[\"import\"]}",
                "{\"kty\":\"EC-HSM\",\"key_ops\":[\"import\"]}",
                "{\"kty\":\"RSA-HSM\",\"key_ops\":[\"import\",\"wrapKey\"]}")) {
            Response refused = rig.vault("POST", "/keys/kek/create", wrong);
            assertThat(message(refused)).as(wrong).contains("import");
        }
        expect(200, rig.vault("POST", "/keys/kek/create", "{\"kty\":\"RSA-HSM\",\"key_ops\":[\"import\"]}"));
        assertThat(message(rig.vault("PATCH", "/keys/kek", "{\"key_ops\":[\"import\",\"sign\"]}")))
                .contains("import alone");
        assertThat(message(rig.hsm("POST", "/keys/o/create", "{\"kty\":\"oct-HSM\",\"key_ops\":[\"import\"]}")))
                .contains("RSA-HSM");
    }
}
