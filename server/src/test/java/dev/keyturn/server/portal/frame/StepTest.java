package dev.keyturn.server.portal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.server.http.Request;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepTest {
    private static final Request REQUEST =
            new Request("GET", "localhost:8443", "/portal", Map.of(), Map.of(), new byte[0], Map.of());

    @Test
    void address_isTheOneTheReaderCameBy_withEveryPartEncoded() {
        ArmId vm = new ArmId(
                "00000000-0000-0000-0000-000000000001", "a b(c)", "Microsoft.Compute/virtualMachines", "vm-1");
        Step step = Step.of(REQUEST, "Stop it", "POST", vm, "/powerOff", Step.VMS);
        assertThat(step.url())
                .isEqualTo(
                        "https://localhost:8443/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/"
                                + "a%20b%28c%29/providers/Microsoft.Compute/virtualMachines/vm-1/powerOff?api-version=2024-07-01");
        assertThat(step.az()).isEqualTo("az rest --method post --url '" + step.url() + "'");
    }

    @Test
    void keyCall_withoutACommandOfItsOwn_namesWhomTheTokenIsFor() {
        Step step = Step.key("Rotate", "POST", "https://kv.vault.localhost:8443/keys/k/rotate");
        assertThat(step.az())
                .isEqualTo("az rest --method post --url 'https://kv.vault.localhost:8443/keys/k/rotate?api-version=7.4'"
                        + " --resource https://vault.localhost:8443");
    }

    @Test
    void body_isOneWord_whateverIsInIt() {
        Step step = Step.arm(REQUEST, "Change", "PATCH", "/keyturn/x", Step.OWN).sending("{\"name\":\"it's\"}");
        assertThat(step.az()).endsWith("--body '{\"name\":\"it'\\''s\"}'");
        assertThat(step.by(Az.of("x")).body()).isEqualTo("{\"name\":\"it's\"}");
    }
}
