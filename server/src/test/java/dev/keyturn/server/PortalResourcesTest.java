package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Disks, resource groups, and what deletes them, VMs and sets, in a browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalResourcesTest {
    private RunningServer server;
    private PortalFleet fleet;
    private Browser admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        fleet = new PortalFleet(server);
        admin = fleet.admin;
        fleet.vault("reskeys");
        for (String set : new String[] {"resset", "otherset"}) {
            fleet.grant(
                    fleet.vaultId("reskeys"),
                    PortalFleet.ENCRYPTION_USER,
                    fleet.set(set, fleet.key("reskeys", "of-" + set)));
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("location").orElse("");
    }

    private static Map<String, String> confirmed(String page, String typed) {
        return Map.of("name", typed, "shown", page.replaceFirst("(?s).*name=\"shown\" value=\"([^\"]*)\".*", "$1"));
    }

    private static String disk(String name) {
        return "/portal/disks/fleet/" + name;
    }

    /** A disk alone, by the form. */
    private String made(String name, String set) throws Exception {
        admin.get("/portal/create/disk");
        String page = location(admin.post(
                "/portal/create/disk",
                Map.of(
                        "group",
                        "fleet",
                        "name",
                        name,
                        "location",
                        "local",
                        "size",
                        "4",
                        "image",
                        "",
                        "set",
                        set.isEmpty() ? "" : fleet.setId(set))));
        PortalFleet.until("Unattached", () -> admin.get(page).body());
        return page;
    }

    @Test
    void diskAlone_isMadeUnderItsSet_attached_detached_andDeletedByItsName() throws Exception {
        fleet.vm("res-a", "resset");
        String page = made("alone", "resset");
        assertThat(page).isEqualTo(disk("alone"));
        assertThat(admin.get("/portal/disks?free=1").body())
                .contains(">alone</strong>")
                .doesNotContain(">res-a-os</strong>");
        assertThat(admin.get(page).body())
                .contains("of-resset", "none has it", "4 GiB", "Attach it", "fleet/res-a")
                .doesNotContain("Detach it");

        HttpResponse<String> nowhere = admin.post(page + "/attach", Map.of("vm", "res-a"));
        assertThat(nowhere.statusCode()).isEqualTo(400);
        assertThat(nowhere.body()).contains("Its resource group and name: group/name.", "value=\"res-a\"");
        assertThat(location(admin.post(page + "/attach", Map.of("vm", "fleet/res-a"))))
                .isEqualTo(page);
        PortalFleet.until("Detach it from res-a", () -> admin.get(page).body());
        assertThat(admin.get("/portal/vms/fleet/res-a").body()).contains("href=\"" + page + "\"");
        String held = admin.get(page + "/delete").body();
        assertThat(held)
                .contains("It is attached to the VM res-a. Detach it first, or delete the VM.")
                .doesNotContain("class=\"danger\"");
        HttpResponse<String> refused = admin.post(
                page + "/delete",
                Map.of(
                        "name",
                        "alone",
                        "shown",
                        server.arm(
                                        "GET",
                                        fleet.group()
                                                + "/providers/Microsoft.Compute/disks/alone?api-version=2024-03-02",
                                        "")
                                .headers()
                                .firstValue("etag")
                                .orElseThrow()
                                .replace("\"", "")));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("is attached to VM 'res-a' and cannot be deleted");

        PortalFleet.until(
                "Succeeded",
                () -> server.arm("GET", fleet.vmId("res-a") + "?api-version=2024-07-01", "")
                        .body());
        assertThat(location(admin.post(page + "/detach", Map.of()))).isEqualTo(page);
        PortalFleet.until("none has it", () -> admin.get(page).body());
        String told = admin.get(page + "/delete").body();
        assertThat(told).contains("can never be read again", "az disk delete --resource-group fleet --name alone");
        assertThat(admin.post(page + "/delete", confirmed(told, "alon")).statusCode())
                .isEqualTo(400);
        assertThat(location(admin.post(page + "/delete", confirmed(told, "alone"))))
                .isEqualTo("/portal/operations");
        PortalFleet.until("Not there", () -> admin.get(page).body());
    }

    @Test
    void diskUnderAnotherSet_isNotAttached_andTheRefusalIsThatOfTheApi() throws Exception {
        fleet.vm("res-b", "resset");
        String page = made("foreign", "otherset");
        HttpResponse<String> refused = admin.post(page + "/attach", Map.of("vm", "fleet/res-b"));
        assertThat(refused.statusCode()).isBetween(400, 409);
        assertThat(refused.body()).contains("role=\"alert\"", "foreign");
        assertThat(admin.get(page).body()).contains("none has it");
    }

    @Test
    void formOfADisk_saysWhatTheApiSays() throws Exception {
        admin.get("/portal/create/disk");
        Map<String, String> fields = new HashMap<>(
                Map.of("group", "fleet", "name", "_bad", "location", "local", "size", "99999", "image", "", "set", ""));
        HttpResponse<String> wrong = admin.post("/portal/create/disk", fields);
        assertThat(wrong.statusCode()).isEqualTo(400);
        String api = server.arm(
                        "PUT",
                        fleet.group() + "/providers/Microsoft.Compute/disks/fine?api-version=2024-03-02",
                        "{\"location\":\"local\",\"properties\":{\"creationData\":{\"createOption\":\"Empty\"},"
                                + "\"diskSizeGB\":99999}}")
                .body();
        String rule = "must be between 1 and 32767, not 99999.";
        assertThat(api).contains(rule);
        assertThat(wrong.body()).contains(rule, "A name must be");
        fields.put("name", "fine");
        fields.put("size", "");
        assertThat(admin.post("/portal/create/disk/check", fields).body())
                .doesNotContain("There is no operation")
                .contains("is required.");
    }

    @Test
    void vm_isDeletedAfterItWasToldWhatGoesWithItAndWhatStays() throws Exception {
        fleet.vm("res-c", "resset");
        String page = "/portal/vms/fleet/res-c";
        assertThat(admin.get(page).body()).contains(page + "/delete");
        String told = admin.get(page + "/delete").body();
        assertThat(told)
                .contains("It is not stopped. It is switched off at once", "Guest state", "virtual TPM")
                .contains("res-c-data</a>", "stays as a disk that no VM has");
        fleet.stop("res-c");
        HttpResponse<String> late = admin.post(page + "/delete", confirmed(told, "res-c"));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body())
                .contains("it is not as it was when this page was shown")
                .doesNotContain("It is not stopped");
        assertThat(location(admin.post(page + "/delete", confirmed(late.body(), "res-c"))))
                .isEqualTo("/portal/operations");
        PortalFleet.until("Not there", () -> admin.get(page).body());
        assertThat(admin.get(disk("res-c-data")).body()).contains("none has it");
    }

    @Test
    void set_isDeletedWhenNothingIsUnderIt() throws Exception {
        fleet.grant(
                fleet.vaultId("reskeys"), PortalFleet.ENCRYPTION_USER, fleet.set("goset", fleet.key("reskeys", "go")));
        fleet.vm("res-d", "goset");
        String page = "/portal/sets/fleet/goset";
        assertThat(admin.get(page + "/delete").body())
                .contains("3 artifacts are under it. Delete the VMs and disks that have them first.", "res-d-os</a>")
                .doesNotContain("class=\"danger\"");
        fleet.set("idleset", fleet.key("reskeys", "idle"));
        String idle = "/portal/sets/fleet/idleset";
        assertThat(admin.get(idle).body()).contains(idle + "/delete");
        String told = admin.get(idle + "/delete").body();
        assertThat(told).contains("Its own identity is deleted with it", "Its key stays where it is");
        assertThat(location(admin.post(idle + "/delete", confirmed(told, "idleset"))))
                .isEqualTo("/portal/sets");
        assertThat(admin.get(idle).statusCode()).isEqualTo(404);
    }

    @Test
    void group_isDeletedWithWhatWasTold_andNothingThatCameLater() throws Exception {
        String id = server.subscription() + "/resourceGroups/leaving";
        fleet.arm("PUT", id, "2022-09-01", "{\"location\":\"local\"}");
        fleet.arm("PUT", id + "/providers/Microsoft.KeyVault/vaults/leavingvault", "2023-07-01", """
                {"location":"local","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                 "enableRbacAuthorization":true,"enablePurgeProtection":true}}""".formatted(
                        server.env("KEYTURN_TENANT_ID")));
        String page = "/portal/resource-groups/leaving";
        assertThat(admin.get("/portal/resource-groups").body()).contains(page, "Create");
        assertThat(admin.get(page).body())
                .contains("/portal/vaults/leavingvault", "key vault", page + "/delete", ">Ready</span>")
                .doesNotContain("Succeeded");
        String told = admin.get(page + "/delete").body();
        assertThat(told).contains("leavingvault, key vault", "can be recovered for 90 days");
        String disk = id + "/providers/Microsoft.Compute/disks/late";
        fleet.arm(
                "PUT",
                disk,
                "2024-03-02",
                "{\"location\":\"local\",\"properties\":{\"creationData\":{\"createOption\":\"Empty\"},\"diskSizeGB\":1}}");
        HttpResponse<String> late = admin.post(page + "/delete", confirmed(told, "leaving"));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("late, disk", "is deleted for ever");
        assertThat(location(admin.post(page + "/delete", confirmed(late.body(), "leaving"))))
                .isEqualTo("/portal/operations");
        PortalFleet.until("Not there", () -> admin.get(page).body());
        assertThat(admin.get("/portal/vaults").body()).contains("leavingvault");
    }

    @Test
    void vaultThatSetsElsewhereNeed_isToldToStay() throws Exception {
        String id = server.subscription() + "/resourceGroups/outside";
        fleet.arm("PUT", id, "2022-09-01", "{\"location\":\"local\"}");
        String vault = id + "/providers/Microsoft.KeyVault/vaults/outsidevault";
        fleet.arm("PUT", vault, "2023-07-01", """
                {"location":"local","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                 "enableRbacAuthorization":true,"enablePurgeProtection":true}}""".formatted(server.env("KEYTURN_TENANT_ID")));
        String url = RunningServer.json(fleet.arm("PUT", vault + "/keys/far", "2023-07-01", fleet.keyBody()))
                .get("properties")
                .get("keyUriWithVersion")
                .stringValue();
        fleet.grant(vault, PortalFleet.ENCRYPTION_USER, fleet.set("farset", url));
        fleet.vm("res-e", "farset");
        assertThat(admin.get("/portal/resource-groups/outside/delete").body())
                .contains("it has keys that farset in fleet needs");
        Browser blind = fleet.person("res-blind");
        fleet.grant(id, PortalFleet.CONTRIBUTOR, PortalFleet.objectId(blind));
        assertThat(blind.get("/portal/resource-groups/outside/delete").body())
                .contains("unless a set elsewhere needs a key of it, which you may not see");
    }

    @Test
    void groupWithASlash_isRefused_andNotTakenForAllGroups() throws Exception {
        fleet.vm("res-g", "resset");
        assertThat(admin.get("/portal/disks").body()).contains(">res-g-os</strong>");
        for (String list : new String[] {"/portal/disks", "/portal/vaults", "/portal/hsms"}) {
            assertThat(admin.get(list + "?group=fleet%2Fx").body())
                    .as(list)
                    .contains("a name has no slash in it")
                    .doesNotContain(">res-g-os</strong>", ">reskeys</strong>");
        }
    }

    @Test
    void whoMayOnlyRead_isOfferedNoEnd_andRefused() throws Exception {
        fleet.vm("res-f", "resset");
        Browser reader = fleet.person("res-reader");
        fleet.grant(fleet.group(), "acdd72a7-3385-48ef-bd42-f606fba81ae7", PortalFleet.objectId(reader)); // Reader
        for (String page : new String[] {
            "/portal/vms/fleet/res-f", "/portal/sets/fleet/resset", disk("res-f-data"), "/portal/resource-groups/fleet"
        }) {
            assertThat(reader.get(page).body()).as(page).doesNotContain("Delete...", "Detach it");
            assertThat(reader.get(page + "/delete").statusCode()).as(page).isEqualTo(403);
        }
        reader.get("/portal/me");
        assertThat(reader.post(disk("res-f-data") + "/detach", Map.of()).statusCode())
                .isEqualTo(403);
        assertThat(admin.get(disk("res-f-data")).body()).contains("Detach it from res-f");
    }
}
