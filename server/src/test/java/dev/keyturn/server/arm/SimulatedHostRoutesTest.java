package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class SimulatedHostRoutesTest {
    private static final String FAULTS = "/keyturn/simulatedHost/faults";
    private static final String EVENTS = "/keyturn/simulatedHost/events";
    private static final String VM = Bodies.COMPUTE + "/virtualMachines/web1";

    @TempDir
    Path directory;

    private ArmRig rig;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void makeVm() {
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        rig.finish(rig.call("PUT", VM, Bodies.vm("web1")));
    }

    private ObjectNode rotateTo(String key) {
        return rig.finish(rig.call(
                "PATCH", Bodies.SET, "{\"properties\": {\"activeKey\": {\"keyUrl\": \"%s\"}}}".formatted(key)));
    }

    private static String text(Response response) {
        return ArmRig.body(response).toString();
    }

    @Test
    void fault_isSetReadReplacedAndRemoved() {
        assertThat(rig.call("PUT", FAULTS + "/slow", "{\"kind\": \"slow\", \"delayMs\": 20}")
                        .status())
                .isEqualTo(201);
        assertThat(rig.call("PUT", FAULTS + "/slow", "{\"kind\": \"slow\", \"delayMs\": 30, \"call\": \"stop\"}")
                        .status())
                .isEqualTo(200);
        assertThat(text(rig.call("GET", FAULTS + "/slow")))
                .isEqualTo("{\"id\":\"slow\",\"kind\":\"slow\",\"call\":\"stop\",\"delayMs\":30}");
        Response posted = rig.call("POST", FAULTS, "{\"kind\": \"unreachable\", \"times\": 2}");
        assertThat(posted.status()).isEqualTo(201);
        assertThat(posted.headers().get("Location"))
                .endsWith(FAULTS + "/" + ArmRig.body(posted).path("id").asString());
        assertThat(ArmRig.body(rig.call("GET", FAULTS)).path("value")).hasSize(2);
        assertThat(text(rig.call("GET", FAULTS))).contains("no real machine runs");
        assertThat(rig.call("DELETE", FAULTS + "/slow").status()).isEqualTo(204);
        assertThat(rig.call("DELETE", FAULTS + "/slow").status()).isEqualTo(404);
        assertThat(rig.call("DELETE", FAULTS).status()).isEqualTo(204);
        assertThat(ArmRig.body(rig.call("GET", FAULTS)).path("value")).isEmpty();
    }

    @Test
    void badFault_isRefusedAndNamed_andNothingIsSet() {
        Response refused = rig.call("PUT", FAULTS + "/f1", "{\"kind\": \"slow\", \"delay\": 5, \"times\": -1}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(text(refused)).contains("'delay'").contains("'times'");
        assertThat(rig.call("PUT", FAULTS + "/f1", "[]").status()).isEqualTo(400);
        assertThat(rig.call("PUT", FAULTS + "/f1").status()).isEqualTo(400);
        assertThat(rig.call("PUT", FAULTS + "/f 1", "{\"kind\": \"unreachable\"}")
                        .status())
                .isEqualTo(400);
        assertThat(ArmRig.body(rig.call("GET", FAULTS)).path("value")).isEmpty();
    }

    @Test
    void reader_mayLookButNotTouch() {
        rig.grant("reader", "/subscriptions/" + ArmRig.SUB, Roles.READER);
        String body = "{\"kind\": \"unreachable\"}";
        String event = "{\"event\": \"guestShutdown\", \"vm\": \"web1\"}";
        assertThat(rig.as("reader", "GET", FAULTS, "", Map.of()).status()).isEqualTo(200);
        assertThat(rig.as("reader", "PUT", FAULTS + "/f1", body, Map.of()).status())
                .isEqualTo(403);
        assertThat(rig.as("reader", "POST", FAULTS, body, Map.of()).status()).isEqualTo(403);
        assertThat(rig.as("reader", "DELETE", FAULTS, "", Map.of()).status()).isEqualTo(403);
        assertThat(rig.as("reader", "POST", EVENTS, event, Map.of()).status()).isEqualTo(403);
    }

    @Test
    void ownerOfAGroupAlone_mayNotTouchTheHost() {
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.grant("groupOwner", ArmRig.GROUP, Roles.OWNER);
        assertThat(rig.as("groupOwner", "POST", FAULTS, "{\"kind\": \"unreachable\"}", Map.of())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void r5_artifactThatCannotBeUpdated_keepsItsOldKey_untilTheSameKeyIsSavedAgain() {
        makeVm();
        rig.finish(rig.call("POST", VM + "/deallocate"));
        rig.call("PUT", FAULTS + "/os", "{\"kind\": \"updateRefused\", \"vm\": \"web1\", \"artifact\": \"OsDisk\"}");
        String target = rig.vault.create(2);
        ObjectNode failed = rotateTo(target);
        assertThat(failed.path("status").asString()).isEqualTo("Failed");
        assertThat(failed.path("error").path("details")).hasSize(1);
        assertThat(failed.path("error").path("details").path(0).path("message").asString())
                .contains("VM 'web1': OS disk 'web1_os'")
                .contains("fault 'os'");
        assertThat(rig.call("DELETE", FAULTS + "/os").status()).isEqualTo(204);
        assertThat(rotateTo(target).path("status").asString()).isEqualTo("Succeeded");
        assertThat(rig.finish(rig.call("POST", VM + "/start")).path("status").asString())
                .isEqualTo("Succeeded");
    }

    @Test
    void r3_vmStartedBehindTheServersBack_blocksTheRotation() {
        makeVm();
        rig.finish(rig.call("POST", VM + "/deallocate"));
        assertThat(rig.call("POST", EVENTS, "{\"event\": \"startOutside\", \"vm\": \"web1\"}")
                        .status())
                .isEqualTo(200);
        Response refused = rig.call(
                "PATCH",
                Bodies.SET,
                "{\"properties\": {\"activeKey\": {\"keyUrl\": \"%s\"}}}".formatted(rig.vault.create(2)));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(text(refused)).contains("web1");
        Response down = rig.call("POST", EVENTS, "{\"event\": \"guestShutdown\", \"vm\": \"%s\"}".formatted(VM));
        assertThat(ArmRig.body(down).path("vm").asString()).isEqualTo(VM);
        assertThat(rotateTo(rig.vault.create(2)).path("status").asString()).isEqualTo("Succeeded");
    }

    @Test
    void eventOfAnUnknownVm_orOfNoKind_isRefused() {
        assertThat(rig.call("POST", EVENTS, "{\"event\": \"guestShutdown\", \"vm\": \"nobody\"}")
                        .status())
                .isEqualTo(404);
        assertThat(rig.call("POST", EVENTS, "{\"event\": \"guestShutdown\", \"vm\": \"/not/an/id\"}")
                        .status())
                .isEqualTo(404);
        Response refused = rig.call("POST", EVENTS, "{\"event\": \"earthquake\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(text(refused)).contains("guestShutdown").contains("'vm'");
    }
}
