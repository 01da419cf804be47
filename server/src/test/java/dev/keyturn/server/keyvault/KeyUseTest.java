package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What keys are used for, and when they may be. */
class KeyUseTest {
    private static final String PLAIN = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

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

    private String create(String name, String body) {
        ObjectNode made = expect(200, rig.vault("POST", "/keys/" + name + "/create", body));
        return made.path("key").path("kid").asString().substring(("https://" + KeyVaultRig.VAULT_HOST).length());
    }

    private Response use(String path, String verb, String algorithm, String value) {
        return rig.vault("POST", path + "/" + verb, "{\"alg\":\"" + algorithm + "\",\"value\":\"" + value + "\"}");
    }

    @Test
    void rsa_wrapsAndEncryptsInAllItsAlgorithms_withAndWithoutAVersion() {
        String path = create("k", "{\"kty\":\"RSA\"}");
        for (String algorithm : List.of("RSA1_5", "RSA-OAEP", "RSA-OAEP-256")) {
            for (var verbs :
                    Map.of("wrapkey", "unwrapKey", "encrypt", "decrypt").entrySet()) {
                for (String at : List.of(path, "/keys/k/", "/keys/k")) {
                    ObjectNode sealed = expect(200, use(at, verbs.getKey(), algorithm, PLAIN));
                    ObjectNode opened = expect(
                            200,
                            use(
                                    at,
                                    verbs.getValue(),
                                    algorithm,
                                    sealed.path("value").asString()));
                    assertThat(opened.path("value").asString()).isEqualTo(PLAIN);
                    assertThat(opened.path("kid").asString()).endsWith(path);
                }
            }
        }
    }

    @Test
    void sign_isVerified_inEveryAlgorithmOfEveryKeyType() {
        create("rsa", "{\"kty\":\"RSA\"}");
        create("p256", "{\"kty\":\"EC\"}");
        create("p384", "{\"kty\":\"EC\",\"crv\":\"P-384\"}");
        create("p521", "{\"kty\":\"EC\",\"crv\":\"P-521\"}");
        create("k256", "{\"kty\":\"EC\",\"crv\":\"P-256K\"}");
        Map<String, String> keys = Map.of(
                "PS256", "rsa/32", "PS384", "rsa/48", "PS512", "rsa/64", "RS256", "rsa/32", "RS384", "rsa/48", "RS512",
                "rsa/64", "ES256", "p256/32", "ES384", "p384/48", "ES512", "p521/64", "ES256K", "k256/32");
        keys.forEach((algorithm, keyAndLength) -> {
            String key = keyAndLength.substring(0, keyAndLength.indexOf('/'));
            int length = Integer.parseInt(keyAndLength.substring(key.length() + 1));
            String digest = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[length]);
            String signature = expect(200, use("/keys/" + key, "sign", algorithm, digest))
                    .path("value")
                    .asString();
            assertThat(verify(key, algorithm, digest, signature)).as(algorithm).isTrue();
            String other = Base64.getUrlEncoder().withoutPadding().encodeToString(filled(length));
            assertThat(verify(key, algorithm, other, signature)).as(algorithm).isFalse();
            assertThat(refusal(400, use("/keys/" + key, "sign", algorithm, "AAAA")))
                    .isEqualTo("BadParameter");
        });
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) 1);
        return bytes;
    }

    private boolean verify(String key, String algorithm, String digest, String signature) {
        return expect(
                        200,
                        rig.vault(
                                "POST",
                                "/keys/" + key + "/verify",
                                "{\"alg\":\"%s\",\"digest\":\"%s\",\"value\":\"%s\"}"
                                        .formatted(algorithm, digest, signature)))
                .path("value")
                .asBoolean();
    }

    @Test
    void disabledKey_refusesEverything() {
        String path = create("k", "{\"kty\":\"RSA\"}");
        String wrapped = expect(200, use(path, "wrapkey", "RSA-OAEP-256", PLAIN))
                .path("value")
                .asString();
        expect(200, rig.vault("PATCH", path, "{\"attributes\":{\"enabled\":false}}"));

        for (String verb : List.of("wrapkey", "unwrapkey", "encrypt", "decrypt")) {
            assertThat(refusal(403, use(path, verb, "RSA-OAEP-256", wrapped)))
                    .as(verb)
                    .isEqualTo("Forbidden/KeyDisabled");
        }
        expect(200, rig.vault("PATCH", path, "{\"attributes\":{\"enabled\":true}}"));
        expect(200, use(path, "unwrapkey", "RSA-OAEP-256", wrapped));
    }

    @Test
    void expiredKey_protectsNothingNew_andStillOpensWhatIsOld() {
        long now = rig.clock.instant().getEpochSecond();
        String path = create("k", "{\"kty\":\"RSA\",\"attributes\":{\"exp\":" + (now + 60) + "}}");
        String wrapped = expect(200, use(path, "wrapkey", "RSA-OAEP-256", PLAIN))
                .path("value")
                .asString();
        String digest = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        String signature =
                expect(200, use(path, "sign", "RS256", digest)).path("value").asString();
        rig.clock.advance(Duration.ofSeconds(60));

        assertThat(refusal(403, use(path, "wrapkey", "RSA-OAEP-256", PLAIN))).isEqualTo("Forbidden/KeyExpired");
        assertThat(refusal(403, use(path, "encrypt", "RSA-OAEP-256", PLAIN))).isEqualTo("Forbidden/KeyExpired");
        assertThat(refusal(403, use(path, "sign", "RS256", digest))).isEqualTo("Forbidden/KeyExpired");
        expect(200, use(path, "unwrapkey", "RSA-OAEP-256", wrapped));
        expect(200, use(path, "decrypt", "RSA-OAEP-256", wrapped));
        assertThat(verify("k", "RS256", digest, signature)).isTrue();
    }

    @Test
    void keyBeforeItsPeriod_protectsNothing() {
        long now = rig.clock.instant().getEpochSecond();
        String path = create("k", "{\"kty\":\"RSA\",\"attributes\":{\"nbf\":" + (now + 60) + "}}");

        assertThat(refusal(403, use(path, "wrapkey", "RSA-OAEP-256", PLAIN))).isEqualTo("Forbidden/KeyNotYetValid");
        rig.clock.advance(Duration.ofSeconds(60));
        expect(200, use(path, "wrapkey", "RSA-OAEP-256", PLAIN));
    }

    @Test
    void keyOps_limitWhatAKeyDoes() {
        String path = create("k", "{\"kty\":\"RSA\",\"key_ops\":[\"wrapKey\",\"unwrapKey\"]}");

        expect(200, use(path, "wrapkey", "RSA-OAEP-256", PLAIN));
        assertThat(refusal(403, use(path, "encrypt", "RSA-OAEP-256", PLAIN)))
                .isEqualTo("Forbidden/KeyOperationForbidden");
        assertThat(refusal(403, use(path, "sign", "RS256", PLAIN))).isEqualTo("Forbidden/KeyOperationForbidden");
    }

    @Test
    void wrongUses_areRefusedAndNameWhatIsWrong() {
        create("rsa", "{\"kty\":\"RSA\"}");
        create("ec", "{\"kty\":\"EC\"}");
        assertBad(use("/keys/rsa", "wrapkey", "RSA-OAEP-257", PLAIN), "alg");
        assertBad(use("/keys/rsa", "wrapkey", "A256KW", PLAIN), "mismatch");
        assertBad(use("/keys/rsa", "sign", "ES256", PLAIN), "mismatch");
        assertBad(use("/keys/ec", "sign", "ES384", PLAIN), "mismatch");
        assertBad(use("/keys/rsa", "wrapkey", "RSA-OAEP-256", "*"), "value");
        assertBad(use("/keys/rsa", "unwrapkey", "RSA-OAEP-256", PLAIN), "not encrypted with this key");
        assertBad(rig.vault("POST", "/keys/rsa/wrapkey", "{\"alg\":\"RSA-OAEP\"}"), "value");
        assertBad(rig.vault("POST", "/keys/rsa/wrapkey", ""), "alg");
        assertBad(
                rig.vault("POST", "/keys/rsa/encrypt", "{\"alg\":\"RSA-OAEP\",\"value\":\"AA\",\"aad\":\"AA\"}"),
                "aad");
        String tooLong = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[191]);
        assertBad(use("/keys/rsa", "encrypt", "RSA-OAEP-256", tooLong), "191 bytes");
        assertThat(refusal(404, use("/keys/none", "wrapkey", "RSA-OAEP", PLAIN)))
                .isEqualTo("KeyNotFound");
    }

    private static void assertBad(Response response, String named) {
        assertThat(refusal(400, response)).isEqualTo("BadParameter");
        assertThat(KeyVaultRig.message(response)).contains(named);
    }
}
