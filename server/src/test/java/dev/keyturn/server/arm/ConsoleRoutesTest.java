package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleRoutesTest {
    private static final String VM = Bodies.COMPUTE + "/virtualMachines/vm1";
    private static final String RETRIEVE = VM + "/retrieveBootDiagnosticsData";
    /** Not UTF-8, with what would move a terminal's cursor. */
    private static final byte[] TEXT = {'\033', '[', '2', 'J', (byte) 0xff, 0, '\r', '\n', 'o', 'k'};

    @TempDir
    Path directory;

    private ArmRig rig;
    private UUID vmId;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        rig.finish(rig.call("PUT", VM, Bodies.vm("vm1")));
        vmId = UUID.fromString(
                ArmRig.body(rig.call("GET", VM)).path("properties").path("vmId").asString());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private String address(String query) {
        Response answer = rig.call("POST", RETRIEVE + query);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(ArmRig.body(answer).propertyNames()).containsExactly("serialConsoleLogBlobUri");
        return ArmRig.relative(
                ArmRig.body(answer).path("serialConsoleLogBlobUri").asString());
    }

    private Response fetch(String address) {
        return rig.as("", "GET", address, "", Map.of());
    }

    private static String message(Response refused) {
        return ArmRig.body(refused).path("error").path("message").asString();
    }

    @Test
    void console_isReadThroughTheAddressWithoutAToken_asTheGuestWroteIt() {
        rig.talkative.write(vmId, TEXT);
        Response log = fetch(address(""));
        assertThat(log.status()).isEqualTo(200);
        assertThat(log.contentType()).isEqualTo("text/plain");
        assertThat(log.body()).isEqualTo(TEXT);
    }

    @Test
    void longConsole_showsItsNewestMebibyte() {
        byte[] all = ("x".repeat(1 << 20) + "end").getBytes(StandardCharsets.US_ASCII);
        rig.talkative.write(vmId, all);
        byte[] shown = fetch(address("")).body();
        assertThat(shown).hasSize(1 << 20).endsWith("end".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void address_endsWhenItWasAskedToEnd() {
        rig.talkative.write(vmId, TEXT);
        String usual = address("");
        String brief = address("?sasUriExpirationTimeInMinutes=1");
        rig.clock.advance(Duration.ofSeconds(59));
        assertThat(fetch(brief).status()).isEqualTo(200);
        rig.clock.advance(Duration.ofSeconds(1));
        assertThat(fetch(brief).status()).isEqualTo(403);
        assertThat(message(fetch(brief))).contains("ended at 2026-");
        rig.clock.advance(Duration.ofMinutes(118));
        assertThat(fetch(usual).status()).isEqualTo(200);
        rig.clock.advance(Duration.ofMinutes(1));
        assertThat(fetch(usual).status()).isEqualTo(403);
    }

    @Test
    void lifeOutsideOfAzuresBounds_isRefused() {
        rig.talkative.write(vmId, TEXT);
        for (String life : new String[] {"0", "1441", "-1", "99999", "an+hour", ""}) {
            Response refused = rig.call("POST", RETRIEVE + "?sasUriExpirationTimeInMinutes=" + life);
            assertThat(refused.status()).as(life).isEqualTo(400);
            assertThat(message(refused)).contains("from 1 to 1440");
        }
        assertThat(fetch(address("?sasUriExpirationTimeInMinutes=1440")).status())
                .isEqualTo(200);
    }

    @Test
    void forgedAddress_isRefused_sayingNothingOfTheVm() {
        rig.talkative.write(vmId, TEXT);
        String good = address("?sasUriExpirationTimeInMinutes=1");
        String path = good.substring(0, good.indexOf('?'));
        String other = good.replace(vmId.toString(), UUID.randomUUID().toString());
        String longer = good.replaceFirst("se=[^&]*", "se=2999-01-01T00%3A00%3A00Z");
        String unsigned = good.replaceFirst("&sig=.*", "");
        for (String forged : new String[] {path, other, longer, unsigned, good + "A"}) {
            Response refused = fetch(forged);
            assertThat(refused.status()).as(forged).isEqualTo(403);
            assertThat(message(refused)).contains("not made by this server").doesNotContain(vmId.toString());
        }
    }

    @Test
    void addressOfADeletedVm_findsNothing() {
        rig.talkative.write(vmId, TEXT);
        String address = address("");
        rig.finish(rig.call("DELETE", VM));
        assertThat(fetch(address).status()).isEqualTo(404);
    }

    @Test
    void hostWithoutConsoles_saysSo() {
        Response refused = rig.call("POST", RETRIEVE);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(message(refused)).contains("VM 'vm1' has no serial console", "'sim' is simulated");
    }

    @Test
    void disabledBootDiagnostics_hideTheConsole_untilTheyAreEnabled() {
        rig.talkative.write(vmId, TEXT);
        String address = address("");
        String patch = """
                {"properties": {"diagnosticsProfile": {"bootDiagnostics": {"enabled": %s}}}}""";
        assertThat(rig.call("PATCH", VM, patch.formatted("false")).status()).isEqualTo(200);
        assertThat(rig.call("POST", RETRIEVE).status()).isEqualTo(409);
        assertThat(fetch(address).status()).isEqualTo(409);
        assertThat(rig.call("PATCH", VM, patch.formatted("true")).status()).isEqualTo(200);
        assertThat(fetch(address).status()).isEqualTo(200);
        assertThat(ArmRig.body(rig.call("GET", VM))
                        .path("properties")
                        .path("diagnosticsProfile")
                        .toString())
                .isEqualTo("{\"bootDiagnostics\":{\"enabled\":true}}");
    }

    @Test
    void storageAccountForTheConsole_isRefused() {
        Response refused = rig.call("PATCH", VM, """
                {"properties": {"diagnosticsProfile": {"bootDiagnostics":
                  {"enabled": true, "storageUri": "https://account.blob.core.windows.net/"}}}}""");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(message(refused)).contains("storageUri", "no storage accounts");
    }

    @Test
    void console_takesItsOwnPermission() {
        rig.talkative.write(vmId, TEXT);
        rig.grant("reader", ArmRig.GROUP, Roles.READER);
        Response refused = rig.as("reader", "POST", RETRIEVE, "", Map.of());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(message(refused)).contains("Microsoft.Compute/virtualMachines/retrieveBootDiagnosticsData/action");
        rig.grant("operator", ArmRig.GROUP, Roles.VIRTUAL_MACHINE_CONTRIBUTOR);
        assertThat(rig.as("operator", "POST", RETRIEVE, "", Map.of()).status()).isEqualTo(200);
    }
}
