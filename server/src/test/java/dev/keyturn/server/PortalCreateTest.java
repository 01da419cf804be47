package dev.keyturn.server;

import static dev.keyturn.server.PortalFleet.until;
import static dev.keyturn.server.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a fleet consists of is made by forms, with the rules and the words of the API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalCreateTest {
    private static final String VERSION = "?api-version=2024-07-01";

    private RunningServer server;
    private PortalFleet fleet;
    private Browser admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        fleet = new PortalFleet(server);
        admin = fleet.admin;
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("location").orElse("");
    }

    /** What a form has in its fields, as a browser would send it. */
    private static Map<String, String> filled(String body) {
        Map<String, String> fields = new HashMap<>();
        Matcher inputs = Pattern.compile("<input id=\"in-[a-z]+\" name=\"([a-z]+)\" value=\"([^\"]*)\"")
                .matcher(body);
        while (inputs.find()) {
            fields.put(inputs.group(1), plain(inputs.group(2)));
        }
        Matcher ticks = Pattern.compile("type=\"checkbox\" name=\"([a-z]+)\" value=\"on\"( checked)?")
                .matcher(body);
        while (ticks.find()) {
            if (ticks.group(2) != null) {
                fields.put(ticks.group(1), "on");
            }
        }
        Matcher selects = Pattern.compile("(?s)<select id=\"in-[a-z]+\" name=\"([a-z]+)\".*?</select>")
                .matcher(body);
        while (selects.find()) {
            Matcher chosen = Pattern.compile("value=\"([^\"]*)\" selected").matcher(selects.group());
            Matcher first = Pattern.compile("value=\"([^\"]*)\"").matcher(selects.group());
            fields.put(selects.group(1), plain(chosen.find() ? chosen.group(1) : first.find() ? first.group(1) : ""));
        }
        return fields;
    }

    private static String plain(String html) {
        return html.replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    /** What is said beside a field. */
    private static String beside(String body, String field) {
        Matcher found = Pattern.compile("(?s)<div id=\"wrong-" + field + "\"[^>]*>(.*?)</div>")
                .matcher(body);
        assertThat(found.find()).as(field + " in " + body).isTrue();
        return found.group(1);
    }

    private Map<String, String> form(String address, Map<String, String> typed) throws Exception {
        HttpResponse<String> form = admin.get(address);
        assertThat(form.statusCode()).as(form.body()).isEqualTo(200);
        Map<String, String> fields = filled(form.body());
        fields.putAll(typed);
        return fields;
    }

    private static String path(String address) {
        return address.replaceFirst("\\?.*", "");
    }

    @Test
    void fleet_isMadeByFormsAlone_fromTheGroupToAVmThatRuns() throws Exception {
        String vaultForm = "/portal/create/vault";
        assertThat(admin.get(vaultForm).body()).contains("Make a new resource group");
        String back = location(admin.post(
                "/portal/create/group",
                form("/portal/create/group", Map.of("name", "byforms", "location", "local", "then", vaultForm))));
        assertThat(back).isEqualTo(vaultForm + "?group=byforms");

        String vault = location(admin.post(vaultForm, form(back, Map.of("name", "formvault"))));
        assertThat(vault).isEqualTo("/portal/vaults/formvault?done=made");
        assertThat(admin.get(vault).body())
                .contains("There is no key in it yet", "Give yourself Key Vault Crypto Officer", "byforms")
                .doesNotContain("Purge protection is off");
        location(admin.post("/portal/vaults/formvault/take-role", Map.of()));
        assertThat(admin.get("/portal/vaults/formvault").body())
                .contains("/portal/vaults/formvault/new-key")
                .doesNotContain("Give yourself");

        String keyForm = "/portal/vaults/formvault/new-key";
        String key = location(admin.post(keyForm, form(keyForm, Map.of("name", "formkey"))));
        assertThat(key).isEqualTo("/portal/vaults/formvault/keys/formkey?done=made");
        Matcher newSet = Pattern.compile("href=\"(/portal/create/set[^\"]*)\"")
                .matcher(admin.get(key).body());
        assertThat(newSet.find()).isTrue();

        String setForm = plain(newSet.group(1));
        Map<String, String> set = form(setForm, Map.of("name", "formset"));
        assertThat(set).containsEntry("group", "byforms").containsKey("key");
        String next = location(admin.post(path(setForm), set));
        assertThat(next).isEqualTo("/portal/sets/byforms/formset/next");
        assertThat(admin.get(next).body())
                .contains("It lacks Key Vault Crypto Service Encryption User", "Give it Key Vault");
        assertThat(location(admin.post(
                        "/portal/sets/byforms/formset/key/give-access",
                        Map.of("key", set.getOrDefault("key", ""), "then", next))))
                .isEqualTo(next);
        String ready = admin.get(next).body();
        assertThat(ready).contains("It may use it: VMs can be made under the set.");
        Matcher newVm = Pattern.compile("href=\"(/portal/create/vm[^\"]*)\"").matcher(ready);
        assertThat(newVm.find()).isTrue();

        String vmForm = plain(newVm.group(1));
        Map<String, String> vm = form(vmForm, Map.of("name", "formvm", "datagb", "4"));
        assertThat(vm.get("set")).endsWith("/diskEncryptionSets/formset");
        assertThat(location(admin.post(path(vmForm), vm))).isEqualTo("/portal/vms/byforms/formvm");
        assertThat(until(
                        "Running", () -> admin.get("/portal/vms/byforms/formvm").body()))
                .contains("formset", "formkey");
        until(
                "Succeeded",
                () -> server.arm(
                                "GET",
                                server.subscription()
                                        + "/resourceGroups/byforms/providers/Microsoft.Compute/virtualMachines/formvm"
                                        + VERSION,
                                "")
                        .body());

        // a second data disk, made while it runs
        String diskForm = "/portal/vms/byforms/formvm/new-disk";
        assertThat(admin.get(diskForm).body()).contains("<a href=\"/portal/vms/byforms/formvm\">formvm</a></nav>");
        assertThat(admin.get("/portal/vms/byforms/formvm").body()).contains(diskForm);
        HttpResponse<String> wrong = admin.post(diskForm, form(diskForm, Map.of("disk", "a disk", "size", "many")));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(beside(wrong.body(), "size")).contains("diskSizeGB");
        location(admin.post(diskForm, form(diskForm, Map.of("disk", "formdisk2", "size", "2"))));
        assertThat(until(
                        "formdisk2",
                        () -> admin.get("/portal/vms/byforms/formvm").body()))
                .contains("data disk, lun 1");
    }

    @Test
    void wrongFields_areToldEachBesideItsField_allAtOnce_withWhatWasTyped_andNothingIsMade() throws Exception {
        Map<String, String> typed = form(
                "/portal/create/vault",
                Map.of("group", "fleet", "name", "-no", "location", "no region!", "sku", "gold", "days", "3"));
        HttpResponse<String> wrong = admin.post("/portal/create/vault", typed);
        assertThat(wrong.statusCode()).isEqualTo(400);
        String body = wrong.body();
        assertThat(body).contains("Nothing was done.", "4 things are wrong.", "value=\"-no\"", "value=\"no region!\"");
        assertThat(beside(body, "name")).contains("3 to 24 letters");
        assertThat(beside(body, "location")).contains("'location' must be the name of a region");
        assertThat(beside(body, "sku")).contains("must be standard or premium, not 'gold'");
        assertThat(beside(body, "days")).contains("must be between 7 and 90, not 3");

        Map<String, String> vm = form(
                "/portal/create/vm",
                Map.of("group", "fleet", "name", "x/y", "size", "Standard_D2s_v5", "image", "ubuntu", "osgb", "big"));
        String refused = admin.post("/portal/create/vm", vm).body();
        assertThat(beside(refused, "name")).contains("no slash");
        assertThat(beside(refused, "image")).contains("PUBLISHER:OFFER:SKU:VERSION");
        assertThat(beside(refused, "osgb")).contains("diskSizeGB");
        vm.putAll(Map.of("name", "okay", "image", "a:b:c:latest", "osgb", ""));
        assertThat(beside(admin.post("/portal/create/vm", vm).body(), "size")).contains("no size of confidential VMs");
        vm.put("group", "");
        assertThat(beside(admin.post("/portal/create/vm", vm).body(), "group")).contains("Choose the resource group");
        vm.put("group", "nosuch");
        HttpResponse<String> nowhere = admin.post("/portal/create/vm", vm);
        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(beside(nowhere.body(), "group")).contains("could not be found");

        String keys = server.arm("GET", fleet.group() + "/resources?api-version=2021-04-01", "")
                .body();
        assertThat(keys).doesNotContain("-no", "okay");
    }

    /** A key that can never do for a set, and a key of a set that cannot be used. */
    @Test
    void keyOfASet_isJudgedAsByTheApi_besideItsField() throws Exception {
        fleet.vault("judgevault");
        location(admin.post(
                "/portal/vaults/judgevault/new-key",
                form(
                        "/portal/vaults/judgevault/new-key",
                        Map.of("name", "soft", "kind", "RSA/2048", "use", "wrap", "exportable", "", "policy", ""))));
        String url = json(server.arm("GET", fleet.vaultId("judgevault") + "/keys/soft?api-version=2023-07-01", ""))
                .get("properties")
                .get("keyUriWithVersion")
                .stringValue();
        Map<String, String> set = form("/portal/create/set", Map.of("group", "fleet", "name", "judged", "key", url));
        assertThat(beside(admin.post("/portal/create/set", set).body(), "key")).contains(url);
        set.put("key", "https://nowhere/");
        assertThat(beside(admin.post("/portal/create/set", set).body(), "key"))
                .contains("must be a key with its version");
        set.put("identity", "UserAssigned");
        String body = admin.post("/portal/create/set", set).body();
        assertThat(beside(body, "assigned")).contains("must name an identity");
        assertThat(server.arm("GET", fleet.setId("judged") + VERSION, "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void check_tellsWhatIsWrong_ofWhatWasTypedSoFar_andLeavesNothingBehind() throws Exception {
        Map<String, String> typed =
                form("/portal/create/vault", Map.of("group", "fleet", "name", "checkvault", "days", "3"));
        long records = records();
        String wrong = admin.post("/portal/create/vault/check", typed).body();
        assertThat(beside(wrong, "days")).contains("must be between 7 and 90");
        assertThat(beside(wrong, "name")).isEmpty();
        assertThat(wrong).contains("hx-swap-oob=\"true\"").doesNotContain("<html");
        typed.put("days", "30");
        assertThat(admin.post("/portal/create/vault/check", typed).body()).doesNotContain("<p>");
        typed.put("name", "");
        assertThat(beside(admin.post("/portal/create/vault/check", typed).body(), "name"))
                .as("nothing is said of a field in which nothing was typed")
                .isEmpty();
        assertThat(records()).as("no act, and no failure").isEqualTo(records);
        assertThat(server.arm("GET", fleet.vaultId("checkvault") + "?api-version=2023-07-01", "")
                        .statusCode())
                .isEqualTo(404);

        fleet.vault("checkkeys");
        admin.get("/portal/vaults/checkkeys");
        admin.post("/portal/vaults/checkkeys/take-role", Map.of());
        Map<String, String> key = form("/portal/vaults/checkkeys/new-key", Map.of("name", "a b", "policy", "{"));
        String bad = admin.post("/portal/vaults/checkkeys/new-key/check", key).body();
        assertThat(beside(bad, "policy")).isNotEmpty();
        key.put("policy", "");
        String worse = admin.post("/portal/vaults/checkkeys/new-key/check", key).body();
        assertThat(beside(worse, "name")).contains("letters, digits and dashes");
        assertThat(beside(worse, "policy")).contains("must have release policy");
        assertThat(admin.get("/portal/vaults/checkkeys").body()).contains("There is no key in it yet");
    }

    private long records() throws Exception {
        return json(server.arm("GET", "/keyturn/audit?api-version=2024-07-01&$top=1", ""))
                .get("value")
                .get(0)
                .get("sequence")
                .longValue();
    }

    @Test
    void nameThatIsTaken_isTold_andWhatHasItStaysAsItIs() throws Exception {
        fleet.vault("takenvault");
        Map<String, String> typed = form("/portal/create/vault", Map.of("group", "fleet", "name", "takenvault"));
        assertThat(beside(admin.post("/portal/create/vault", typed).body(), "name"))
                .contains("is in use on this server");
        String key = fleet.key("takenvault", "taken");
        admin.get("/portal/vaults/takenvault");
        Map<String, String> again = form("/portal/vaults/takenvault/new-key", Map.of("name", "TAKEN"));
        assertThat(beside(admin.post("/portal/vaults/takenvault/new-key", again).body(), "name"))
                .contains("There is a key");
        fleet.set("takenset", key);
        Map<String, String> set = form("/portal/create/set", Map.of("group", "fleet", "name", "takenset", "key", key));
        HttpResponse<String> refused = admin.post("/portal/create/set", set);
        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(beside(refused.body(), "name")).contains("There is one of this name in the group already.");
    }

    /** R8. */
    @Test
    void managedHsm_isMadeWithItsMakerAsAdministrator_whoThenMakesAKey() throws Exception {
        Map<String, String> typed = form("/portal/create/hsm", Map.of("group", "fleet", "name", "formhsm"));
        assertThat(typed).containsEntry("administrators", PortalFleet.objectId(admin));
        admin.get("/portal/create/hsm");
        String made = location(admin.post("/portal/create/hsm", typed));
        assertThat(admin.get(made).body())
                .contains("Give yourself Managed HSM Crypto User", "You may not list its keys");
        location(admin.post("/portal/hsms/formhsm/take-role", Map.of()));
        location(admin.post(
                "/portal/hsms/formhsm/new-key", form("/portal/hsms/formhsm/new-key", Map.of("name", "inhsm"))));
        assertThat(admin.get("/portal/hsms/formhsm/keys/inhsm").body()).contains("RSA-HSM 3072", "exportable");
    }

    /** A link can be anybody's. */
    @Test
    void address_saysWhereSomethingGoes_andWhichKey_andNeverWhoMayDoWhat() throws Exception {
        String stranger = "00000000-1111-2222-3333-444444444444";
        assertThat(form("/portal/create/hsm?group=fleet&name=theirs&days=7&administrators=" + stranger, Map.of()))
                .containsEntry("group", "fleet")
                .containsEntry("name", "")
                .containsEntry("days", "90")
                .containsEntry("administrators", PortalFleet.objectId(admin));
        assertThat(form("/portal/create/vault?rights=policies&purge=&sku=standard", Map.of()))
                .containsEntry("rights", "roles")
                .containsEntry("purge", "on")
                .containsEntry("sku", "premium");
        fleet.vault("linkvault");
        assertThat(form("/portal/vaults/linkvault/new-key?policy=%7B%7D&exportable=&kind=RSA/2048", Map.of()))
                .containsEntry("exportable", "on")
                .containsEntry("kind", "RSA-HSM/3072")
                .doesNotContainEntry("policy", "{}");
        String url = fleet.key("linkvault", "linked");
        String linked = admin.get("/portal/create/set?assigned=/x&key=" + url).body();
        assertThat(filled(linked)).containsEntry("key", url).containsEntry("assigned", "");
        assertThat(linked).contains("The link that you followed filled this in: the key linked in linkvault, version ");
    }

    /** What a VM would be refused for is told before one is made. */
    @Test
    void stepAfterASet_saysThatItsKeyCannotBeUsed() throws Exception {
        fleet.vault("nextvault");
        String url = fleet.key("nextvault", "next");
        String identity = fleet.set("nextset", url);
        fleet.grant(fleet.vaultId("nextvault"), PortalFleet.ENCRYPTION_USER, identity);
        fleet.grant(fleet.vaultId("nextvault"), PortalFleet.CRYPTO_OFFICER, PortalFleet.objectId(admin));
        String next = "/portal/sets/fleet/nextset/next";
        assertThat(admin.get(next).body()).contains("It may use it: VMs can be made under the set.");
        String key = "/portal/vaults/nextvault/keys/next";
        String disable = key + "/versions/" + url.substring(url.lastIndexOf('/') + 1) + "/disable";
        String shown = admin.get(disable).body().replaceFirst("(?s).*name=\"shown\" value=\"([0-9.]+)\".*", "$1");
        String label = url.substring(url.lastIndexOf('/') + 1).substring(0, 4);
        location(admin.post(disable, Map.of("name", label, "shown", shown)));
        assertThat(admin.get(next).body())
                .contains("is disabled. No VM can be made under the set")
                .doesNotContain("It may use it:", "It may not use it yet");
        location(admin.post(key + "/versions/" + url.substring(url.lastIndexOf('/') + 1) + "/enable", Map.of()));
        location(admin.post(key + "/delete", Map.of("name", "next", "shown", "1.1.0.0.0.0")));
        assertThat(admin.get(next).body())
                .contains("does not exist on this server, or is deleted")
                .doesNotContain("It may use it:", "It may not use it yet");
    }

    @Test
    void whoMayNot_isOfferedNothing_andRefused_beforeWhatWasTypedIsLookedAt() throws Exception {
        fleet.vault("lockedvault");
        fleet.set("lockedset", fleet.key("lockedvault", "k"));
        Browser reader = fleet.person("form-reader");
        fleet.grant(server.subscription(), PortalFleet.READER, PortalFleet.objectId(reader));
        for (String page : List.of(
                "/portal/vaults", "/portal/hsms", "/portal/sets", "/portal/vms", "/portal/vaults/lockedvault")) {
            assertThat(reader.get(page).body()).as(page).doesNotContain("/portal/create/", "new-key", "Give yourself");
        }
        for (String form : List.of(
                "/portal/create/group",
                "/portal/create/vault",
                "/portal/create/hsm",
                "/portal/create/set",
                "/portal/create/vm",
                "/portal/vaults/lockedvault/new-key")) {
            for (String post : List.of(form, form + "/check")) {
                reader.get("/portal/me");
                Map<String, String> fields = Map.of("group", "fleet", "name", "mine", "location", "local");
                assertThat(reader.post(post, fields).statusCode()).as(post).isEqualTo(403);
            }
        }
        reader.get("/portal/me");
        assertThat(reader.post("/portal/vaults/lockedvault/take-role", Map.of()).statusCode())
                .isEqualTo(403);
        // a Contributor of one group makes sets there, and none elsewhere
        Browser maker = fleet.person("form-maker");
        fleet.grant(fleet.group(), PortalFleet.CONTRIBUTOR, PortalFleet.objectId(maker));
        maker.get("/portal/create/vault");
        Map<String, String> own = new HashMap<>(Map.of("group", "fleet", "name", "ownvault", "location", "local"));
        own.putAll(Map.of("sku", "premium", "rights", "roles", "days", "7", "purge", "on"));
        location(maker.post("/portal/create/vault", own));
        own.put("group", "elsewhere");
        assertThat(maker.post("/portal/create/vault", own).statusCode()).isEqualTo(403);
        // who writes a vault makes its first key as a resource, and may not use it
        HttpResponse<String> keyForm = maker.get("/portal/vaults/ownvault/new-key");
        assertThat(keyForm.statusCode()).isEqualTo(200);
        Map<String, String> key = filled(keyForm.body());
        key.put("name", "resourcekey");
        location(maker.post("/portal/vaults/ownvault/new-key", key));
        assertThat(maker.get("/portal/vaults/ownvault/keys/resourcekey").body())
                .contains("RSA-HSM 3072")
                .doesNotContain("Make a new version");
    }

    @Test
    void whatIsMarkup_comesBackAsText() throws Exception {
        String markup = "\"><script>alert(1)</script>";
        for (String form : List.of("/portal/create/vault", "/portal/create/set", "/portal/create/vm")) {
            Map<String, String> typed = form(form, Map.of("group", "fleet"));
            typed.replaceAll((name, value) -> name.equals("group") ? value : markup);
            String body = admin.post(form, typed).body();
            assertThat(body).as(form).doesNotContain("<script>alert");
            assertThat(admin.post(form + "/check", typed).body()).doesNotContain("<script>alert");
        }
        assertThat(admin.get("/portal/create/group?then=https://elsewhere/%22%3E%3Cscript%3Ealert(1)")
                        .body())
                .doesNotContain("<script>alert");
        Map<String, String> group =
                Map.of("name", "leadsnowhere", "location", "local", "then", "https://elsewhere.example/");
        assertThat(location(admin.post("/portal/create/group", group))).startsWith("/portal?group=");
    }
}
