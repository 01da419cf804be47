package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** {@code keyturn demo} from beginning to end, on the simulated host. */
class DemoTest {
    @Test
    void theDemo_withAServerOfItsOwn_endsWithNothingUnderTheOldVersion() {
        ServerProcess.Ended ended = ServerProcess.run("demo", "--host", "simulated", "--output", "json", "--vms", "2");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        ObjectNode document = Json.parseObject(ended.out());
        assertThat(document.get("succeeded").booleanValue()).isTrue();
        assertThat(document.get("artifactsUnderOldVersion").intValue()).isZero();
        assertThat(document.get("artifacts").intValue()).isEqualTo(6);
        assertThat(document.get("label").stringValue()).isEqualTo("simulated host: no real machine runs");
        assertThat(document.get("steps")).allMatch(s -> s.get("succeeded").booleanValue());
    }

    @Test
    void theDemo_onARunningServer_isToldInPlainLines_andLeavesNoVmsBehind() {
        ServerProcess server = ServerProcess.shared();
        ServerProcess.Ended ended = ServerProcess.run(
                "demo",
                "--host",
                "simulated",
                "--vms",
                "1",
                "--client-env",
                server.data().resolve("client.env").toString());

        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out())
                .contains("simulated host: no real machine runs", "0 artifacts under the old version")
                .doesNotContain("\033");
        Http.Reply vms = new Http(server.env()).subscription("GET", "/providers/Microsoft.Compute/virtualMachines", "");
        assertThat(vms.text()).doesNotContain("keyturn-demo-");
    }
}
