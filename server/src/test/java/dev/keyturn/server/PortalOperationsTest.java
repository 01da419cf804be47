package dev.keyturn.server;

import static dev.keyturn.server.PortalFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is at work, and what ended, is seen by who may see it, on every page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalOperationsTest {
    private static final String SLOW = "/keyturn/simulatedHost/faults/slow?api-version=2024-07-01";
    private static final String HERE = "/portal/operations";

    private RunningServer server;
    private PortalFleet fleet;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        fleet = new PortalFleet(server);
        fleet.vault("opsvault");
        String key = fleet.key("opsvault", "k");
        fleet.grant(fleet.vaultId("opsvault"), PortalFleet.ENCRYPTION_USER, fleet.set("ops", key));
        fleet.vm("ops-a", "ops");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String main(HttpResponse<String> page) {
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return page.body().replaceAll("(?s).*<div id=\"operations\">(.*?)<details class=\"same\".*", "$1");
    }

    @Test
    void whatIsAtWork_isCountedOnEveryPage_andListed_forWhoMaySeeIt_andForNobodyElse() throws Exception {
        Browser reads = fleet.person("reads-ops");
        fleet.grant(server.subscription(), PortalFleet.READER, PortalFleet.objectId(reads));
        Browser blind = fleet.person("blind-ops");
        Browser group = fleet.person("group-ops");
        fleet.grant(fleet.group(), PortalFleet.READER, PortalFleet.objectId(group));
        assertThat(server.arm("PUT", SLOW, "{\"kind\":\"slow\",\"call\":\"stop\",\"delayMs\":5000}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(reads.get("/portal/me").body()).contains("aria-label=\"0 running\"");
        fleet.arm("POST", fleet.vmId("ops-a") + "/restart", "2024-07-01", "");
        for (Browser who : List.of(reads, group)) {
            String seen = until("Running</span> <strong>Restart", () -> main(who.get(HERE)));
            assertThat(seen).contains("/portal/vms/fleet/ops-a");
        }
        assertThat(main(blind.get(HERE))).doesNotContain("ops-a").contains("Nothing that you may see is at work");
        server.arm("DELETE", SLOW, "");
        until("aria-label=\"0 running\"", () -> reads.get("/portal/me").body());
        assertThat(main(reads.get(HERE))).contains("Done", "Restart", "ended");
        assertThat(main(blind.get(HERE))).contains("has ended in the last 30 days");
    }

    @Test
    void whoHasTheNameOfSomebodyGone_seesNothingOfWhatTheyBegan() throws Exception {
        Browser gone = fleet.person("twin-ops");
        String id = PortalFleet.objectId(gone);
        fleet.grant(fleet.setId("ops"), PortalFleet.CONTRIBUTOR, id);
        gone.get("/portal/sets/fleet/ops");
        assertThat(gone.post("/portal/sets/fleet/ops/verify", Map.of()).statusCode())
                .isEqualTo(303);
        until("Done</span> <strong>Verify every artifact", () -> main(gone.get(HERE)));
        fleet.admin.get("/portal/people");
        assertThat(fleet.admin
                        .post("/portal/people/" + id + "/delete", Map.of("label", "twin-ops"))
                        .statusCode())
                .isEqualTo(303);
        assertThat(main(fleet.admin.get(HERE))).contains("by twin-ops").doesNotContain("not the person");

        assertThat(main(fleet.person("twin-ops").get(HERE))).doesNotContain("Verify every artifact");
        assertThat(main(fleet.admin.get(HERE))).contains("by twin-ops (not the person of that name now)");
    }

    @Test
    void ended_isPaged_eachOnce() throws Exception {
        for (int i = 0; i < 14; i++) {
            fleet.arm("POST", fleet.vmId("ops-a") + "/restart", "2024-07-01", "");
            until(
                    "Succeeded",
                    () -> server.arm("GET", fleet.vmId("ops-a") + "?api-version=2024-07-01", "")
                            .body());
            fleet.arm("POST", fleet.vmId("ops-a") + "/deallocate", "2024-07-01", "");
            until(
                    "PowerState/deallocated",
                    () -> server.arm("GET", fleet.vmId("ops-a") + "/instanceView?api-version=2024-07-01", "")
                            .body());
            fleet.arm("POST", fleet.vmId("ops-a") + "/start", "2024-07-01", "");
            until(
                    "PowerState/running",
                    () -> server.arm("GET", fleet.vmId("ops-a") + "/instanceView?api-version=2024-07-01", "")
                            .body());
        }
        String first = main(fleet.admin.get(HERE));
        assertThat(first.split("<li>", -1)).hasSize(26);
        String next = first.replaceAll("(?s).*href=\"(/portal/operations\\?before=[^\"]+)\".*", "$1");
        String second = main(fleet.admin.get(next.replace("&amp;", "&")));
        assertThat(second).contains("Ended before", "The latest");
        assertThat(second.split("<li>", -1).length).isGreaterThan(10);
        assertThat(fleet.admin.get(HERE + "?before=yesterday").statusCode()).isEqualTo(400);
    }
}
