package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Disk encryption sets as resources: made, shown, listed, deleted. */
class DiskSetRoutesTest extends SetRoutesFixture {
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
}
