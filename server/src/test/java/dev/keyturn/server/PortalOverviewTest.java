package dev.keyturn.server;

import static dev.keyturn.server.PortalFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

            assertThat(seen).contains("Lately", "virtualMachines/<wbr>start/<wbr>action");

            Browser blind = fleet.person("sets-only");
            fleet.grant(fleet.setId("over"), PortalFleet.READER, PortalFleet.objectId(blind));
            assertThat(blind.get("/portal").body())
                    .doesNotContain("has a fault")
                    .doesNotContain("Lately");
        }
    }

    @Test
    void machinesOfASetWhoseKeyIsDisabled_areNamed_withTheWayToTheKey(@TempDir Path directory) throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            PortalFleet fleet = new PortalFleet(server);
            fleet.vault("lostvault");
            String key = fleet.key("lostvault", "gone");
            fleet.grant(fleet.vaultId("lostvault"), PortalFleet.ENCRYPTION_USER, fleet.set("stranded", key));
            fleet.vm("stranded-a", "stranded");
            fleet.vm("stranded-b", "stranded");

            fleet.attributes("lostvault", key, "{\"enabled\":false}");

            assertThat(fleet.admin.get("/portal").body())
                    .contains(
                            "Needs you (1)",
                            "which is disabled",
                            ">stranded-a</a>",
                            ">stranded-b</a>",
                            "href=\"/portal/vaults/lostvault/keys/gone\"",
                            "Show key")
                    .doesNotContain("more</a>");
        }
    }

    @Test
    void keyThatExpiresSoon_isTold_withWhatNeedsIt_untilItsSetHasAnother(@TempDir Path directory) throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            PortalFleet fleet = new PortalFleet(server);
            fleet.vault("oldvault");
            String key = fleet.key("oldvault", "old");
            fleet.grant(fleet.vaultId("oldvault"), PortalFleet.ENCRYPTION_USER, fleet.set("payroll", key));
            fleet.vm("payroll-a", "payroll");
            long soon = Instant.now().plus(Duration.ofDays(9).plusHours(1)).getEpochSecond();
            long later = Instant.now().plus(Duration.ofDays(40)).getEpochSecond();

            fleet.attributes("oldvault", key, "{\"exp\":" + later + "}");
            assertThat(fleet.admin.get("/portal").body()).contains("Nothing needs you");

            fleet.attributes("oldvault", key, "{\"exp\":" + soon + "}");
            assertThat(fleet.admin.get("/portal").body())
                    .contains(
                            "expires in 9 days: 1 set, 1 VM.",
                            ">payroll</a>",
                            "href=\"/portal/sets/fleet/payroll/key\"",
                            "New version and plan");

            Browser reader = fleet.person("looker");
            fleet.grant(fleet.group(), PortalFleet.READER, PortalFleet.objectId(reader));
            assertThat(reader.get("/portal").body())
                    .contains("expires in 9 days: 1 set, 1 VM that you may read.", "Show set")
                    .doesNotContain("New version and plan");

            Browser blind = fleet.person("sets-alone");
            fleet.grant(fleet.setId("payroll"), PortalFleet.READER, PortalFleet.objectId(blind));
            assertThat(blind.get("/portal").body()).contains("expires in 9 days: 1 set. What is under it");
        }
    }

    @Test
    void personWithARoleAtOneGroup_seesThatGroupAlone_andNoCountsOfOthers(@TempDir Path directory) throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            PortalFleet fleet = new PortalFleet(server);
            fleet.vault("groupvault");
            String key = fleet.key("groupvault", "k");
            fleet.grant(fleet.vaultId("groupvault"), PortalFleet.ENCRYPTION_USER, fleet.set("theirs", key));
            fleet.vm("theirs-a", "theirs");
            String other = server.subscription() + "/resourceGroups/own";
            fleet.arm("PUT", other, "2022-09-01", "{\"location\":\"local\"}");
            Browser person = fleet.person("one-group");
            fleet.grant(other, PortalFleet.READER, PortalFleet.objectId(person));
            fleet.attributes("groupvault", key, "{\"enabled\":false}");

            assertThat(fleet.admin.get("/portal").body()).contains("theirs-a");
            assertThat(person.get("/portal").body())
                    .contains("You see resource group own.", "Nothing needs you")
                    .doesNotContain("theirs")
                    .doesNotContain("Lately");

            fleet.grant(fleet.group(), PortalFleet.READER, PortalFleet.objectId(person));
            assertThat(person.get("/portal").body())
                    .contains("You see the resource groups fleet, own.", "theirs-a", "Needs you (1)");
        }
    }
}
