package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import dev.keyturn.server.http.Response;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What a key may be like. */
class KeyRulesTest {
    private static final String POLICY = "\"release_policy\":{\"data\":\"" + RecordedKeysTest.POLICY + "\"}";

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

    private Response create(String body) {
        return rig.vault("POST", "/keys/k/create", body);
    }

    @Test
    void create_ofAWrongKey_isRefusedAndNamesTheField() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("{}", "kty");
        wrong.put("{\"kty\":7}", "kty");
        wrong.put("{\"kty\":\"DSA\"}", "kty");
        wrong.put("{\"kty\":\"oct-HSM\"}", "oct-HSM");
        wrong.put("{\"kty\":\"RSA\",\"key_size\":1024}", "key_size");
        wrong.put("{\"kty\":\"RSA\",\"key_size\":\"big\"}", "key_size");
        wrong.put("{\"kty\":\"RSA\",\"key_size\":4294969344}", "key_size");
        wrong.put("{\"kty\":\"EC\",\"crv\":\"P-999\"}", "crv");
        wrong.put("{\"kty\":\"EC\",\"key_ops\":[\"wrapKey\"]}", "wrapKey");
        wrong.put("{\"kty\":\"RSA\",\"key_ops\":[\"sing\"]}", "key_ops");
        wrong.put("{\"kty\":\"RSA\",\"key_ops\":[\"export\"]}", "export");
        wrong.put("{\"kty\":\"RSA\",\"attributes\":{\"nbf\":20,\"exp\":20}}", "exp");
        wrong.put("{\"kty\":\"RSA\",\"attributes\":{\"exp\":-1}}", "exp");
        wrong.put("{\"kty\":\"RSA\",\"attributes\":{\"enabled\":\"yes\"}}", "enabled");
        wrong.put("{\"kty\":\"RSA\",\"attributes\":7}", "attributes");
        wrong.put("{\"kty\":\"RSA\",\"tags\":{\"a\":1}}", "tags.a");
        wrong.put("{\"kty\":\"RSA-HSM\"," + POLICY + "}", "exportable");
        wrong.put("{\"kty\":\"RSA-HSM\",\"attributes\":{\"exportable\":true}}", "release_policy");
        wrong.put("{\"kty\":\"RSA\",\"attributes\":{\"exportable\":true}," + POLICY + "}", "HSM");
        wrong.put(
                "{\"kty\":\"RSA-HSM\",\"attributes\":{\"exportable\":true},\"release_policy\":{\"data\":\"bm8\"}}",
                "release_policy.data");
        wrong.put("{\"kty\":\"RSA-HSM\",\"attributes\":{\"exportable\":true},\"release_policy\":{}}", "data");
        wrong.put("[]", "JSON object");
        wrong.put("{\"kty\":", "JSON");
        wrong.forEach((body, named) -> {
            Response response = create(body);
            assertThat(refusal(400, response)).as(body).isEqualTo("BadParameter");
            assertThat(KeyVaultRig.message(response)).as(body).contains(named);
        });
        assertThat(refusal(404, rig.vault("GET", "/keys/k", ""))).isEqualTo("KeyNotFound");
        assertThat(refusal(400, rig.vault("POST", "/keys/under_score/create", "{\"kty\":\"EC\"}")))
                .isEqualTo("BadParameter");
        assertThat(refusal(400, rig.vault("POST", "/keys/" + "k".repeat(128) + "/create", "{\"kty\":\"EC\"}")))
                .isEqualTo("BadParameter");
    }

    @Test
    void create_exportableWithAReleasePolicy_keepsThePolicy() {
        ObjectNode made = expect(
                200,
                create("{\"kty\":\"RSA-HSM\",\"attributes\":{\"exportable\":true}," + POLICY
                        + ",\"key_ops\":[\"wrapKey\",\"unwrapKey\",\"export\"]}"));

        assertThat(made.path("attributes").path("exportable").asBoolean()).isTrue();
        assertThat(made.path("release_policy").path("data").asString()).isEqualTo(RecordedKeysTest.POLICY);
        assertThat(made.path("release_policy").path("contentType").asString())
                .isEqualTo("application/json; charset=utf-8");
        assertThat(refusal(400, rig.vault("PATCH", "/keys/k", "{\"attributes\":{\"exportable\":false}}")))
                .isEqualTo("BadParameter");
        assertThat(refusal(403, rig.vault("POST", "/keys/k/release", "{\"target\":\"x\"}")))
                .isEqualTo("Forbidden/KeyReleaseNotServed");
    }

    @Test
    void update_ofAnImmutableReleasePolicy_isRefused() {
        expect(
                200,
                create("{\"kty\":\"RSA-HSM\",\"attributes\":{\"exportable\":true},\"release_policy\":" + "{\"data\":\""
                        + RecordedKeysTest.OTHER_POLICY + "\",\"immutable\":true}}"));

        assertThat(refusal(400, rig.vault("PATCH", "/keys/k", "{" + POLICY + "}")))
                .isEqualTo("BadParameter");
    }

    @Test
    void create_ofAnHsmKey_inAStandardVault_isRefused() {
        expect(201, rig.arm("PUT", KeyVaultRig.VAULTS + "/v-two", KeyVaultRig.vaultBody("standard", true, true)));
        Response refused = rig.as(
                "owner@vault", "v-two.vault.keyturn.test:8443", "POST", "/keys/k/create", "{\"kty\":\"RSA-HSM\"}");

        assertThat(refusal(400, refused)).isEqualTo("BadParameter");
        assertThat(KeyVaultRig.message(refused)).contains("premium");
    }

    @Test
    void everyKindOfAVault_isMadeWithTheOperationsItCanDo() {
        for (String size : new String[] {"2048", "3072", "4096"}) {
            ObjectNode made = expect(
                    200,
                    rig.vault("POST", "/keys/r" + size + "/create", "{\"kty\":\"RSA\",\"key_size\":" + size + "}"));
            assertThat(Base64.getUrlDecoder().decode(made.path("key").path("n").asString()))
                    .hasSize(Integer.parseInt(size) / 8);
            assertThat(made.path("key").path("key_ops").toString())
                    .isEqualTo("[\"encrypt\",\"decrypt\",\"sign\",\"verify\",\"wrapKey\",\"unwrapKey\"]");
        }
        for (String curve : new String[] {"P-256", "P-384", "P-521", "P-256K"}) {
            ObjectNode made = expect(
                    200,
                    rig.vault("POST", "/keys/e" + curve + "/create", "{\"kty\":\"EC-HSM\",\"crv\":\"" + curve + "\"}"));
            assertThat(made.path("key").path("crv").asString()).isEqualTo(curve);
            assertThat(made.path("key").path("key_ops").toString()).isEqualTo("[\"sign\",\"verify\"]");
        }
    }

    private static String b64(BigInteger value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value.toByteArray());
    }

    private static ObjectNode jwk() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        return Json.object()
                .put("kty", "RSA")
                .put("n", b64(key.getModulus()))
                .put("e", b64(key.getPublicExponent()))
                .put("d", b64(key.getPrivateExponent()))
                .put("p", b64(key.getPrimeP()))
                .put("q", b64(key.getPrimeQ()));
    }

    @Test
    void import_ofAnRsaKey_unwrapsWhatItsOwnerWrapped_andNeverShowsIt() throws Exception {
        ObjectNode jwk = jwk();
        ObjectNode body = Json.object().put("Hsm", true);
        body.set("key", jwk);

        ObjectNode made = expect(200, rig.vault("PUT", "/keys/mine", Json.text(body)));

        assertThat(made.path("key").path("kty").asString()).isEqualTo("RSA-HSM");
        assertThat(made.path("key").has("d")).isFalse();
        assertThat(made.path("key").has("p")).isFalse();
        assertThat(Base64.getUrlDecoder().decode(made.path("key").path("n").asString()))
                .hasSize(256);
    }

    @Test
    void import_ofAWrongKey_isRefusedAndNamesTheField() throws Exception {
        ObjectNode noPrime = jwk();
        noPrime.remove("p");
        ObjectNode mixed = jwk().put("d", "AQAB");
        ObjectNode small = jwk().put("n", "AQAB");
        ObjectNode transport = jwk().put("key_hsm", "AAAA");
        Map<ObjectNode, String> wrong =
                Map.of(noPrime, "key.p", mixed, "private exponent", small, "key.n", transport, "key_hsm");
        wrong.forEach((jwk, named) -> {
            Response response =
                    rig.vault("PUT", "/keys/mine", Json.text(Json.object().set("key", jwk)));
            assertThat(refusal(400, response)).isEqualTo("BadParameter");
            assertThat(KeyVaultRig.message(response)).contains(named);
        });
        assertThat(KeyVaultRig.message(rig.vault("PUT", "/keys/mine", "{}"))).contains("'key' is required");
        assertThat(refusal(400, rig.vault("PUT", "/keys/mine", "{\"key\":{\"kty\":\"EC\",\"crv\":\"P-256\"}}")))
                .isEqualTo("BadParameter");
        assertThat(refusal(400, rig.vault("PUT", "/keys/mine", "{\"key\":{\"kty\":\"oct-HSM\",\"k\":\"AA\"}}")))
                .isEqualTo("BadParameter");
    }
}
