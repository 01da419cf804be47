package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as real clients send them (doubled slashes, other case, old and new api-versions), written out by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireShapesTest {
    private final ServerProcess server = ServerProcess.shared();
    private final Http http = new Http(server.env());
    private final Ground ground = Ground.on(server, "shapes");
    private String kid = "";

    @BeforeAll
    void keyAndSet() {
        kid = ground.newKey("k");
        ground.newSet("set", kid);
    }

    @AfterAll
    void close() {
        ground.close();
    }

    private String armPath() {
        return "/subscriptions/" + server.env().subscription();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/resourceGroups/shapes/providers/Microsoft.Compute/diskEncryptionSets/set",
                "/resourcegroups/SHAPES/providers/microsoft.compute/DISKENCRYPTIONSETS/Set",
                "//resourceGroups//shapes/providers/Microsoft.Compute//diskEncryptionSets/set",
                "/resourceGroups/shapes/providers/Microsoft.Compute/diskEncryptionSets/set/"
            })
    void armPaths_matchInAnyCaseAndWithSlashesTooMany(String path) {
        assertThat(http.arm("GET", armPath() + path + "?api-version=2024-03-02", "")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2020-06-01", "2022-07-02", "2024-03-02", "2026-03-01"})
    void diskEncryptionSets_answerToOldAndNewApiVersions(String version) {
        Http.Reply reply = http.arm("GET", armPath() + ground.setPath("set") + "?api-version=" + version, "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("properties.activeKey.keyUrl")).isEqualTo(kid);
    }

    @Test
    void queryNames_mayBePercentEncoded() {
        assertThat(http.arm("GET", armPath() + ground.setPath("set") + "?api%2Dversion=2024-03-02", "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void withoutAnApiVersion_theErrorSaysSo() {
        Http.Reply reply = http.arm("GET", armPath() + ground.setPath("set"), "");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("MissingApiVersionParameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.0", "7.4", "7.4-preview.1", "7.5", "2025-07-01"})
    void keys_answerToOldAndNewApiVersions(String version) {
        Http.Reply reply = http.keys("GET", ground.vaultHost(), "/keys/k?api-version=" + version, "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("key.kid")).isEqualTo(kid);
    }

    @Test
    void wrapKey_withoutAVersion_takesTheDoubledSlash_andUnwrapGivesTheKeyBack() {
        String secret = "MDEyMzQ1Njc4OWFiY2RlZg";
        Http.Reply wrapped = http.keys(
                "POST",
                ground.vaultHost(),
                "/keys/k//wrapkey?api-version=7.5",
                "{\"alg\":\"RSA-OAEP-256\",\"value\":\"%s\"}".formatted(secret));
        assertThat(wrapped.status()).isEqualTo(200);
        assertThat(wrapped.text("kid")).isEqualTo(kid);

        Http.Reply unwrapped = http.keys(
                "POST",
                ground.vaultHost(),
                kid.substring(kid.indexOf("/keys/")) + "/unwrapkey?api-version=7.5",
                "{\"alg\":\"RSA-OAEP-256\",\"value\":\"%s\"}".formatted(wrapped.text("value")));
        assertThat(unwrapped.text("value")).isEqualTo(secret);
    }

    @Test
    void aVaultsChallenge_comesBeforeAnythingIsLookedAt() {
        Http.Reply reply = http.request(
                "POST",
                "https://" + ground.vaultHost() + "/keys/none/create?api-version=7.5",
                Optional.empty(),
                "",
                Map.of());
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.code()).isEqualTo("Unauthorized");
        String rest = ground.vaultHost().substring(ground.vaultHost().indexOf('.') + 1);
        assertThat(reply.header("WWW-Authenticate"))
                .contains("authorization=\"" + server.env().server() + "/"
                        + server.env().tenant() + "\"")
                .contains("resource=\"https://" + rest + "\"");
    }

    @Test
    void rotationPolicyActions_areTakenInLowerCase() {
        Http.Reply reply = http.keys("PUT", ground.vaultHost(), "/keys/k/rotationpolicy?api-version=7.5", """
                {"lifetimeActions":[{"trigger":{"timeAfterCreate":"P90D"},"action":{"type":"rotate"}}],
                "attributes":{"expiryTime":"P2Y"}}""");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).containsIgnoringCase("\"rotate\"");
    }

    @Test
    void unknownAndNullFields_areNoReasonToFail() {
        Http.Reply reply = http.arm("PATCH", armPath() + ground.setPath("set") + "?api-version=2026-03-01", """
                {"tags":{"a":"b"},"fromTheFuture":{"x":1},"properties":{"activeKey":null,"newer":[1,2]}}""");
        assertThat(reply.status()).isIn(200, 202);
    }

    @Test
    void aRunningOperation_saysWhereToPollAndWhen_andItsLocationEndsIn200() {
        ground.newVm("polled", "set");
        Http.Reply reply = http.subscription("POST", ground.vmPath("polled") + "/deallocate", "");
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Retry-After")).isNotEmpty();
        assertThat(reply.header("Azure-AsyncOperation"))
                .startsWith(server.env().server().toString());
        String path = reply.header("Location")
                .substring(server.env().server().toString().length());
        Http.Reply last = http.arm("GET", path, "");
        while (last.status() == 202) {
            assertThat(last.header("Retry-After")).isNotEmpty();
            last = http.arm("GET", path, "");
        }
        assertThat(last.status()).isEqualTo(200);
    }

    @Test
    void groups_canBeAskedForByHead() {
        String groups = armPath() + "/resourcegroups/";
        assertThat(http.arm("HEAD", groups + "shapes?api-version=2021-04-01", "")
                        .status())
                .isEqualTo(204);
        assertThat(http.arm("HEAD", groups + "nowhere?api-version=2021-04-01", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void vaults_areFoundAmongTheResources() {
        Http.Reply reply = http.arm(
                "GET",
                armPath() + "/resources?api-version=2020-10-01&$filter="
                        + "resourceType%20eq%20%27Microsoft.KeyVault%2Fvaults%27",
                "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).contains("shapes-kv").doesNotContain("diskEncryptionSets");
    }

    @Test
    void providers_nameTheirResourceTypesWithApiVersions() {
        Http.Reply reply = http.arm("GET", armPath() + "/providers/Microsoft.Compute?api-version=2021-04-01", "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).containsIgnoringCase("diskEncryptionSets").contains("apiVersions");
    }

    @Test
    void cloudMetadata_tellsClientsWhereEverythingIs() {
        Http.Reply reply = http.request(
                "GET",
                server.env().server() + "/metadata/endpoints?api-version=2022-09-01",
                Optional.empty(),
                "",
                Map.of());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).contains(server.env().vaultSuffix().substring(1));
    }

    @Test
    void health_isAnsweredWithoutAToken() {
        for (String path : new String[] {"/healthz", "/readyz"}) {
            assertThat(http.request("GET", server.env().server() + path, Optional.empty(), "", Map.of())
                            .status())
                    .isEqualTo(200);
        }
    }
}
