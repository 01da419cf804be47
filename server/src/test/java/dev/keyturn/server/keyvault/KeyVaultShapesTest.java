package dev.keyturn.server.keyvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.json.Json;
import dev.keyturn.server.arm.SwaggerShapes;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What the data plane answers, held against Azure's published OpenAPI file where it is beside the project. */
@Tag("published-files")
class KeyVaultShapesTest {
    private static final String NAME = "/keys/{key-name}";
    private static final String VERSION = NAME + "/{key-version}";

    @TempDir
    Path directory;

    private final SwaggerShapes shapes = new SwaggerShapes();

    @Test
    void everyOperation_answersInThePublishedShape() {
        Optional<Path> folder = SwaggerShapes.beside("keyvault-7.5");
        assumeTrue(folder.isPresent(), "Azure's published Key Vault files are not beside the project: skipped");
        Path file = folder.orElseThrow().resolve("keys.json");
        try (KeyVaultRig rig = new KeyVaultRig(directory)) {
            rig.makeVault(false);
            rig.makeHsm();
            check(file, NAME + "/create", "post", rig.vault("POST", "/keys/k/create", "{\"kty\":\"RSA\"}"), 200);
            check(file, NAME + "/create", "post", rig.vault("POST", "/keys/k/create", "{}"), 400);
            check(file, NAME + "/create", "post", rig.hsm("POST", "/keys/o/create", "{\"kty\":\"oct-HSM\"}"), 200);
            check(file, NAME, "put", rig.vault("PUT", "/keys/k", "{}"), 400);
            check(file, "/keys", "get", rig.vault("GET", "/keys", ""), 200);
            check(file, "/keys", "get", rig.as("", KeyVaultRig.VAULT_HOST, "GET", "/keys", ""), 401);
            check(file, "/keys", "get", rig.as("x@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys", ""), 403);
            check(file, VERSION, "get", rig.vault("GET", "/keys/k", ""), 200);
            check(file, VERSION, "patch", rig.vault("PATCH", "/keys/k", "{\"tags\":{\"a\":\"b\"}}"), 200);
            check(file, NAME + "/versions", "get", rig.vault("GET", "/keys/k/versions", ""), 200);
            check(file, NAME + "/rotate", "post", rig.vault("POST", "/keys/k/rotate", ""), 200);
            check(file, NAME + "/rotationpolicy", "get", rig.vault("GET", "/keys/k/rotationpolicy", ""), 200);
            check(file, NAME + "/rotationpolicy", "put", rig.vault("PUT", "/keys/k/rotationpolicy", "{}"), 200);
            Response backup = rig.vault("POST", "/keys/k/backup", "");
            check(file, NAME + "/backup", "post", backup, 200);
            String sealed = text(backup);
            Response wrapped = rig.vault("POST", "/keys/k/wrapkey", "{\"alg\":\"RSA-OAEP\",\"value\":\"AAEC\"}");
            check(file, VERSION + "/wrapkey", "post", wrapped, 200);
            String opening = "{\"alg\":\"RSA-OAEP\",\"value\":\"" + text(wrapped) + "\"}";
            check(file, VERSION + "/unwrapkey", "post", rig.vault("POST", "/keys/k/unwrapkey", opening), 200);
            check(file, VERSION + "/decrypt", "post", rig.vault("POST", "/keys/k/decrypt", opening), 200);
            String gcm = "{\"alg\":\"A256GCM\",\"value\":\"AAEC\",\"aad\":\"AA\"}";
            check(file, VERSION + "/encrypt", "post", rig.hsm("POST", "/keys/o/encrypt", gcm), 200);
            String digest = "A".repeat(43);
            Response signed = rig.vault("POST", "/keys/k/sign", "{\"alg\":\"PS256\",\"value\":\"" + digest + "\"}");
            check(file, VERSION + "/sign", "post", signed, 200);
            String verify = "{\"alg\":\"PS256\",\"digest\":\"" + digest + "\",\"value\":\"" + text(signed) + "\"}";
            check(file, VERSION + "/verify", "post", rig.vault("POST", "/keys/k/verify", verify), 200);
            check(file, VERSION + "/release", "post", rig.vault("POST", "/keys/k/release", "{}"), 403);
            check(file, "/rng", "post", rig.hsm("POST", "/rng", "{\"count\":8}"), 200);
            check(file, NAME, "delete", rig.vault("DELETE", "/keys/k", ""), 200);
            check(file, "/deletedkeys", "get", rig.vault("GET", "/deletedkeys", ""), 200);
            check(file, "/deletedkeys/{key-name}", "get", rig.vault("GET", "/deletedkeys/k", ""), 200);
            String recover = "/deletedkeys/{key-name}/recover";
            check(file, recover, "post", rig.vault("POST", "/deletedkeys/k/recover", ""), 200);
            KeyVaultRig.expect(200, rig.vault("DELETE", "/keys/k", ""));
            check(file, "/deletedkeys/{key-name}", "delete", rig.vault("DELETE", "/deletedkeys/k", ""), 204);
            String restore = "{\"value\":\"" + sealed + "\"}";
            check(file, "/keys/restore", "post", rig.vault("POST", "/keys/restore", restore), 200);
        }
        assertThat(shapes.problems(file, VERSION, "get", 200, Json.parseObject("{\"key\":7}")))
                .isNotEmpty();
    }

    private static String text(Response response) {
        return KeyVaultRig.body(response).path("value").asString();
    }

    private void check(Path file, String template, String method, Response response, int status) {
        ObjectNode body = KeyVaultRig.body(response);
        assertThat(response.status())
                .as("%s %s: %s", method, template, Json.text(body))
                .isEqualTo(status);
        assertThat(shapes.problems(file, template, method, status, body))
                .as("%s %s: %s", method, template, Json.text(body))
                .isEmpty();
    }
}
