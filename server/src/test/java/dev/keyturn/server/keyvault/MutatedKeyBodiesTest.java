package dev.keyturn.server.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import dev.keyturn.server.Shapes;
import dev.keyturn.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies with one thing changed in them, and bytes changed anywhere: an answer or a 4xx, never a fault. */
class MutatedKeyBodiesTest {
    private static final String[][] REQUESTS = {
        {"POST", "/keys/k/create", """
            {"kty": "EC-HSM", "crv": "P-256", "key_ops": ["sign", "verify"], "key_size": 256,
             "attributes": {"enabled": true, "nbf": 1, "exp": 2000000000, "exportable": true}, "tags": {"a": "b"},
             "release_policy": {"contentType": "x", "data": "POLICY", "immutable": false}}""".replace("POLICY", RecordedKeysTest.POLICY)},
        {"PUT", "/keys/imported", """
            {"Hsm": true, "key": {"kty": "EC", "crv": "P-256", "x": "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y",
             "y": "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRiKZk", "d": "ya-p2EW6dRZrXCFXZ7HWk05QwzjbiRsSe4piKxIPZyE",
             "key_ops": ["sign"]}, "attributes": {"enabled": true}}"""},
        {"PATCH", "/keys/k", "{\"key_ops\": [\"sign\"], \"attributes\": {\"enabled\": true, \"exp\": 2000000000}}"},
        {"POST", "/keys/k/sign", "{\"alg\": \"ES256\", \"value\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"},
        {"POST", "/keys/r/wrapkey", "{\"alg\": \"RSA-OAEP-256\", \"value\": \"AAEC\", \"iv\": null, \"aad\": null}"},
        {"POST", "/keys/r/unwrapkey", "{\"alg\": \"RSA1_5\", \"value\": \"AAEC\"}"},
        {"POST", "/keys/restore", "{\"value\": \"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"},
        {"PUT", "/keys/k/rotationpolicy", """
            {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P30D"}, "action": {"type": "Rotate"}}],
             "attributes": {"expiryTime": "P90D"}}"""},
    };
    private static final String[] STRANGE = {
        "null", "7", "-1", "99999999999999999999", "\"\"", "\"\\u0000\"", "\"ÿ\"", "[]", "{}", "[[]]", "true", "1.5"
    };

    @TempDir
    Path directory;

    @Test
    void mutatedBodies_areAnsweredOrRefused_neverAFault() {
        Random random = new Random(42);
        try (KeyVaultRig rig = new KeyVaultRig(directory)) {
            rig.makeVault(false);
            KeyVaultRig.expect(200, rig.vault("POST", "/keys/r/create", "{\"kty\":\"RSA\"}"));
            for (String[] request : REQUESTS) {
                ObjectNode whole = Json.parseObject(request[2]);
                for (List<String> path : paths(whole)) {
                    for (String strange : STRANGE) {
                        ObjectNode copy = whole.deepCopy();
                        put(
                                copy,
                                path,
                                Json.parseObject("{\"x\":" + strange + "}").get("x"));
                        check(rig, request, Json.text(copy));
                    }
                }
                for (int i = 0; i < 150; i++) {
                    byte[] bytes = request[2].getBytes(StandardCharsets.ISO_8859_1);
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
                    check(rig, request, new String(bytes, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    /** Every name in other letters is answered as the right one; in two spellings it is refused. */
    @Test
    void otherSpellings_areTheSame_andTwoAreRefused() {
        try (KeyVaultRig rig = new KeyVaultRig(directory)) {
            rig.makeVault(false);
            KeyVaultRig.expect(200, rig.vault("POST", "/keys/r/create", "{\"kty\":\"RSA\"}"));
            for (String[] request : REQUESTS) {
                ObjectNode whole = Json.parseObject(request[2]);
                int right = rig.vault(request[0], request[1], request[2]).status();
                for (List<String> path : paths(whole)) {
                    if (Character.isDigit(path.getLast().charAt(0)) || path.equals(List.of("tags", "a"))) {
                        continue;
                    }
                    String other = Json.text(Shapes.renamed(whole, path, Shapes.otherCase(path.getLast())));
                    assertThat(rig.vault(request[0], request[1], other).status())
                            .as(other)
                            .isEqualTo(right);
                    String twice = Json.text(Shapes.doubled(whole, path));
                    Response refused = rig.vault(request[0], request[1], twice);
                    assertThat(refused.status()).as(twice).isEqualTo(400);
                    assertThat(KeyVaultRig.message(refused)).contains("two spellings");
                }
            }
        }
    }

    private static void check(KeyVaultRig rig, String[] request, String body) {
        Response response = rig.vault(request[0], request[1], body);
        assertThat(response.status())
                .as("%s %s %s", request[0], request[1], body)
                .isIn(200, 400, 403, 404, 409);
        if (response.status() >= 400) {
            assertThat(KeyVaultRig.message(response)).as(body).isNotBlank();
        }
    }

    /** The way to every value in the tree, the names on it in order. */
    private static List<List<String>> paths(JsonNode tree) {
        List<List<String>> out = new ArrayList<>();
        if (tree instanceof ObjectNode object) {
            object.properties().forEach(e -> {
                out.add(List.of(e.getKey()));
                paths(e.getValue()).forEach(rest -> out.add(joined(e.getKey(), rest)));
            });
        } else if (tree instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                String name = Integer.toString(i);
                out.add(List.of(name));
                paths(array.get(i)).forEach(rest -> out.add(joined(name, rest)));
            }
        }
        return out;
    }

    private static List<String> joined(String first, List<String> rest) {
        List<String> out = new ArrayList<>(List.of(first));
        out.addAll(rest);
        return out;
    }

    private static void put(JsonNode tree, List<String> path, JsonNode value) {
        String name = path.getFirst();
        if (path.size() > 1) {
            put(
                    tree instanceof ArrayNode array ? array.get(Integer.parseInt(name)) : tree.get(name),
                    path.subList(1, path.size()),
                    value);
        } else if (tree instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), value);
        } else {
            ((ObjectNode) tree).set(name, value);
        }
    }
}
