package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server with a group and two key versions, for what is asked of the routes of disk encryption sets. */
abstract class SetRoutesFixture {
    static final String VM1 = Bodies.COMPUTE + "/virtualMachines/vm1";

    @TempDir
    Path directory;

    ArmRig rig;
    String first;
    String second;

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

    void makeVm() {
        rig.call("PUT", Bodies.SET, Bodies.set(first));
        Response made = rig.call("PUT", VM1, Bodies.vm("vm1"));
        assertThat(made.status()).as(ArmRig.body(made).toString()).isEqualTo(201);
        rig.settle();
    }

    void stopVm() {
        assertThat(rig.finish(rig.call("POST", VM1 + "/powerOff"))
                        .path("status")
                        .asString())
                .isEqualTo("Succeeded");
    }

    ObjectNode get() {
        return ArmRig.body(rig.call("GET", Bodies.SET));
    }

    void assertUnder(String key, int artifacts) {
        ObjectNode census = ArmRig.body(rig.call("GET", Bodies.SET + "/census"));
        assertThat(census.path("activeKeyUrl").asString()).isEqualTo(key);
        assertThat(census.path("underActiveKey").intValue())
                .as(census.toString())
                .isEqualTo(artifacts);
        assertThat(census.path("underOtherKeys").intValue()).isZero();
    }

    static List<String> targets(JsonNode details) {
        List<String> out = new ArrayList<>();
        details.forEach(d -> out.add(d.path("target").asString()));
        return out;
    }
}
