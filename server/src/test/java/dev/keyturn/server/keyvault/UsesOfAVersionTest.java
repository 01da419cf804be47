package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who used a key version: asked by the id that clients have, port and capitals and all. */
class UsesOfAVersionTest {
    private static final String PLAIN = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);

    private KeyVaultRig rig;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new KeyVaultRig(directory);
        rig.makeVault(true);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private String create() {
        String kid = expect(200, rig.vault("POST", "/keys/MyKey/create", "{\"kty\":\"RSA-HSM\"}"))
                .path("key")
                .path("kid")
                .asString();
        assertThat(kid).contains(":8443/keys/MyKey/");
        return kid;
    }

    /** Action and outcome of the version's records, oldest first. */
    private List<String> uses(String kid) {
        List<String> all = new ArrayList<>();
        for (JsonNode r : expect(
                        200,
                        rig.arm(
                                "GET",
                                "/keyturn/audit?keyVersion=" + URLEncoder.encode(kid, StandardCharsets.UTF_8),
                                ""))
                .path("value")) {
            String action = r.path("action").asString();
            all.addFirst(action.substring(action.indexOf("/keys/") + 6) + " "
                    + r.path("outcome").asString());
        }
        return all;
    }

    @Test
    void uses_ofAVersion_areFoundByItsId_theRefusedToo() {
        String kid = create();
        String wrap = kid.substring(kid.indexOf("/keys/")) + "/wrapkey";
        String body = "{\"alg\":\"RSA-OAEP-256\",\"value\":\"" + PLAIN + "\"}";

        expect(200, rig.vault("POST", wrap, body));
        expect(403, rig.as("stranger@vault", KeyVaultRig.VAULT_HOST, "POST", wrap, body));

        assertThat(uses(kid)).containsExactly("create/action ALLOWED", "wrap/action ALLOWED", "wrap/action REFUSED");
    }

    @Test
    void backup_isRecordedForEachVersionThatItTakesOut() {
        String first = create();
        String second = create();

        expect(200, rig.vault("POST", "/keys/MyKey/backup", ""));

        assertThat(uses(first)).containsExactly("create/action ALLOWED", "backup/action ALLOWED");
        assertThat(uses(second)).containsExactly("create/action ALLOWED", "backup/action ALLOWED");
    }
}
