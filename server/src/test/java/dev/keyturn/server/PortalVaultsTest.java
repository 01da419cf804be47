package dev.keyturn.server;

import static dev.keyturn.server.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Vaults, managed HSMs and keys in a browser: what needs a version is told before it is disabled, deleted or purged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalVaultsTest {
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

    private static String vault(String name) {
        return "/portal/vaults/" + name;
    }

    private static String version(String keyUrl) {
        return keyUrl.substring(keyUrl.lastIndexOf('/') + 1);
    }

    private static String label(String keyUrl) {
        return version(keyUrl).substring(0, 4);
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("location").orElse("");
    }

    private void officer(String vault, Browser who) throws Exception {
        fleet.grant(fleet.vaultId(vault), PortalFleet.CRYPTO_OFFICER, PortalFleet.objectId(who));
    }

    @Test
    void versionThatARunningVmNeeds_isDisabledOnlyAfterThatWasTold_andItsLabelTyped() throws Exception {
        fleet.vault("needvault");
        String url = fleet.key("needvault", "needed");
        String identity = fleet.set("needer", url);
        fleet.grant(fleet.vaultId("needvault"), PortalFleet.ENCRYPTION_USER, identity);
        fleet.vm("need-a", "needer");
        fleet.vm("need-b", "needer");
        fleet.stop("need-a");
        String key = vault("needvault") + "/keys/needed";
        String disable = key + "/versions/" + version(url) + "/disable";

        // who owns the subscription sees the key and what needs it, and is offered nothing that takes a right to keys
        assertThat(admin.get(vault("needvault")).body())
                .contains("needed", "RSA-HSM 2048", "href=\"/portal/sets/fleet/needer\"")
                .contains("Identity of needer", "Key Vault Crypto Service Encryption User", "this vault");
        assertThat(admin.get(key).body())
                .contains("needer</a>", "class=\"number\">6<", "exportable")
                .doesNotContain("Make a new version", "Disable...", "Delete...", "Change the policy");
        assertThat(admin.get(disable).statusCode()).isEqualTo(403);

        String activity = "/portal/activity?resource="
                + URLEncoder.encode(fleet.vaultId("needvault") + "/keys/needed", StandardCharsets.UTF_8);
        assertThat(admin.get(key).body()).contains(activity);
        assertThat(admin.get(activity).body()).contains("needed").doesNotContain("No record");
        officer("needvault", admin);
        assertThat(admin.get(key).body()).contains("Make a new version", "Disable...", "Delete...");
        String told = admin.get(disable).body();
        assertThat(told)
                .contains("1 VM that runs is shut down after an hour.", "2 VMs do not start any more", "6 encrypted")
                .contains("/portal/vms/fleet/need-b\">need-b</a> <span class=\"quiet\">running", "need-a</a>")
                .contains("6 artifacts, its active key", "/portal/sets/fleet/needer/key");

        HttpResponse<String> mistyped = admin.post(disable, Map.of("name", "zzzz"));
        assertThat(mistyped.statusCode()).isEqualTo(400);
        assertThat(mistyped.body()).contains("Nothing was done: what was typed is not '" + label(url), "need-b");
        assertThat(admin.get(key).body()).doesNotContain("Disabled");
        assertThat(location(admin.post(disable, confirmed(mistyped.body(), label(url)))))
                .isEqualTo(key);
        assertThat(admin.get(key).body()).contains(">Disabled<", "Enable<");
        location(admin.post(key + "/versions/" + version(url) + "/enable", Map.of()));
        assertThat(admin.get(key + "?done=disabled").body())
                .as("what was done is not said by an address")
                .contains(">Enabled<")
                .doesNotContain(">Disabled<", "is disabled");

        // what artifacts are under is not deleted from a page
        String deleting = admin.get(key + "/delete").body();
        assertThat(deleting)
                .contains("Artifacts are under it. Change the key of the sets above first", "need-b")
                .doesNotContain("Delete it");
        HttpResponse<String> refused = admin.post(key + "/delete", Map.of("name", "needed", "shown", "1.1.1.9.9.9"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("could never be opened again").doesNotContain("keyturnOverride");
        assertThat(admin.get(key).body()).contains(">Enabled<");

        // a new version moves nothing; the one before stays needed
        location(admin.post(key + "/rotate", Map.of()));
        String rotated = admin.get(key).body();
        assertThat(rotated).contains("newest", "nothing</span>");
        String made = rotated.replaceAll("(?s).*?/versions/([0-9a-f]{32})/disable.*", "$1");
        assertThat(made).isNotEqualTo(version(url));
        assertThat(admin.get(key + "/versions/" + made + "/disable").body())
                .contains("Nothing needs this version")
                .doesNotContain("need-b");
        assertThat(admin.get("/portal/sets/fleet/needer").body()).contains("href=\"" + key + "\"");
    }

    /** What the form of a page that tells what would break sends, once the name is typed. */
    private static Map<String, String> confirmed(String page, String typed) {
        String shown = page.replaceFirst("(?s).*name=\"shown\" value=\"([0-9.]+)\".*", "$1");
        return Map.of("name", typed, "shown", shown);
    }

    @Test
    void versionThatASetIsBeingChangedTo_isNeededFromThenOn_andAPageFromBeforeDisablesNothing() throws Exception {
        fleet.vault("comingvault");
        String old = fleet.key("comingvault", "coming");
        String identity = fleet.set("comingset", old);
        fleet.grant(fleet.vaultId("comingvault"), PortalFleet.ENCRYPTION_USER, identity);
        fleet.vm("coming-a", "comingset");
        fleet.stop("coming-a");
        officer("comingvault", admin);
        String key = vault("comingvault") + "/keys/coming";
        admin.get(key);
        location(admin.post(key + "/rotate", Map.of()));
        String made = admin.get(key).body().replaceAll("(?s).*?/versions/([0-9a-f]{32})/disable.*", "$1");
        String disable = key + "/versions/" + made + "/disable";
        String before = admin.get(disable).body();
        assertThat(before).contains("Nothing needs this version");

        String slow = "/keyturn/simulatedHost/faults/coming?api-version=2024-07-01";
        assertThat(server.arm("PUT", slow, "{\"kind\":\"slow\",\"call\":\"refusals\",\"delayMs\":5000}")
                        .statusCode())
                .isEqualTo(201);
        String change = "/portal/sets/fleet/comingset/key";
        admin.get(change);
        location(admin.post(change, Map.of("key", old.replace(version(old), made))));
        assertThat(admin.get(disable).body())
                .contains("A set is being changed to it", "0 artifacts, being changed to it")
                .doesNotContain("Nothing needs");
        assertThat(admin.get(key).body()).contains("being changed to it</span>");
        assertThat(admin.get(key + "/delete").body()).doesNotContain("Delete it");
        admin.get(disable);
        HttpResponse<String> late = admin.post(disable, confirmed(before, made.substring(0, 4)));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("more needs this version now than when this page was shown", "comingset");
        assertThat(admin.get(key).body()).doesNotContain(">Disabled<");
        assertThat(server.arm("DELETE", slow, "").statusCode()).isEqualTo(204);
    }

    @Test
    void setsThatAreNotNamed_areCountedWithTheOthers() throws Exception {
        fleet.vault("crowdvault");
        String url = fleet.key("crowdvault", "crowd");
        for (int i = 10; i < 31; i++) {
            fleet.set("crowd" + i, url);
        }
        fleet.grant(fleet.vaultId("crowdvault"), PortalFleet.ENCRYPTION_USER, fleet.set("crowd31", url));
        fleet.vm("crowd-a", "crowd31");
        officer("crowdvault", admin);
        String key = vault("crowdvault") + "/keys/crowd";
        assertThat(admin.get(key + "/versions/" + version(url) + "/disable").body())
                .contains("crowd29</a>", "and 2 more", "with 3 encrypted artifacts")
                .doesNotContain("crowd31</a>");
        assertThat(admin.get(key + "/delete").body())
                .contains("Artifacts are under it")
                .doesNotContain("Delete it");
    }

    /** Versions are listed in the order of their ids, which tells nothing of their age. */
    @Test
    void newestVersion_isTheLatestOfAllPages() throws Exception {
        fleet.vault("agedvault");
        officer("agedvault", admin);
        String key = vault("agedvault") + "/keys/aged";
        admin.get(vault("agedvault") + "/new-key");
        location(admin.post(
                vault("agedvault") + "/new-key",
                Map.of("name", "aged", "kind", "EC/P-256", "use", "usual", "exportable", "", "policy", "")));
        admin.get(key);
        for (int i = 0; i < 200; i++) {
            location(admin.post(key + "/rotate", Map.of()));
        }
        String latest =
                version(json(server.arm("GET", fleet.vaultId("agedvault") + "/keys/aged?api-version=2023-07-01", ""))
                        .get("properties")
                        .get("keyUriWithVersion")
                        .stringValue());
        String first = admin.get(key).body();
        String more =
                first.replaceFirst("(?s).*href=\"(/portal/vaults/agedvault/keys/aged\\?after=[0-9a-f]+)\".*", "$1");
        String both = first + admin.get(more).body();
        assertThat(first).containsPattern("create/set\\?key=[^\"]*" + latest);
        assertThat(both.split(">newest<", -1)).hasSize(2);
        assertThat(both).containsPattern("aged/" + latest + "\"[^>]*>[0-9a-f]{4}</span> <span class=\"tag\">newest");
    }

    @Test
    void keyThatNothingNeeds_isDeleted_listedWithItsPurge_recovered_andPurgedWhereNoProtectionIsOn() throws Exception {
        fleet.vault("goingvault");
        fleet.key("goingvault", "going");
        officer("goingvault", admin);
        String key = vault("goingvault") + "/keys/going";

        assertThat(admin.get(key + "/delete").body())
                .contains("Nothing needs a version of this key", "For 7 days it can be recovered");
        assertThat(admin.post(key + "/delete", Map.of("name", "goin")).statusCode())
                .isEqualTo(400);
        location(admin.post(key + "/delete", Map.of("name", "going")));
        assertThat(admin.get(key).body())
                .contains("The key was deleted", "Recover the key", "Purge protection is on")
                .doesNotContain("Purge...");
        assertThat(admin.get(vault("goingvault")).body()).contains("Deleted keys", "Will be destroyed", "Recover");
        HttpResponse<String> purge = admin.get(key + "/purge");
        assertThat(purge.body())
                .contains("Purge protection is on in goingvault")
                .doesNotContain("Destroy it");
        assertThat(admin.post(key + "/purge", Map.of("name", "going")).statusCode())
                .isEqualTo(403);
        location(admin.post(key + "/recover", Map.of()));
        assertThat(admin.get(key).body()).contains(">Enabled<").doesNotContain("The key was deleted");

        fleet.arm("PUT", fleet.vaultId("loosevault"), "2023-07-01", """
                {"location":"local","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                 "enableRbacAuthorization":true,"softDeleteRetentionInDays":7}}""".formatted(server.env("KEYTURN_TENANT_ID")));
        fleet.key("loosevault", "loose");
        fleet.grant(
                fleet.vaultId("loosevault"),
                "00482a5a-887f-4fb3-b363-3b7fe8e74483", // Key Vault Administrator
                PortalFleet.objectId(admin));
        String loose = vault("loosevault") + "/keys/loose";
        assertThat(admin.get(vault("loosevault")).body()).contains("Purge protection is off");
        location(admin.post(loose + "/delete", Map.of("name", "loose")));
        assertThat(admin.get(loose).body()).contains("Purge...");
        assertThat(admin.get(loose + "/purge").body()).contains("Destroy it for ever");
        assertThat(admin.post(loose + "/purge", Map.of("name", "")).statusCode())
                .isEqualTo(400);
        assertThat(location(admin.post(loose + "/purge", Map.of("name", "loose"))))
                .isEqualTo(vault("loosevault"));
        assertThat(admin.get(loose).statusCode()).isEqualTo(404);
    }

    @Test
    void rotationPolicy_isShown_changed_andRefusedWithEveryThingThatIsWrong() throws Exception {
        fleet.vault("policyvault");
        fleet.key("policyvault", "k");
        officer("policyvault", admin);
        String key = vault("policyvault") + "/keys/k";

        assertThat(admin.get(key).body()).contains("No version is made by itself.");
        HttpResponse<String> wrong = admin.post(
                key + "/policy", Map.of("rotate", "after", "period", "ninety days", "life", "soon", "notify", "never"));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body())
                .contains("timeAfterCreate", "attributes.expiryTime", "Nothing was saved.")
                .contains("value=\"ninety days\"", "value=\"soon\"");
        HttpResponse<String> short1 = admin.post(key + "/policy", Map.of("rotate", "after", "period", "P1D"));
        assertThat(short1.body()).contains("must be at least 7 days");
        location(admin.post(
                key + "/policy",
                Map.of(
                        "rotate",
                        "after",
                        "period",
                        "P90D",
                        "notify",
                        "before",
                        "notifyperiod",
                        "P30D",
                        "life",
                        "P1Y")));
        assertThat(admin.get(key).body())
                .contains("A new version is made P90D after the newest one was made.", "Each new version lives for P1Y")
                .contains("value=\"P30D\"");
    }

    /** R8: local roles decide, and those of the subscription give nothing. */
    @Test
    void managedHsm_showsItsLocalRoles_andItsKeysToWhoHoldsOne() throws Exception {
        PortalFleet.Hsm hsm = fleet.hsm("pagehsm");
        String url = hsm.key("inside");
        String key = "/portal/hsms/pagehsm/keys/inside";

        assertThat(admin.get("/portal/hsms").body()).contains("pagehsm", "by local roles", "not shown");
        assertThat(admin.get("/portal/hsms/pagehsm").body())
                .contains("You may not list its keys", "roles at the subscription give nothing in it")
                .contains("Managed HSM Crypto User", "the managed HSM");
        assertThat(admin.get(key).statusCode()).isEqualTo(403);

        hsm.grant(PortalFleet.HSM_CRYPTO_USER, PortalFleet.objectId(admin));
        assertThat(admin.get("/portal/hsms/pagehsm").body()).contains("inside", "RSA-HSM 2048");
        assertThat(admin.get(key).body()).contains("Make a new version", "Delete...", label(url));
        location(admin.post(key + "/delete", Map.of("name", "inside")));
        // a Crypto User deletes keys, and sees no deleted ones: a Crypto Officer does
        assertThat(admin.get(key).statusCode()).isEqualTo(404);
        hsm.grant("515eb02d-2335-4d2d-92f2-b1cbdf9c3778", PortalFleet.objectId(admin));
        assertThat(admin.get(key).body()).contains("The key was deleted", "Recover the key");
        location(admin.post(key + "/recover", Map.of()));
        assertThat(admin.get(key).body()).contains(">Enabled<");
    }

    @Test
    void whoHoldsNoRole_seesNothing_andAReaderIsOfferedNothing_andChangesNothing() throws Exception {
        fleet.vault("closedvault");
        String url = fleet.key("closedvault", "closed");
        String key = vault("closedvault") + "/keys/closed";
        String of = key + "/versions/" + version(url);
        List<String> forms = List.of(
                key + "/rotate",
                key + "/policy",
                key + "/recover",
                key + "/delete",
                key + "/purge",
                of + "/enable",
                of + "/disable");

        Browser nobody = fleet.person("vault-nobody");
        assertThat(nobody.get("/portal/vaults").body())
                .contains("You may not list the vaults")
                .doesNotContain("closedvault");
        for (String path : List.of(vault("closedvault"), vault("no-such-vault"), key)) {
            HttpResponse<String> answer = nobody.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
        }
        assertThat(refusalOf(nobody, "closedvault"))
                .as("a refusal does not tell that there is one")
                .isEqualTo(refusalOf(nobody, "no-such-vault").replace("no-such-vault", "closedvault"))
                .doesNotContain("resourceGroups");
        Browser reader = fleet.person("vault-reader");
        fleet.grant(server.subscription(), PortalFleet.READER, PortalFleet.objectId(reader));
        assertThat(reader.get("/portal/vaults").body()).contains("closedvault");
        assertThat(reader.get(vault("no-such-vault")).statusCode()).isEqualTo(404);
        assertThat(reader.get(key).body())
                .contains(label(url), ">Enabled<")
                .doesNotContain("<form method=\"post\" action=\"/portal/vaults");
        for (Browser browser : List.of(nobody, reader)) {
            for (String form : forms) {
                browser.get("/portal/me");
                assertThat(browser.post(form, Map.of("name", "closed")).statusCode())
                        .as(form)
                        .isEqualTo(403);
                assertThat(browser.post(form, Map.of()).statusCode())
                        .as("asked before what was typed is complained of: " + form)
                        .isEqualTo(403);
            }
        }
        assertThat(reader.get(key).body()).contains(">Enabled<");
    }

    private static String refusalOf(Browser browser, String vault) throws Exception {
        return browser.get(vault(vault)).body().replaceFirst("(?s).*<main", "<main");
    }

    @Test
    void groupThatMayUseKeys_isNamed_toWhoMayReadPeople() throws Exception {
        fleet.vault("groupvault");
        admin.get("/portal/groups");
        location(admin.post("/portal/groups", Map.of("name", "key-keepers", "description", "")));
        admin.get("/portal/access");
        location(admin.post(
                "/portal/access/give",
                Map.of(
                        "scope",
                        fleet.vaultId("groupvault"),
                        "who",
                        "key-keepers",
                        "role",
                        PortalFleet.CRYPTO_OFFICER)));
        assertThat(admin.get(vault("groupvault")).body())
                .contains("<td>key-keepers</td><td data-label=\"What\">group</td>");
        Browser reader = fleet.person("group-reader");
        fleet.grant(fleet.vaultId("groupvault"), PortalFleet.READER, PortalFleet.objectId(reader));
        assertThat(reader.get(vault("groupvault")).body())
                .contains("<td>Object id ")
                .doesNotContain("key-keepers");
    }

    /** A crypto officer of one vault: the use of keys, and no right to look at the vault, at sets or at VMs. */
    @Test
    void whoMayUseKeysAlone_isToldWhatCannotBeSeen() throws Exception {
        fleet.vault("cryptovault");
        String url = fleet.key("cryptovault", "used");
        String identity = fleet.set("cryptoset", url);
        fleet.grant(fleet.vaultId("cryptovault"), PortalFleet.ENCRYPTION_USER, identity);
        fleet.vm("crypto-a", "cryptoset");
        Browser officer = fleet.person("crypto-officer");
        officer("cryptovault", officer);
        String key = vault("cryptovault") + "/keys/used";

        assertThat(officer.get(key).body())
                .contains("You may not see which sets need its versions", "not shown", "Disable...")
                .doesNotContain("cryptoset");
        assertThat(officer.get(key + "/versions/" + version(url) + "/disable").body())
                .contains("you may not see whose", "Reader at the subscription allows it")
                .doesNotContain("cryptoset", "crypto-a");
        assertThat(officer.post(key + "/delete", Map.of("name", "used")).statusCode())
                .isEqualTo(409);
    }

    @Test
    void namesThatAreMarkup_areText() throws Exception {
        fleet.vault("markupvault");
        String markup = "<img src=x onerror=alert(1)>";
        for (String query : List.of("?name=", "?group=")) {
            String body = admin.get("/portal/vaults" + query + URLEncoder.encode(markup, StandardCharsets.UTF_8))
                    .body();
            assertThat(body).doesNotContain("<img src=x");
        }
        fleet.key("markupvault", "k");
        officer("markupvault", admin);
        HttpResponse<String> typed = admin.post(
                vault("markupvault") + "/keys/k/policy", Map.of("rotate", "after", "period", "\"><script>alert(1)"));
        assertThat(typed.body()).doesNotContain("<script>alert");
        assertThat(admin.get(vault("markupvault") + "/keys/%3Cscript%3E").body())
                .doesNotContain("<script>alert", "<script></");
    }

    @Test
    void listOfVaults_isSearched_andSaysHowManyKeysThereAre() throws Exception {
        fleet.vault("manyvault1");
        fleet.vault("manyvault2");
        fleet.key("manyvault1", "a");
        fleet.key("manyvault1", "b");
        assertThat(admin.get("/portal/vaults?name=MANYVAULT").body())
                .contains("manyvault1", "manyvault2", "data-label=\"Keys\">2<", "by roles")
                .doesNotContain("closedvault");
        assertThat(admin.get("/portal/vaults?group=no-such").body()).contains("could not be found");
    }
}
