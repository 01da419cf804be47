package dev.keyturn.server.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import dev.keyturn.host.simulated.HostCall;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class FaultBodyTest {
    private static ObjectNode json(String text) {
        return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> wrongFields(String text) {
        BadBodyException refused = catchThrowableOfType(BadBodyException.class, () -> FaultBody.read(json(text), "f1"));
        assertThat(refused).isNotNull();
        return refused.problems().stream().map(BadBodyException.Problem::path).toList();
    }

    @Test
    void read_ofWhatWasRendered_isTheSameFault() {
        List<Fault> faults = List.of(
                Fault.of("f1", FaultKind.UPDATE_REFUSED)
                        .ofVm("web1")
                        .ofDisk("web1_os")
                        .of(ArtifactKind.OS_DISK)
                        .times(2),
                Fault.slow("f2", Duration.ofMillis(1500)).at(HostCall.REFUSALS),
                Fault.of("f3", FaultKind.UNREACHABLE));
        assertThat(faults)
                .allSatisfy(f ->
                        assertThat(FaultBody.read(FaultBody.render(f), f.id())).isEqualTo(f));
    }

    @Test
    void read_namesEveryWrongField() {
        assertThat(wrongFields("{'kind':'slow','delayMs':0,'times':'two','vm':7}"))
                .containsExactlyInAnyOrder("delayMs", "times", "vm");
    }

    @Test
    void read_withoutAKind_isRefused() {
        assertThat(wrongFields("{'kind':''}")).containsExactly("kind");
        assertThat(wrongFields("{}")).containsExactly("kind");
        assertThat(wrongFields("{'kind':'explode'}")).containsExactly("kind");
    }

    @Test
    void read_withAMisspeltField_isRefused_becauseItWouldHitMoreThanWasMeant() {
        assertThat(wrongFields("{'kind':'updateRefused','vmName':'web1'}")).containsExactly("vmName");
    }

    @Test
    void read_withFieldsThatDoNotFitTheKind_isRefused() {
        assertThat(wrongFields("{'kind':'unreachable','vm':'web1'}")).containsExactly("vm");
        assertThat(wrongFields("{'kind':'slow'}")).containsExactly("delayMs");
        assertThat(wrongFields("{'kind':'startFails','artifact':'OsDisk'}")).containsExactly("artifact");
    }

    @Test
    void read_withABadId_isRefused() {
        BadBodyException refused = catchThrowableOfType(
                BadBodyException.class, () -> FaultBody.read(json("{'kind':'unreachable'}"), "a b"));
        assertThat(refused.problems())
                .extracting(BadBodyException.Problem::path)
                .containsExactly("id");
    }
}
