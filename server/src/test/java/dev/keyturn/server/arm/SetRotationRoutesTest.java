package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import dev.keyturn.server.http.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the routes of a set say of a rotation and of what is in its way. */
class SetRotationRoutesTest extends SetRoutesFixture {
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
}
