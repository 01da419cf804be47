package dev.keyturn.server;

import static dev.keyturn.server.PortalFleet.until;
import static dev.keyturn.server.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A person changes the key of a set, from a VM that still runs to the old version disabled (R3, R4, R5, R9). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalSetsTest {
    private static final String FAULT = "/keyturn/simulatedHost/faults/stuck?api-version=2024-07-01";

    private static final String SLOW = "/keyturn/simulatedHost/faults/slow?api-version=2024-07-01";

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

    private static String page(String set) {
        return "/portal/sets/" + PortalFleet.GROUP + "/" + set;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String keyOf(String location) {
        return java.net.URLDecoder.decode(location.replaceAll(".*[?&]key=([^&]*).*", "$1"), StandardCharsets.UTF_8);
    }

    private String census(String set) throws Exception {
        return server.arm("GET", fleet.setId(set) + "/census?api-version=2023-04-02", "")
                .body();
    }

    @Test
    void wholeWalk_aVmLeftRunning_oneArtifactThatFails_tryAgain_verify_disableTheOldVersion() throws Exception {
        fleet.vault("walkvault");
        String old = fleet.key("walkvault", "walk-key");
        String identity = fleet.set("walk", old);
        fleet.grant(fleet.vaultId("walkvault"), PortalFleet.ENCRYPTION_USER, identity);
        fleet.vm("walk-a", "walk");
        fleet.vm("walk-b", "walk");
        fleet.stop("walk-a");
        String key = page("walk") + "/key";

        // a new version takes a role at the vault, which the Owner of the subscription has not
        assertThat(admin.get(key).body())
                .contains("You may not make a new version of walk-key", "Key Vault Crypto Officer")
                .doesNotContain("Make a new version");
        assertThat(admin.post(key + "/new-version", Map.of()).statusCode()).isEqualTo(403);
        fleet.grant(fleet.vaultId("walkvault"), PortalFleet.CRYPTO_OFFICER, PortalFleet.objectId(admin));
        assertThat(admin.get(key).body()).contains("Make a new version");

        String chosen = location(admin.post(key + "/new-version", Map.of()));
        String made = keyOf(chosen);
        assertThat(made).contains("/keys/walk-key/").isNotEqualTo(old);

        // what runs is in the way, named, and a save is refused
        String blocked = admin.get(chosen).body();
        assertThat(blocked)
                .contains("1 VM is not stopped", "walk-b: running", "Stop this one")
                .contains("/portal/vms/fleet/walk-b")
                .contains("hx-trigger=\"load delay:2s, every 5s\"")
                .containsPattern("type=\"submit\" disabled>Save");
        assertThat(admin.get(chosen + "&round=300").body())
                .as("a page that is left open does not ask for ever")
                .contains("walk-b: running", "Look again")
                .doesNotContain("hx-trigger=\"load");
        admin.get(chosen);
        HttpResponse<String> refused = admin.post(key, Map.of("key", made));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("cannot be changed to", "nothing was changed", "walk-b");
        assertThat(census("walk")).doesNotContain(made);

        assertThat(location(admin.post(key + "/stop", Map.of("key", made)))).isEqualTo(chosen);
        assertThat(until("Nothing is in the way", () -> admin.get(chosen).body()))
                .doesNotContain("hx-trigger=\"load", "disabled>Save");

        // one artifact cannot be updated: the set is split, and the page says which, and why
        assertThat(server.arm("PUT", FAULT, "{\"kind\":\"updateRefused\",\"disk\":\"walk-a-data\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(location(admin.post(key, Map.of("key", made)))).isEqualTo(chosen);
        String label = label(made);
        String failed = until("Not finished", () -> admin.get(chosen).body());
        assertThat(failed)
                .contains("5 of 6 artifacts are under " + label)
                .contains("What kept its old key", "walk-a-data")
                .contains("Try again with " + label, "Back to " + label(old))
                .doesNotContain("Disable ");
        assertThat(admin.get(key).body()).contains("Try again with " + label);
        assertThat(admin.get(page("walk")).body()).contains("Split", "Not active", "The last change of the key failed");

        assertThat(server.arm("DELETE", FAULT, "").statusCode()).isEqualTo(204);
        assertThat(server.arm("PUT", SLOW, "{\"kind\":\"slow\",\"call\":\"refusals\",\"delayMs\":2000}")
                        .statusCode())
                .isEqualTo(201);
        location(admin.post(key, Map.of("key", made)));
        assertThat(admin.get(chosen).body())
                .contains("Changing the key", "<progress", "By kind of artifact", "data-moving=\"1\"")
                .doesNotContain("Make a new version");
        assertThat(admin.get(key).body()).contains("Count by host").doesNotContain(" on sim");
        assertThat(admin.get(key + "?hosts=1").body())
                .contains("<strong>5</strong> of 6 on ", "a disk that no VM has")
                .containsPattern("hx-get=\"" + key + "[^\"]*hosts=1\" hx-select=\"#hosts > section\"")
                .contains("hx-trigger=\"look from:body throttle:10s\"");
        assertThat(admin.get(page("walk")).body()).contains("Changing its key", "data-moving=\"1\"");
        assertThat(server.arm("DELETE", SLOW, "").statusCode()).isEqualTo(204);
        String done = until(
                "6 of 6 artifacts are under " + label, () -> admin.get(chosen).body());
        assertThat(done).contains("Verify every artifact", "Disable " + label(old), ">Ready</span>");
        assertThat(json(server.arm("GET", fleet.setId("walk") + "/census?api-version=2023-04-02", ""))
                        .get("underActiveKey")
                        .longValue())
                .isEqualTo(6);

        // walk-b ran before it was stopped from here; walk-a was stopped elsewhere
        assertThat(done)
                .contains(
                        "Start the one that ran",
                        "az vm start --resource-group fleet --name walk-b",
                        "name=\"vms\" value=\"fleet:walk-b\"");
        HttpResponse<String> began =
                admin.post("/portal/vms/act", Map.of("action", "start", "vms", "fleet:walk-b", "set", "fleet/walk"));
        assertThat(began.body()).contains("<strong>1</strong> begun", "walk-b").doesNotContain("walk-a");
        assertThat(until("1 was started since", () -> admin.get(chosen).body()))
                .contains("None of those that were stopped")
                .doesNotContain("Start the one that ran");
        until("Restart", () -> admin.get("/portal/vms/fleet/walk-b").body());
        fleet.stop("walk-b");

        String verifying = location(admin.post(page("walk") + "/verify", Map.of()));
        String proof = verifying.substring(0, verifying.indexOf('#'));
        assertThat(until("Everything opened", () -> admin.get(proof).body()))
                .contains("<strong>6 of 6 artifacts</strong>");
        // whoever comes later sees it without its address
        Browser later = fleet.person("later-sets");
        fleet.grant(fleet.setId("walk"), PortalFleet.READER, PortalFleet.objectId(later));
        assertThat(later.get(page("walk")).body())
                .contains("Everything opened", "<strong>6 of 6 artifacts</strong>", "asked for by admin")
                .doesNotContain("says nothing of the envelopes", "but not all that is there now");

        // who may not read every set is not told that nothing needs the version
        Browser narrow = fleet.person("narrow-sets");
        fleet.grant(fleet.setId("walk"), PortalFleet.CONTRIBUTOR, PortalFleet.objectId(narrow));
        fleet.grant(fleet.vaultId("walkvault"), PortalFleet.CRYPTO_OFFICER, PortalFleet.objectId(narrow));
        assertThat(narrow.get(key).body())
                .contains("you may not see whether it is the active key of another set")
                .doesNotContain("Disable ", "Nothing needs", "Nothing is under");
        HttpResponse<String> unseen = narrow.post(key + "/disable", Map.of("key", old, "label", shortOf(old)));
        assertThat(unseen.statusCode()).isEqualTo(409);

        // the label must be typed, and be the version's
        HttpResponse<String> mistyped = admin.post(key + "/disable", Map.of("key", old, "label", "zzzz"));
        assertThat(mistyped.statusCode()).isEqualTo(400);
        HttpResponse<String> needed = admin.post(key + "/disable", Map.of("key", made, "label", shortOf(made)));
        assertThat(needed.statusCode()).isEqualTo(409);
        assertThat(needed.body()).contains("artifacts are still under it");
        location(admin.post(key + "/disable", Map.of("key", old, "label", shortOf(old))));
        assertThat(admin.get(key).body()).contains("It is disabled.").doesNotContain("Disable ");
        String after = admin.get(page("walk")).body();
        assertThat(after).contains("1 of 1", "5 of 6", "Failed", "Done");

        // each change has a report: the newest is done, the one before names what kept its old key
        List<String> reports = Pattern.compile("href=\"(" + page("walk") + "/rotations/[0-9a-f-]+)\"")
                .matcher(after)
                .results()
                .map(r -> r.group(1))
                .toList();
        assertThat(admin.get(reports.get(0)).body())
                .contains("Done", old, made)
                .doesNotContain("What kept its old key");
        assertThat(admin.get(reports.get(1)).body()).contains("What kept its old key", "walk-a-data", "5 of 6");
        assertThat(admin.get(page("walk") + "/rotations/" + UUID.randomUUID()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void keyThatTheIdentityMayNotUse_isOfferedItsRole_andThenNothingIsInTheWay() throws Exception {
        fleet.vault("firstvault");
        fleet.vault("othervault");
        String first = fleet.key("firstvault", "first");
        String identity = fleet.set("moving", first);
        fleet.grant(fleet.vaultId("firstvault"), PortalFleet.ENCRYPTION_USER, identity);
        fleet.vm("moving-a", "moving");
        fleet.stop("moving-a");
        String other = fleet.key("othervault", "other");
        String key = page("moving") + "/key";

        // step by step, by selects
        String listed = admin.get(key + "?vault=vault%3Aothervault").body();
        assertThat(listed).contains("You may not list what is there.", "Key Vault Crypto Officer");
        fleet.grant(fleet.vaultId("othervault"), PortalFleet.CRYPTO_OFFICER, PortalFleet.objectId(admin));
        assertThat(admin.get(key + "?vault=vault%3Aothervault").body()).contains(">other</option>");
        String version = other.substring(other.lastIndexOf('/') + 1);
        assertThat(admin.get(key + "?vault=vault%3Aothervault&name=other").body())
                .contains("<option value=\"" + version + "\"");
        String chosen = location(admin.get(key + "?vault=vault%3Aothervault&name=other&version=" + version));
        assertThat(keyOf(chosen)).isEqualTo(other);

        assertThat(admin.get(chosen).body())
                .contains("The set's identity may not use the new key")
                .contains("Give it Key Vault Crypto Service Encryption User");
        location(admin.post(key + "/give-access", Map.of("key", other)));
        assertThat(admin.get(chosen).body()).contains("Nothing is in the way");
        location(admin.post(key, Map.of("key", other)));
        assertThat(until("3 of 3 artifacts are under", () -> admin.get(chosen).body()))
                .contains(label(first), "You may not see whether anything still needs it.");
    }

    /** R8. */
    @Test
    void keyOfAManagedHsm_isOfferedItsLocalRole_andNewVersions() throws Exception {
        fleet.vault("leftvault");
        String first = fleet.key("leftvault", "first");
        String identity = fleet.set("hsmset", first);
        fleet.grant(fleet.vaultId("leftvault"), PortalFleet.ENCRYPTION_USER, identity);
        PortalFleet.Hsm hsm = fleet.hsm("walkhsm");
        String other = hsm.key("inside");
        String key = page("hsmset") + "/key";
        String chosen = key + "?key=" + encoded(other);

        assertThat(admin.get(chosen).body())
                .contains("walkhsm (managed HSM)", "You may not list what is there.")
                .contains("Give it Managed HSM Crypto Service Encryption User");
        location(admin.post(key + "/give-access", Map.of("key", other)));
        assertThat(admin.post(key + "/give-access", Map.of("key", other)).statusCode())
                .isEqualTo(409);
        assertThat(admin.get(chosen).body()).contains("Nothing is in the way");
        location(admin.post(key, Map.of("key", other)));
        assertThat(until("0 of 0 artifacts are under", () -> admin.get(chosen).body()))
                .contains("You may not make a new version of inside", "Managed HSM Crypto User");
        hsm.grant(PortalFleet.HSM_CRYPTO_USER, PortalFleet.objectId(admin));
        admin.get(key);
        String next = keyOf(location(admin.post(key + "/new-version", Map.of())));
        assertThat(next).contains("walkhsm.managedhsm.", "/keys/inside/").isNotEqualTo(other);
    }

    /** R7, and a right to change the set that is none at its VMs. */
    @Test
    void whatCannotBeStopped_isExplained_andWhoMayNotStop_isTold() throws Exception {
        fleet.vault("mixedvault");
        String first = fleet.key("mixedvault", "first");
        String identity = fleet.set("mixed", first);
        fleet.grant(fleet.vaultId("mixedvault"), PortalFleet.ENCRYPTION_USER, identity);
        String other = fleet.key("mixedvault", "other");
        fleet.vm("mixed-a", "mixed");
        fleet.ephemeralVm("mixed-b", "mixed");
        String key = page("mixed") + "/key";
        String chosen = key + "?key=" + encoded(other);

        Browser changer = fleet.person("changer");
        fleet.grant(fleet.setId("mixed"), PortalFleet.CONTRIBUTOR, PortalFleet.objectId(changer));
        assertThat(changer.get(chosen).body())
                .contains("1 VM is not stopped", "mixed-a: running", "You may not stop it")
                .contains("1 VM cannot be rotated", "mixed-b", "ephemeral OS disk")
                .doesNotContain("Stop this one");
        HttpResponse<String> refused = changer.post(key + "/stop", Map.of("key", other));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("0 VMs are asked to stop; 1 was not", "virtualMachines/powerOff/action");
        assertThat(admin.get(chosen).body()).contains("mixed-a: running", "Stop this one");
    }

    @Test
    void whoHoldsNoRole_seesNothing_andWhoMayOnlyRead_isOfferedNothing_andChangesNothing() throws Exception {
        fleet.vault("closedvault");
        String active = fleet.key("closedvault", "closed");
        fleet.set("closed", active);
        String other = fleet.key("closedvault", "other");
        Map<String, String> fields = Map.of("key", other, "label", shortOf(other));
        List<String> forms =
                List.of("/verify", "/key", "/key/new-version", "/key/stop", "/key/give-access", "/key/disable");

        Browser nobody = fleet.person("nobody");
        assertThat(nobody.get("/portal/sets").body())
                .contains("You may not list the sets")
                .doesNotContain("closedvault");
        for (String path : List.of("", "/key", "/key?key=" + encoded(other))) {
            HttpResponse<String> answer = nobody.get(page("closed") + path);
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
            assertThat(answer.body()).contains("does not have authorization").doesNotContain("closedvault");
        }
        Browser reader = fleet.person("reader");
        fleet.grant(server.subscription(), PortalFleet.READER, PortalFleet.objectId(reader));
        assertThat(reader.get("/portal/sets").body()).contains(">closed<");
        assertThat(reader.get(page("closed")).body())
                .contains("closedvault")
                .doesNotContain("Change key", "Verify every artifact");
        assertThat(reader.get(page("closed") + "/key?key=" + encoded(other)).body())
                .contains("You may look at this set, but not change its key")
                .doesNotContain("<form method=\"post\" action=\"/portal/sets", "hx-trigger=\"load");
        for (Browser browser : List.of(nobody, reader)) {
            for (String form : forms) {
                browser.get("/portal/me");
                assertThat(browser.post(page("closed") + form, fields).statusCode())
                        .as(form)
                        .isEqualTo(403);
            }
        }
        for (String form : forms) {
            assertThat(nobody.post(page("closed") + form, Map.of()).statusCode())
                    .as("asked before what was typed is complained of: " + form)
                    .isEqualTo(403);
        }
        assertThat(census("closed")).contains(active).doesNotContain(other);
        assertThat(json(server.arm("GET", fleet.vaultId("closedvault") + "/keys/other?api-version=2023-07-01", ""))
                        .get("properties")
                        .get("attributes")
                        .get("enabled")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void listOfSets_isSearchedAndPaged() throws Exception {
        fleet.vault("listvault");
        String key = fleet.key("listvault", "k");
        for (int i = 10; i < 40; i++) {
            fleet.set("many-" + i, key);
        }
        String first = admin.get("/portal/sets?name=MANY-").body();
        assertThat(first)
                .contains("0 VMs, 0 artifacts")
                .containsPattern("Active key <a class=\"key[^>]+>[^<]+</a> since <time");
        assertThat(first).contains(">many-10<", ">many-34<").doesNotContain(">many-35<");
        String more = first.replaceAll("(?s).*class=\"button\" href=\"([^\"]*after=[^\"]*)\".*", "$1")
                .replace("&amp;", "&");
        assertThat(admin.get(more).body()).contains(">many-35<", ">many-39<").doesNotContain(">many-34<", "More sets");
        assertThat(admin.get("/portal/sets?name=many-22").body())
                .contains(">many-22<")
                .doesNotContain(">many-23<");
        assertThat(admin.get("/portal/sets?name=none-such").body()).contains("No set has such a name");
        assertThat(admin.get("/portal/sets?group=nowhere").body()).contains("nowhere");
    }

    @Test
    void groupWithAnOddName_isReachedByTheLinksThatAreShown() throws Exception {
        String group = server.subscription() + "/resourceGroups/gr%C3%B6%C3%9Fe(1)";
        fleet.arm("PUT", group, "2022-09-01", "{\"location\":\"local\"}");
        fleet.vault("oddvault");
        fleet.arm(
                "PUT",
                group + "/providers/Microsoft.Compute/diskEncryptionSets/odd",
                "2023-04-02",
                "{\"location\":\"local\",\"identity\":{\"type\":\"SystemAssigned\"},\"properties\":{"
                        + "\"encryptionType\":\"ConfidentialVmEncryptedWithCustomerKey\",\"activeKey\":{\"keyUrl\":\""
                        + fleet.key("oddvault", "k") + "\"}}}");
        String list = admin.get("/portal/sets?group=gr%C3%B6%C3%9Fe(1)").body();
        String link = list.replaceAll("(?s).*href=\"(/portal/sets/[^\"?]+/odd)\".*", "$1");
        assertThat(admin.get(link).body()).contains("größe(1)", "oddvault", link + "/key", link + "/verify");
        assertThat(admin.get(link + "/key").body()).contains("action=\"" + link + "/key\"");
        assertThat(location(admin.post(link + "/verify", Map.of()))).startsWith(link + "?verify=");
    }

    @Test
    void whatIsMarkup_isText_andWhatIsNoKey_isRefusedWithWhatWouldBe() throws Exception {
        fleet.vault("textvault");
        fleet.set("text", fleet.key("textvault", "k"));
        String markup = "\"><script>alert(1)</script>";
        for (String path : List.of(
                "/portal/sets?name=" + encoded(markup),
                "/portal/sets?group=" + encoded(markup.replace("/", "")),
                page("text") + "/key?key=" + encoded(markup),
                page("text") + "/key?vault=" + encoded(markup),
                page("text") + "?verify=" + encoded(markup),
                "/portal/sets/fleet/" + encoded(markup.replace("/", "")).replace("+", "%20"))) {
            assertThat(admin.get(path).body()).as(path).doesNotContain("<script>alert");
        }
        HttpResponse<String> wrong = admin.get(page("text") + "/key?key=https%3A%2F%2Felsewhere.example%2Fkeys%2Fk");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("a key with its version");
        assertThat(admin.post(page("text") + "/key", Map.of("key", "x")).statusCode())
                .isEqualTo(400);
        assertThat(admin.get("/portal/sets/fleet/none").statusCode()).isEqualTo(404);
    }

    private static String shortOf(String url) {
        return url.substring(url.lastIndexOf('/') + 1).substring(0, 4);
    }

    private static String label(String url) {
        String[] parts = url.split("/");
        return parts[parts.length - 2] + " · " + shortOf(url);
    }
}
