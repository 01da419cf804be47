package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.HSMS;
import static dev.keyturn.server.keyvault.KeyVaultRig.VAULTS;
import static dev.keyturn.server.keyvault.KeyVaultRig.body;
import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.AtOnce;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Many at one vault, key or role assignment: nothing that was answered with success is lost, and nobody meets a 412. */
class KeyContentionTest {
    private static final int CALLERS = AtOnce.CALLERS;
    private static final String READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void start() {
        rig = new KeyVaultRig(directory);
        rig.makeVault(true);
        rig.makeHsm();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static long count(List<Response> answers, int status) {
        return answers.stream().filter(a -> a.status() == status).count();
    }

    @ParameterizedTest
    @ValueSource(strings = {VAULTS + "/v-one", HSMS + "/h-one"})
    void patchesOfAVault_allTakeEffect(String path) throws Exception {
        AtOnce.call(i -> rig.arm("PATCH", path, "{\"properties\":{\"field" + i + "\":{\"n\":" + i + "}}}"))
                .forEach(a -> expect(200, a));
        JsonNode properties = body(rig.arm("GET", path, "")).path("properties");
        for (int i = 0; i < CALLERS; i++) {
            assertThat(properties.path("field" + i).path("n").intValue()).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {VAULTS + "/v-one", HSMS + "/h-one"})
    void putsOfAVault_leaveOneOfThem(String path) throws Exception {
        ObjectNode there = body(rig.arm("GET", path, ""));
        AtOnce.call(i -> {
                    ObjectNode mine = there.deepCopy();
                    mine.putObject("tags").put("n", "n" + i);
                    return rig.arm("PUT", path, mine.toString());
                })
                .forEach(a -> expect(200, a));
        assertThat(body(rig.arm("GET", path, "")).path("tags").path("n").asString())
                .startsWith("n");
    }

    @Test
    void putsOfAVaultThatIsNotThere_makeItOnce() throws Exception {
        List<Response> answers =
                AtOnce.call(_ -> rig.arm("PUT", VAULTS + "/v-new", KeyVaultRig.vaultBody("premium", true, true)));
        assertThat(count(answers, 201)).isOne();
        assertThat(count(answers, 200)).isEqualTo(CALLERS - 1);
    }

    @Test
    void accessPoliciesAddedAtTheSameTime_areAllThere() throws Exception {
        String path = VAULTS + "/v-two";
        expect(201, rig.arm("PUT", path, KeyVaultRig.vaultBody("premium", false, true)));
        List<String> who = IntStream.range(0, CALLERS)
                .mapToObj(_ -> UUID.randomUUID().toString())
                .toList();
        AtOnce.call(i -> rig.arm("PUT", path + "/accessPolicies/add", """
                        {"properties": {"accessPolicies": [{"tenantId": "%s", "objectId": "%s",
                         "permissions": {"keys": ["get"]}}]}}""".formatted(KeyVaultRig.TENANT, who.get(i))))
                .forEach(a -> expect(200, a));
        List<String> there = new ArrayList<>();
        body(rig.arm("GET", path, ""))
                .path("properties")
                .path("accessPolicies")
                .forEach(p -> there.add(p.path("objectId").asString()));
        assertThat(there).containsExactlyInAnyOrderElementsOf(who);
    }

    private Response assign(String name, String principal) {
        return rig.arm(
                "PUT",
                VAULTS + "/v-one/providers/Microsoft.Authorization/roleAssignments/" + name,
                "{\"properties\":{\"roleDefinitionId\":\"" + READER + "\",\"principalId\":\"" + principal + "\"}}");
    }

    @Test
    void oneRoleAssignment_isMadeOnce() throws Exception {
        String name = UUID.randomUUID().toString();
        String who = rig.caller("reader").principal().toString();
        List<Response> answers = AtOnce.call(_ -> assign(name, who));
        assertThat(count(answers, 201)).isOne();
        assertThat(count(answers, 200)).isEqualTo(CALLERS - 1);
    }

    @Test
    void theSameGrantUnderManyNames_isMadeOnce_andTheOthersAreToldItsName() throws Exception {
        String who = rig.caller("reader").principal().toString();
        List<Response> answers = AtOnce.call(_ -> assign(UUID.randomUUID().toString(), who));
        assertThat(count(answers, 201)).isOne();
        assertThat(count(answers, 409)).isEqualTo(CALLERS - 1);
    }

    @Test
    void updatesOfDifferentPartsOfAKey_areAllKept() throws Exception {
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        List<String> parts = List.of(
                "{\"tags\":{\"a\":\"b\"}}",
                "{\"key_ops\":[\"sign\"]}",
                "{\"attributes\":{\"exp\":4000000000}}",
                "{\"attributes\":{\"nbf\":1000000000}}");
        AtOnce.call(i -> rig.vault("PATCH", "/keys/k", parts.get(i % parts.size())))
                .forEach(a -> expect(200, a));
        JsonNode key = body(rig.vault("GET", "/keys/k", ""));
        assertThat(key.path("tags").path("a").asString()).isEqualTo("b");
        assertThat(key.path("key").path("key_ops").toString()).isEqualTo("[\"sign\"]");
        assertThat(key.path("attributes").path("exp").longValue()).isEqualTo(4000000000L);
        assertThat(key.path("attributes").path("nbf").longValue()).isEqualTo(1000000000L);
    }

    @Test
    void versionsMadeAtTheSameTime_areAllThere() throws Exception {
        List<Response> made = AtOnce.call(_ -> rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        assertThat(count(made, 200)).isEqualTo(CALLERS);
        List<Response> rotated = AtOnce.call(_ -> rig.vault("POST", "/keys/k/rotate", ""));
        assertThat(count(rotated, 200)).isEqualTo(CALLERS);
        assertThat(body(rig.vault("GET", "/keys/k/versions?maxresults=25", ""))
                        .path("value")
                        .size())
                .isEqualTo(25);
        assertThat(made.stream()
                        .map(a -> body(a).path("key").path("kid").asString())
                        .distinct()
                        .count())
                .isEqualTo(CALLERS);
    }

    @Test
    void aKeyPutThroughArm_isMadeOnce() throws Exception {
        List<Response> answers =
                AtOnce.call(_ -> rig.arm("PUT", VAULTS + "/v-one/keys/k", "{\"properties\":{\"kty\":\"EC\"}}"));
        assertThat(count(answers, 200)).isEqualTo(CALLERS);
        assertThat(body(rig.vault("GET", "/keys/k/versions", "")).path("value").size())
                .isOne();
    }

    @Test
    void rotationPoliciesPutBesideUpdates_areKept() throws Exception {
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        String policy = """
                {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P90D"}, "action": {"type": "Rotate"}}],
                 "attributes": {"expiryTime": "P180D"}}""";
        AtOnce.call(i -> i % 2 == 0
                        ? rig.vault("PUT", "/keys/k/rotationpolicy", policy)
                        : rig.vault("PATCH", "/keys/k", "{\"attributes\":{\"exp\":4000000000}}"))
                .forEach(a -> expect(200, a));
        assertThat(body(rig.vault("GET", "/keys/k/rotationpolicy", "")).toString())
                .contains("P90D", "P180D");
        assertThat(body(rig.vault("GET", "/keys/k", ""))
                        .path("attributes")
                        .path("exp")
                        .longValue())
                .isEqualTo(4000000000L);
    }

    /** What is written here or in the test of the other resources; a route that is in neither fails this. */
    @Test
    void everyResourceThatIsWritten_isAmongThem() {
        assertThat(rig.armPatterns().stream()
                        .filter(d -> d.method().equals("PUT") || d.method().equals("PATCH"))
                        .map(d -> d.template().replaceAll(".*/providers/", "").replaceAll("\\{[a-z]+\\}", "*"))
                        .filter(d -> !d.startsWith("Microsoft.Compute/")) // in the test of the other resources
                        .distinct())
                .containsExactlyInAnyOrder(
                        "Microsoft.KeyVault/vaults/*",
                        "Microsoft.KeyVault/vaults/*/accessPolicies/*",
                        "Microsoft.KeyVault/managedHSMs/*",
                        "Microsoft.KeyVault/vaults/*/keys/*",
                        "Microsoft.Authorization/roleAssignments/*");
    }
}
