package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class DiskSetRoutesTest {
    private static final String VM1 = Bodies.COMPUTE + "/virtualMachines/vm1";

    @TempDir
    Path directory;

    private ArmRig rig;
    private String first;
    private String second;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
        first = rig.vault.create(1);
        second = rig.vault.create(2);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void put_makesASetWithItsOwnPrincipal_andUnknownFieldsComeBack() {
        Response made = rig.call("PUT", Bodies.SET, Bodies.set(first));
        assertThat(made.status()).isEqualTo(200);
        ObjectNode set = get();
        assertThat(set.path("identity").path("principalId").asString()).matches("[0-9a-f-]{36}");
        JsonNode properties = set.path("properties");
        assertThat(properties.path("activeKey").path("keyUrl").asString()).isEqualTo(first);
        assertThat(properties.path("previousKeys")).isEmpty();
        assertThat(properties.path("provisioningState").asString()).isEqualTo("Succeeded");
        assertThat(properties.path("someFutureField").path("x").intValue()).isEqualTo(1);
    }

    @Test
    void put_ofWhatGetAnswered_changesNothing() {
        rig.call("PUT", Bodies.SET, Bodies.set(first));
        ObjectNode before = get();
        assertThat(rig.call("PUT", Bodies.SET, before.toString()).status()).isEqualTo(200);
        assertThat(get()).isEqualTo(before);
    }

    @Test
    void R4_putWithAnotherKey_rotates_andIsPolledAtTheAuthorityThatWasUsed() {
        makeVm();
        stopVm();
        ObjectNode set = get();
        ((ObjectNode) set.path("properties").path("activeKey")).put("keyUrl", second);
        Response accepted = rig.call("PUT", Bodies.SET, set.toString());
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(ArmRig.header(accepted, "Retry-After")).isEqualTo("1");
        assertThat(ArmRig.body(accepted)
                        .path("properties")
                        .path("provisioningState")
                        .asString())
                .isEqualTo("Updating");
        String monitor = ArmRig.relative(ArmRig.header(accepted, "Location"));
        assertThat(rig.call("GET", monitor).status()).isEqualTo(202);
        assertThat(rig.call("GET", monitor).headers().get("Retry-After")).isEqualTo("1");

        ObjectNode end = rig.finish(accepted);
        assertThat(end.path("status").asString()).as(end.toString()).isEqualTo("Succeeded");
        JsonNode output = end.path("properties").path("output");
        assertThat(output.path("properties").path("activeKey").path("keyUrl").asString())
                .isEqualTo(second);
        assertThat(output.path("properties").path("lastKeyRotationTimestamp").asString())
                .isNotEmpty();
        Response done = rig.call("GET", monitor);
        assertThat(done.status()).isEqualTo(200);
        assertThat(ArmRig.body(done).path("name").asString()).isEqualTo("des");
        assertUnder(second, 3);
    }

    @Test
    void put_whoseWorkGoesOn_answersWhatTheClientsOfItsVersionTake() {
        makeVm();
        stopVm();
        ObjectNode set = get();
        for (String[] row : new String[][] {{"2019-07-01", "201"}, {"2019-11-01", "201"}, {"2020-05-01", "202"}}) {
            String key = get().path("properties")
                            .path("activeKey")
                            .path("keyUrl")
                            .asString()
                            .equals(first)
                    ? second
                    : first;
            ((ObjectNode) set.path("properties").path("activeKey")).put("keyUrl", key);
            Response accepted = rig.call("PUT", Bodies.SET + "?api-version=" + row[0], set.toString());
            assertThat(accepted.status()).as(row[0]).isEqualTo(Integer.parseInt(row[1]));
            assertThat(rig.finish(accepted).path("status").asString()).isEqualTo("Succeeded");
        }
    }

    @Test
    void R4_patchWithAnotherKey_rotates_andKeepsTheRest() {
        makeVm();
        stopVm();
        String body = "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + second + "\"}}}";
        ObjectNode end = rig.finish(rig.call("PATCH", Bodies.SET, body));
        assertThat(end.path("status").asString()).as(end.toString()).isEqualTo("Succeeded");
        assertUnder(second, 3);
        assertThat(get().path("tags").path("a").asString()).isEqualTo("1");
        assertThat(get().path("properties").has("someFutureField")).isTrue();

        ObjectNode history = ArmRig.body(rig.call("GET", Bodies.SET + "/rotations"));
        JsonNode rotation = history.path("value").path(0);
        assertThat(rotation.path("to").asString()).isEqualTo(second);
        assertThat(rotation.path("rewrapped").intValue()).isEqualTo(3);
        assertThat(rotation.path("status").asString()).isEqualTo("Succeeded");
        Response one = rig.call(
                "GET", Bodies.SET + "/rotations/" + rotation.path("name").asString());
        assertThat(ArmRig.body(one).path("failures")).isEmpty();
    }

    @Test
    void verify_opensEveryArtifact_andNamesTheOneThatDoesNot() {
        makeVm();
        assertThat(rig.finish(rig.call("POST", Bodies.SET + "/verify"))
                        .path("status")
                        .asString())
                .isEqualTo("Succeeded");
        rig.faults.put(Fault.of("f1", FaultKind.IMAGE_CORRUPT).ofDisk("vm1_os"));
        ObjectNode end = rig.finish(rig.call("POST", Bodies.SET + "/verify"));
        assertThat(end.path("status").asString()).isEqualTo("Failed");
        JsonNode error = end.path("error");
        assertThat(error.path("code").asString()).isEqualTo("ArtifactsDoNotOpen");
        assertThat(error.path("message").asString()).contains("1 of 3");
        assertThat(error.path("details")).hasSize(1);
        rig.faults.clear();
    }

    @Test
    void R3_rotationWhileVmsRun_isRefusedNamingEach_andThePreflightSaysTheSame() {
        makeVm();
        rig.call("PUT", Bodies.COMPUTE + "/virtualMachines/vm2", Bodies.vm("vm2"));
        rig.settle();
        String body = "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + second + "\"}}}";
        ObjectNode before = get();

        ObjectNode dry = ArmRig.body(rig.call("POST", Bodies.SET + "/preflight", body));
        assertThat(dry.path("allowed").booleanValue()).isFalse();
        assertThat(targets(dry.path("blockers")))
                .containsExactlyInAnyOrder(VM1, Bodies.COMPUTE + "/virtualMachines/vm2");

        Response refused = rig.call("PATCH", Bodies.SET, body);
        assertThat(refused.status()).isEqualTo(409);
        JsonNode error = ArmRig.body(refused).path("error");
        assertThat(error.path("code").asString()).isEqualTo("OperationNotAllowed");
        assertThat(targets(error.path("details")))
                .containsExactlyInAnyOrder(VM1, Bodies.COMPUTE + "/virtualMachines/vm2");
        assertThat(get()).isEqualTo(before);
        assertUnder(first, 6);
    }

    @Test
    void preflight_ofAnAllowedRotation_changesNothing() {
        makeVm();
        stopVm();
        ObjectNode before = get();
        String body = "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + second + "\"}}}";
        ObjectNode dry = ArmRig.body(rig.call("POST", Bodies.SET + "/preflight", body));
        assertThat(dry.path("allowed").booleanValue()).as(dry.toString()).isTrue();
        assertThat(dry.path("blockers")).isEmpty();
        rig.settle();
        assertThat(get()).isEqualTo(before);
        assertThat(rig.call("POST", Bodies.SET + "/preflight", "{}").status()).isEqualTo(400);
        rig.grant("reader", "/subscriptions/" + ArmRig.SUB, Roles.READER);
        assertThat(rig.as("reader", "POST", Bodies.SET + "/preflight", body, Map.of())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void R6_automaticRotation_isRefused() {
        rig.call("PUT", Bodies.SET, Bodies.set(first));
        Response refused =
                rig.call("PATCH", Bodies.SET, "{\"properties\":{\"rotationToLatestKeyVersionEnabled\":true}}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(ArmRig.body(refused).path("error").path("target").asString())
                .isEqualTo("properties.rotationToLatestKeyVersionEnabled");
    }

    @Test
    void put_withSeveralWrongFields_namesEachOfThem() {
        Response refused = rig.call(
                "PUT",
                Bodies.SET,
                "{\"identity\":[],\"properties\":{\"encryptionType\":1,\"activeKey\":{\"keyUrl\":true}}}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(targets(ArmRig.body(refused).path("error").path("details")))
                .containsExactlyInAnyOrder(
                        "location", "identity", "properties.encryptionType", "properties.activeKey.keyUrl");
    }

    @Test
    void userAssignedIdentity_takesTheRightToAssignIt() {
        String identity = ArmRig.GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine";
        ObjectNode made = ArmRig.body(rig.call("PUT", identity, Bodies.group()));
        String body = Bodies.set(first)
                .replace(
                        "{\"type\": \"SystemAssigned\"}",
                        "{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"" + identity + "\":{}}}");
        rig.grant("setmaker", Bodies.SET, Roles.CONTRIBUTOR);
        Response refused = rig.as("setmaker", "PUT", Bodies.SET, body, Map.of());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(ArmRig.body(refused).path("error").path("message").asString())
                .contains("userAssignedIdentities/assign/action");

        assertThat(rig.call("PUT", Bodies.SET, body).status()).isEqualTo(200);
        Response kept = rig.call("DELETE", identity);
        assertThat(kept.status()).isEqualTo(409);
        assertThat(targets(ArmRig.body(kept).path("error").path("details"))).containsExactly(Bodies.SET);

        JsonNode shown = get().path("identity").path("userAssignedIdentities").path(identity);
        assertThat(shown.path("principalId")).isEqualTo(made.path("properties").path("principalId"));
        assertThat(shown.path("clientId")).isEqualTo(made.path("properties").path("clientId"));
    }

    @Test
    void R5_setWithAFailedRotation_showsTheSplit() {
        makeVm();
        stopVm();
        rig.faults.put(Fault.of("f1", FaultKind.UPDATE_REFUSED).ofDisk("vm1_os"));
        String body = "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + second + "\"}}}";
        ObjectNode end = rig.finish(rig.call("PATCH", Bodies.SET, body));
        assertThat(end.path("status").asString()).isEqualTo("Failed");
        assertThat(end.path("error").path("details")).hasSize(1);
        JsonNode properties = get().path("properties");
        assertThat(properties.path("provisioningState").asString()).isEqualTo("Failed");
        assertThat(properties.path("activeKey").path("keyUrl").asString()).isEqualTo(first);
        assertThat(properties.path("previousKeys").path(0).path("keyUrl").asString())
                .isEqualTo(second);
        assertThat(properties.path("lastKeyRotationError").path("code").asString())
                .isNotEmpty();

        rig.faults.clear();
        ObjectNode retry = rig.finish(rig.call("PATCH", Bodies.SET, body));
        assertThat(retry.path("status").asString()).as(retry.toString()).isEqualTo("Succeeded");
        assertThat(get().path("properties").path("previousKeys")).isEmpty();
        assertUnder(second, 3);
    }

    @Test
    void R5_patchOfTagsAlone_onASplitSet_takesNothingBack() {
        makeVm();
        stopVm();
        rig.faults.put(Fault.of("f1", FaultKind.UPDATE_REFUSED).ofDisk("vm1_os"));
        rig.finish(rig.call("PATCH", Bodies.SET, "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + second + "\"}}}"));
        rig.faults.clear();
        ObjectNode split = ArmRig.body(rig.call("GET", Bodies.SET + "/census"));

        Response tagged = rig.call("PATCH", Bodies.SET, "{\"tags\":{\"owner\":\"me\"}}");
        rig.settle();

        assertThat(tagged.status()).isEqualTo(200);
        assertThat(get().path("tags").path("owner").asString()).isEqualTo("me");
        assertThat(get().path("properties").path("provisioningState").asString())
                .isEqualTo("Failed");
        assertThat(ArmRig.body(rig.call("GET", Bodies.SET + "/census"))).isEqualTo(split);
        assertThat(split.path("underOtherKeys").intValue()).isEqualTo(2);
    }

    /** A rotation to the second key that did one artifact of three less than it should. */
    private void split() {
        makeVm();
        stopVm();
        rig.faults.put(Fault.of("f1", FaultKind.UPDATE_REFUSED).ofDisk("vm1_os"));
        rig.finish(rig.call("PATCH", Bodies.SET, keyBody(second)));
        rig.faults.clear();
    }

    private static String keyBody(String key) {
        return "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + key + "\"}}}";
    }

    /** As azure-cli sends it: what GET answered, through its own model. */
    private ObjectNode fromClient() {
        ObjectNode set = get();
        ObjectNode out = set.objectNode();
        out.putNull("plan");
        out.set("properties", set.path("properties"));
        ((ObjectNode) out.path("properties")).putNull("federatedClientId").remove("provisioningState");
        out.set("identity", set.path("identity"));
        out.set("tags", set.path("tags"));
        out.set("location", set.path("location"));
        return out;
    }

    @Test
    void R5_putOfTheActiveKeyWithOtherTags_onASplitSet_savesNoKey_andSaysSo() {
        split();
        ObjectNode before = ArmRig.body(rig.call("GET", Bodies.SET + "/census"));
        ObjectNode body = fromClient();
        ((ObjectNode) body.path("tags")).put("owner", "me");

        Response tagged = rig.call("PUT", Bodies.SET, body.toString());
        rig.settle();

        assertThat(tagged.status()).isEqualTo(200);
        JsonNode warning = ArmRig.body(tagged).path("warnings").path(0);
        assertThat(warning.path("code").asString()).isEqualTo("ArtifactsUnderSeveralKeys");
        assertThat(warning.path("message").asString())
                .contains("saved no key")
                .contains(first)
                .contains(second);
        assertThat(get().path("tags").path("owner").asString()).isEqualTo("me");
        assertThat(ArmRig.body(rig.call("GET", Bodies.SET + "/census"))).isEqualTo(before);
        assertThat(get().path("properties").path("provisioningState").asString())
                .isEqualTo("Failed");

        // a PATCH that names the old key beside something else is no save of it either
        String both = "{\"tags\":{\"owner\":\"you\"},\"properties\":{\"activeKey\":{\"keyUrl\":\"" + first + "\"}}}";
        assertThat(rig.call("PATCH", Bodies.SET, both).status()).isEqualTo(200);
        assertThat(ArmRig.body(rig.call("GET", Bodies.SET + "/census"))).isEqualTo(before);
        // and neither is another field than the tags
        ObjectNode field = fromClient();
        ((ObjectNode) field.path("properties").path("someFutureField")).put("x", 2);
        assertThat(rig.call("PUT", Bodies.SET, field.toString()).status()).isEqualTo(200);
        assertThat(ArmRig.body(rig.call("GET", Bodies.SET + "/census"))).isEqualTo(before);

        ObjectNode retry = rig.finish(rig.call("PATCH", Bodies.SET, keyBody(second)));
        assertThat(retry.path("status").asString()).isEqualTo("Succeeded");
        assertUnder(second, 3);
    }

    @Test
    void R5_putOfTheSetAsItIs_onASplitSet_savesTheOldKey_andRollsBack() {
        split();
        ObjectNode end = rig.finish(rig.call("PUT", Bodies.SET, fromClient().toString()));
        assertThat(end.path("status").asString()).as(end.toString()).isEqualTo("Succeeded");
        assertUnder(first, 3);
    }

    @Test
    void R5_patchOfTheOldKeyAlone_onASplitSet_rollsBack() {
        split();
        ObjectNode end = rig.finish(rig.call("PATCH", Bodies.SET, keyBody(first)));
        assertThat(end.path("status").asString()).as(end.toString()).isEqualTo("Succeeded");
        assertUnder(first, 3);
    }

    @Test
    void R5_putOfTheNewKeyWithOtherTags_onASplitSet_finishesAndTags() {
        split();
        ObjectNode body = fromClient();
        ((ObjectNode) body.path("tags")).put("owner", "me");
        ((ObjectNode) body.path("properties").path("activeKey")).put("keyUrl", second);
        ObjectNode end = rig.finish(rig.call("PUT", Bodies.SET, body.toString()));
        assertThat(end.path("status").asString()).as(end.toString()).isEqualTo("Succeeded");
        assertUnder(second, 3);
        assertThat(get().path("tags").path("owner").asString()).isEqualTo("me");
    }

    @Test
    void associatedResources_areTheDisks_paged_andTheSetStaysWhileTheyAreThere() {
        makeVm();
        ObjectNode page = ArmRig.body(rig.call("GET", Bodies.SET + "/associatedResources?$top=1"));
        ObjectNode next = ArmRig.body(
                rig.call("GET", ArmRig.relative(page.path("nextLink").asString())));
        List<String> ids = new ArrayList<>();
        page.path("value").forEach(v -> ids.add(v.asString()));
        next.path("value").forEach(v -> ids.add(v.asString()));
        assertThat(ids).containsExactly(Bodies.COMPUTE + "/disks/vm1_data", Bodies.COMPUTE + "/disks/vm1_os");
        assertThat(rig.call("DELETE", Bodies.SET).status()).isEqualTo(409);
    }

    @Test
    void delete_ofAnUnusedSet_thenOfNone() {
        rig.call("PUT", Bodies.SET, Bodies.set(first));
        assertThat(rig.as("owner", "DELETE", Bodies.SET, "", Map.of("If-Match", "\"77\""))
                        .status())
                .isEqualTo(412);
        assertThat(rig.call("DELETE", Bodies.SET).status()).isIn(200, 202);
        rig.settle();
        assertThat(rig.call("DELETE", Bodies.SET).status()).isEqualTo(204);
        assertThat(rig.call("GET", Bodies.SET).status()).isEqualTo(404);
    }

    @Test
    void poll_ofAnotherCallersOperation_isNotFoundForWhoMayNotReadTheSet() {
        makeVm();
        Response accepted = rig.call("POST", VM1 + "/powerOff");
        rig.grant("stranger", "/subscriptions/" + ArmRig.SUB + "/resourceGroups/other", Roles.OWNER);
        String poll = ArmRig.relative(ArmRig.header(accepted, "Azure-AsyncOperation"));
        assertThat(rig.as("stranger", "GET", poll, "", Map.of()).status()).isEqualTo(404);
        rig.grant("reader", ArmRig.GROUP, Roles.READER);
        assertThat(rig.as("reader", "GET", poll, "", Map.of()).status()).isEqualTo(200);
        assertThat(rig.call("GET", poll.replaceAll("operations/[0-9a-f-]+", "operations/nonsense"))
                        .status())
                .isEqualTo(404);
    }

    private void makeVm() {
        rig.call("PUT", Bodies.SET, Bodies.set(first));
        Response made = rig.call("PUT", VM1, Bodies.vm("vm1"));
        assertThat(made.status()).as(ArmRig.body(made).toString()).isEqualTo(201);
        rig.settle();
    }

    private void stopVm() {
        assertThat(rig.finish(rig.call("POST", VM1 + "/powerOff"))
                        .path("status")
                        .asString())
                .isEqualTo("Succeeded");
    }

    private ObjectNode get() {
        return ArmRig.body(rig.call("GET", Bodies.SET));
    }

    private void assertUnder(String key, int artifacts) {
        ObjectNode census = ArmRig.body(rig.call("GET", Bodies.SET + "/census"));
        assertThat(census.path("activeKeyUrl").asString()).isEqualTo(key);
        assertThat(census.path("underActiveKey").intValue())
                .as(census.toString())
                .isEqualTo(artifacts);
        assertThat(census.path("underOtherKeys").intValue()).isZero();
    }

    private static List<String> targets(JsonNode details) {
        List<String> out = new ArrayList<>();
        details.forEach(d -> out.add(d.path("target").asString()));
        return out;
    }
}
