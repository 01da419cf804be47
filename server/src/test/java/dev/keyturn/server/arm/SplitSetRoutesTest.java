package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import dev.keyturn.server.http.Response;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A set whose rotation failed half-way: what each request that a client may send does to it (R5). */
class SplitSetRoutesTest extends SetRoutesFixture {
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
}
