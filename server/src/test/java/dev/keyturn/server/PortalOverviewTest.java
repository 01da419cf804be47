package dev.keyturn.server;

import static dev.keyturn.server.PortalFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The overview says what needs somebody. */
class PortalOverviewTest {
    private static final String FAULT = "/keyturn/simulatedHost/faults/start?api-version=2024-07-01";

    @Test
    void machinesWithAFault_areCounted_forWhoMayReadThem(@TempDir Path directory) throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            PortalFleet fleet = new PortalFleet(server);
            fleet.vault("overvault");
            String key = fleet.key("overvault", "k");
            fleet.grant(fleet.vaultId("overvault"), PortalFleet.ENCRYPTION_USER, fleet.set("over", key));
            fleet.vm("over-a", "over");
            assertThat(fleet.admin.get("/portal").body()).contains("Nothing needs you");
            fleet.stop("over-a");

            assertThat(server.arm("PUT", FAULT, "{\"kind\":\"startFails\"}").statusCode())
                    .isEqualTo(201);
            fleet.arm("POST", fleet.vmId("over-a") + "/start", "2024-07-01", "");
            String seen =
                    until("1 VM has a fault", () -> fleet.admin.get("/portal").body());
            assertThat(seen).contains("Needs you (1)", "href=\"/portal/vms?state=fault\"");
            assertThat(fleet.admin.get("/portal/vms?state=fault").body()).contains("over-a");

            Browser blind = fleet.person("sets-only");
            fleet.grant(fleet.setId("over"), PortalFleet.READER, PortalFleet.objectId(blind));
            assertThat(blind.get("/portal").body()).doesNotContain("has a fault");
        }
    }
}
