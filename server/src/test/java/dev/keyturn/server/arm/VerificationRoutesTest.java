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
import tools.jackson.databind.node.ObjectNode;

/** {@code POST .../verify}: it takes a right of its own, and refuses nobody anything (docs/permissions.md). */
class VerificationRoutesTest {
    private static final String VM1 = Bodies.COMPUTE + "/virtualMachines/vm1";

    @TempDir
    Path directory;

    private ArmRig rig;
    private String second;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
        String first = rig.vault.create(1);
        second = rig.vault.create(2);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.call("PUT", Bodies.SET, Bodies.set(first));
        rig.call("PUT", VM1, Bodies.vm("vm1"));
        rig.settle();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Response verify() {
        Response accepted = rig.call("POST", Bodies.SET + "/verify");
        assertThat(accepted.status()).isEqualTo(202);
        return accepted;
    }

    private ObjectNode poll(Response accepted) {
        return ArmRig.body(rig.call("GET", ArmRig.relative(ArmRig.header(accepted, "Azure-AsyncOperation"))));
    }

    private Response rotate() {
        return rig.call("PATCH", Bodies.SET, "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + second + "\"}}}");
    }

    private void assertCancelled(ObjectNode polled) {
        assertThat(polled.path("status").asString()).as(polled.toString()).isEqualTo("Canceled");
        assertThat(polled.path("error").path("code").asString()).isEqualTo("VerificationCanceled");
        assertThat(polled.path("error").path("message").asString()).contains("'des'", "asked for by");
        assertThat(polled.path("endTime").isString()).isTrue();
    }

    @Test
    void verify_takesItsOwnAction_whichReadingDoesNotGive() {
        rig.grant("reader", ArmRig.GROUP, Roles.READER);
        Response refused = rig.as("reader", "POST", Bodies.SET + "/verify", "", Map.of());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(ArmRig.body(refused).path("error").path("message").asString())
                .contains("Microsoft.Compute/diskEncryptionSets/verify/action");
        rig.grant("contributor", ArmRig.GROUP, Roles.CONTRIBUTOR);
        assertThat(rig.as("contributor", "POST", Bodies.SET + "/verify", "", Map.of())
                        .status())
                .isEqualTo(202);
    }

    @Test
    void rotation_whileAVerificationWaits_begins_andTheVerificationSaysThatItWasCancelled() {
        rig.finish(rig.call("POST", VM1 + "/deallocate"));
        Response waiting = verify();

        Response rotating = rotate();

        assertThat(rotating.status()).isEqualTo(202);
        ObjectNode cancelled = poll(waiting);
        assertCancelled(cancelled);
        assertThat(cancelled.path("error").path("message").asString()).contains("is being rotated");
        assertThat(rig.finish(rotating).path("status").asString()).isEqualTo("Succeeded");
        assertCancelled(poll(waiting));
        // what its Location leads to ends as well: the same code, in a 409
        Response monitored = rig.call("GET", ArmRig.relative(ArmRig.header(waiting, "Location")));
        assertThat(monitored.status()).isEqualTo(409);
        assertThat(ArmRig.body(monitored).path("error").path("code").asString()).isEqualTo("VerificationCanceled");
    }

    @Test
    void rotation_whileImagesAreProven_begins_andTheVerificationIsCancelled() {
        rig.finish(rig.call("POST", VM1 + "/deallocate"));
        Response accepted = verify();
        List<Response> rotating = new ArrayList<>();
        rig.talkative.whileProving = () -> {
            rig.talkative.whileProving = () -> {};
            rotating.add(rotate());
        };

        rig.settle();

        assertThat(rotating.getFirst().status()).isEqualTo(202);
        assertCancelled(poll(accepted));
        assertThat(poll(rotating.getFirst()).path("status").asString()).isEqualTo("Succeeded");
    }

    @Test
    void patchOfTags_whileImagesAreProven_succeeds_andSoDoesTheVerification() {
        Response accepted = verify();
        List<Response> tagged = new ArrayList<>();
        rig.talkative.whileProving = () -> tagged.add(rig.call("PATCH", Bodies.SET, "{\"tags\":{\"a\":\"2\"}}"));

        rig.settle();

        assertThat(tagged.getFirst().status()).isEqualTo(200);
        assertThat(poll(accepted).path("status").asString()).isEqualTo("Succeeded");
    }

    @Test
    void startAndDeletionOfVms_doNotWait_andWhatIsDeletedMeanwhileIsNoFault() {
        Response accepted = verify();
        rig.faults.put(Fault.of("f1", FaultKind.IMAGE_CORRUPT).ofDisk("vm1_os"));
        List<Response> deleted = new ArrayList<>();
        rig.talkative.whileProving = () -> {
            rig.talkative.whileProving = () -> {};
            deleted.add(rig.call("DELETE", VM1));
        };

        rig.settle();

        assertThat(deleted.getFirst().status()).isEqualTo(202);
        assertThat(poll(deleted.getFirst()).path("status").asString()).isEqualTo("Succeeded");
        assertThat(poll(accepted).path("status").asString())
                .as(poll(accepted).toString())
                .isEqualTo("Succeeded");
    }

    @Test
    void deletionOfTheSet_endsTheVerification() {
        rig.finish(rig.call("DELETE", VM1));
        rig.finish(rig.call("DELETE", Bodies.COMPUTE + "/disks/vm1_os"));
        rig.finish(rig.call("DELETE", Bodies.COMPUTE + "/disks/vm1_data"));
        Response accepted = verify();
        assertThat(rig.call("DELETE", Bodies.SET).status()).isEqualTo(200);
        assertCancelled(poll(accepted));
    }
}
