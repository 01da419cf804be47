package dev.keyturn.server;

import static dev.keyturn.server.RunningServer.json;
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

/** The access policies of a vault in a browser: seen, given, changed, taken away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalPoliciesTest {
    private RunningServer server;
    private PortalFleet fleet;
    private Browser admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        fleet = new PortalFleet(server);
        admin = fleet.admin;
        vault("polvault");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void vault(String name) throws Exception {
        fleet.arm("PUT", fleet.vaultId(name), "2023-07-01", """
                {"location":"local","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                 "accessPolicies":[],"enableRbacAuthorization":false,"enablePurgeProtection":true}}""".formatted(server.env("KEYTURN_TENANT_ID")));
    }

    private String stored(String vault) throws Exception {
        return json(server.arm("GET", fleet.vaultId(vault) + "?api-version=2023-07-01", ""))
                .get("properties")
                .get("accessPolicies")
                .toString();
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("location").orElse("");
    }

    private static Map<String, String> ticked(Map<String, String> fields, String... words) {
        Map<String, String> all = new HashMap<>(fields);
        for (String word : words) {
            all.put("key-" + word, "on");
        }
        return all;
    }

    /** What the form of one holder brings back, as the page has it now. */
    private Map<String, String> holder(String page, String id) throws Exception {
        String was = admin.get(page)
                .body()
                .replaceFirst(
                        "(?s).*name=\"of\" value=\"" + id
                                + "\">\\s*<input type=\"hidden\" name=\"was\" value=\"([^\"]*)\".*",
                        "$1");
        return Map.of("of", id, "was", was);
    }

    private static String shown(String page) {
        return page.replaceFirst("(?s).*name=\"shown\" value=\"([^\"]*)\".*", "$1");
    }

    @Test
    void policy_isGivenByName_changedWithWhatElseItHas_andTakenAway() throws Exception {
        Browser keeper = fleet.person("keeper");
        String id = PortalFleet.objectId(keeper);
        String page = "/portal/vaults/polvault/policies";
        assertThat(admin.get("/portal/vaults/polvault").body()).contains("href=\"" + page + "\"");
        assertThat(admin.get(page).body()).contains("There is none yet.", "getrotationpolicy", "OBJECT-ID");

        HttpResponse<String> nothing = admin.post(page, Map.of("who", "keeper"));
        assertThat(nothing.statusCode()).isEqualTo(400);
        assertThat(nothing.body()).contains("Choose at least one key permission", "value=\"keeper\"");
        HttpResponse<String> unknown = admin.post(page, ticked(Map.of("who", "nobody-there"), "get"));
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("There is no person, group or program 'nobody-there' here.");
        assertThat(location(admin.post(page, ticked(Map.of("who", "keeper"), "get", "list"))))
                .isEqualTo(page);
        assertThat(stored("polvault")).contains(id, "\"get\",\"list\"");
        assertThat(admin.get(page).body()).contains("keeper (keeper)", "get, list");
        assertThat(keeper.get("/portal/vaults/polvault").body()).contains("There is no key in it yet");

        // a secret permission that a client gave stays through a change of keys
        fleet.arm("PUT", fleet.vaultId("polvault") + "/accessPolicies/add", "2023-07-01", """
                {"properties":{"accessPolicies":[{"tenantId":"%s","objectId":"%s","permissions":{"secrets":["get"]}}]}}""".formatted(
                        server.env("KEYTURN_TENANT_ID"), id));
        location(admin.post(page, ticked(holder(page, id), "list", "create", "get")));
        assertThat(stored("polvault")).contains("\"get\",\"list\",\"create\"", "\"secrets\":[\"get\"]");
        assertThat(admin.get(page).body()).contains("secrets: get (no effect here)");

        String told = admin.get(page + "/" + id + "/take").body();
        assertThat(told)
                .contains("Take the access policy of keeper", "get, list, create", "Type <code>polvault</code>");
        assertThat(told).contains("accessPolicies/remove");
        String shown = shown(told);
        Map<String, String> before = holder(page, id);
        location(admin.post(page, ticked(before, "get")));
        HttpResponse<String> late = admin.post(page, ticked(before, "list"));
        assertThat(late.statusCode()).as("it was changed since").isEqualTo(409);
        assertThat(late.body()).contains("it was changed by somebody else");
        assertThat(stored("polvault")).contains("\"keys\":[\"get\"]");
        assertThat(admin.post(page + "/" + id + "/take", Map.of("name", "polvault", "shown", shown))
                        .statusCode())
                .as("it was changed since")
                .isEqualTo(409);
        String again = admin.get(page + "/" + id + "/take").body();
        location(admin.post(page + "/" + id + "/take", Map.of("name", "polvault", "shown", shown(again))));
        assertThat(stored("polvault")).isEqualTo("[]");
        assertThat(keeper.get("/portal/vaults/polvault").statusCode()).isEqualTo(403);
        assertThat(admin.get(page + "/" + id + "/take").statusCode()).isEqualTo(404);
    }

    @Test
    void policyOfASetsIdentity_saysWhichSetNeedsIt() throws Exception {
        vault("setvault");
        String url = fleet.key("setvault", "of-set");
        String identity = fleet.set("polset", url);
        String page = "/portal/vaults/setvault/policies";
        admin.get(page);
        location(admin.post(page, ticked(Map.of("who", identity), "get", "wrapKey", "unwrapKey")));
        fleet.vm("pol-a", "polset");
        assertThat(admin.get(page).body())
                .contains("Identity of polset", "/portal/sets/fleet/polset", "uses its key by this");
        assertThat(admin.get(page + "/" + identity + "/take").body())
                .contains("loses its key: its VMs do not start any more, and those that run are shut down");
    }

    @Test
    void policyOfAnAssignedIdentity_isLessenedAfterItWasToldWhichSetNeedsIt() throws Exception {
        vault("ownvault");
        String url = fleet.key("ownvault", "of-own");
        String resource = fleet.group() + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared";
        String identity = json(fleet.arm("PUT", resource, "2023-01-31", "{\"location\":\"local\"}"))
                .get("properties")
                .get("principalId")
                .stringValue();
        fleet.arm("PUT", fleet.setId("ownset"), "2023-04-02", """
                {"location":"local","identity":{"type":"UserAssigned","userAssignedIdentities":{"%s":{}}},
                 "properties":{"encryptionType":"ConfidentialVmEncryptedWithCustomerKey",
                  "activeKey":{"keyUrl":"%s"}}}""".formatted(resource, url));
        String page = "/portal/vaults/ownvault/policies";
        admin.get(page);
        location(admin.post(page, ticked(Map.of("who", identity), "get", "wrapkey", "unwrapkey")));
        assertThat(admin.get(page).body()).contains("/portal/sets/fleet/ownset", "uses its key by this");
        assertThat(admin.get(page + "/" + identity + "/take").body()).contains("ownset", "loses its key");
        location(admin.post(page, ticked(holder(page, identity), "get", "wrapkey", "unwrapkey", "list")));

        HttpResponse<String> before = admin.post(page, ticked(holder(page, identity), "get", "list"));
        assertThat(before.statusCode()).as(before.body()).isEqualTo(200);
        assertThat(before.body())
                .contains("Then it has get, list.", "ownset", "loses its key", "accessPolicies/replace")
                .contains("Type <code>ownvault</code>");
        assertThat(stored("ownvault")).contains("unwrapKey");
        String change = page + "/" + identity + "/change?keys=get%2Clist";
        assertThat(before.body()).contains("action=\"" + change + "\"");
        HttpResponse<String> unsure = admin.post(change, Map.of("name", "no", "shown", shown(before.body())));
        assertThat(unsure.statusCode()).isEqualTo(400);
        assertThat(unsure.body()).contains("accessPolicies/replace");
        assertThat(admin.post(change, Map.of("name", "ownvault", "shown", "")).statusCode())
                .isEqualTo(409);
        assertThat(location(admin.post(change, Map.of("name", "ownvault", "shown", shown(before.body())))))
                .isEqualTo(page);
        assertThat(stored("ownvault")).contains("\"keys\":[\"get\",\"list\"]").doesNotContain("unwrapKey");
    }

    @Test
    void whoMaySeeNoSets_isToldSo_andSavesNothingAtOnce() throws Exception {
        vault("blindvault");
        Browser keeper = fleet.person("blind-keeper");
        fleet.grant(fleet.vaultId("blindvault"), PortalFleet.CONTRIBUTOR, PortalFleet.objectId(keeper));
        String page = "/portal/vaults/blindvault/policies";
        admin.get(page);
        String id = PortalFleet.objectId(admin);
        location(admin.post(page, ticked(Map.of("who", id), "get", "list")));
        String blind = "You may not see what needs the keys of blindvault. Reader at the subscription allows it.";
        assertThat(admin.get(page).body()).doesNotContain(blind);
        assertThat(keeper.get(page).body()).contains(blind);
        assertThat(keeper.get(page + "/" + id + "/take").body()).contains(blind);
        HttpResponse<String> before = keeper.post(page, ticked(holder(page, id), "list"));
        assertThat(before.statusCode()).as(before.body()).isEqualTo(200);
        assertThat(before.body()).contains(blind, "Type <code>blindvault</code>");
    }

    @Test
    void whoMayOnlyRead_seesThem_andChangesNothing() throws Exception {
        Browser reader = fleet.person("pol-reader");
        fleet.grant(fleet.group(), "acdd72a7-3385-48ef-bd42-f606fba81ae7", PortalFleet.objectId(reader)); // Reader
        String page = "/portal/vaults/polvault/policies";
        assertThat(reader.get(page).statusCode()).isEqualTo(200);
        assertThat(reader.get(page).body()).doesNotContain("Give somebody a policy", "Take it away");
        reader.get("/portal/me");
        HttpResponse<String> refused = reader.post(page, ticked(Map.of("who", PortalFleet.objectId(reader)), "get"));
        assertThat(refused.statusCode()).isEqualTo(403);
    }

    @Test
    void vaultOnRoles_saysThatPoliciesHaveNoEffect() throws Exception {
        fleet.vault("rolevault");
        assertThat(admin.get("/portal/vaults/rolevault").body()).doesNotContain("/policies");
        assertThat(admin.get("/portal/vaults/rolevault/policies").body())
                .contains("rolevault is on roles: what is given here has no effect");
    }
}
