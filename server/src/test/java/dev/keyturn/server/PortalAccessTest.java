package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.Roles;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what: given, taken away and explained in a browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalAccessTest {
    private static final String GIVE = "/portal/access/give";
    private static final String TAKE = "/portal/access/take";

    private RunningServer server;
    private PortalFleet fleet;
    private Browser admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        fleet = new PortalFleet(server);
        admin = fleet.admin;
        fleet.vault("v-access");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String access(String scope) {
        return "/portal/access?scope=" + encoded(scope);
    }

    private static String check(String who, String scope) {
        return "/portal/access/check?who=" + encoded(who) + "&scope=" + encoded(scope);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String seen(Browser who, String path) throws Exception {
        HttpResponse<String> answer = who.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().replace("<wbr>", "");
    }

    /** What the page of somebody's rights says about one action: yes or no. */
    private static boolean may(String page, String action) {
        String line = page.replaceAll("(?s).*<code class=\"action\">" + action + "</code></td>(.*?)</tr>.*", "$1");
        assertThat(line).as("a line about " + action).isNotEqualTo(page);
        return line.contains("state done");
    }

    private void give(String scope, String who, UUID role) throws Exception {
        admin.get(access(scope));
        HttpResponse<String> answer =
                admin.post(GIVE, Map.of("scope", scope, "who", who, "role", role.toString(), "why", "a test"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    }

    @Test
    void aRole_givenToAGroup_holdsForWhoIsPutIn_isExplained_andGoesWhenTaken() throws Exception {
        Browser ann = fleet.person("ann");
        admin.get("/portal/groups");
        assertThat(admin.post("/portal/groups", Map.of("name", "Night shift", "description", "<b>nights</b>"))
                        .statusCode())
                .isEqualTo(303);
        give(fleet.group(), "night SHIFT", Roles.READER.id());
        assertThat(ann.get(access(fleet.group())).body()).contains("You may not see who has which role here");

        admin.get("/portal/groups/Night%20shift");
        assertThat(admin.post("/portal/groups/Night%20shift/add", Map.of("person", "ANN"))
                        .statusCode())
                .isEqualTo(303);
        assertThat(seen(admin, "/portal/groups/Night%20shift"))
                .contains("<code>ann</code>", "Reader", "resource group fleet", "&lt;b&gt;nights&lt;/b&gt;")
                .doesNotContain("<b>nights");
        String list = seen(ann, access(fleet.group()));
        assertThat(list).contains("Night shift", "holds here too", "Owner").doesNotContain("Give a role here");

        String why = seen(ann, check(PortalFleet.objectId(ann), fleet.group()));
        assertThat(may(why, "Microsoft.Compute/virtualMachines/read")).isTrue();
        assertThat(may(why, "Microsoft.Compute/virtualMachines/start/action")).isFalse();
        assertThat(why).contains("Reader at resource group fleet, as a member of the group Night shift");
        assertThat(seen(admin, check(PortalFleet.objectId(ann), "")))
                .as("what no role gives is not asked about")
                .doesNotContain("ownPasskeys", "signIn/action");

        String name = seen(admin, access(fleet.group()))
                .replaceAll("(?s).*Night shift.*?name=\"name\" value=\"([0-9a-f-]{36})\".*", "$1");
        assertThat(admin.post(TAKE, Map.of("scope", fleet.group(), "name", name))
                        .statusCode())
                .isEqualTo(303);
        assertThat(ann.get(access(fleet.group())).body()).contains("You may not see who has which role here");
        assertThat(admin.post(TAKE, Map.of("scope", fleet.group(), "name", name))
                        .statusCode())
                .as("what is not there any more")
                .isEqualTo(404);
    }

    @Test
    void whatIsWrongInTheForm_isSaidTogether_andNothingIsGiven() throws Exception {
        admin.get(access(fleet.group()));
        HttpResponse<String> empty = admin.post(GIVE, Map.of("scope", fleet.group(), "who", " ", "role", ""));
        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(empty.body()).contains("Say who gets the role", "Choose a role.");
        HttpResponse<String> nobody = admin.post(
                GIVE,
                Map.of(
                        "scope",
                        fleet.group(),
                        "who",
                        "<i>x</i>",
                        "role",
                        Roles.READER.id().toString()));
        assertThat(nobody.statusCode()).isEqualTo(400);
        assertThat(nobody.body())
                .contains("There is no person, group or program '&lt;i&gt;x&lt;/i&gt;'")
                .doesNotContain("<i>x");
        HttpResponse<String> nowhere = admin.post(
                GIVE,
                Map.of(
                        "scope",
                        fleet.group() + "/providers/Microsoft.KeyVault/vaults/none",
                        "who",
                        "admin",
                        "role",
                        Roles.READER.id().toString()));
        assertThat(nowhere.statusCode()).isEqualTo(400);
        assertThat(nowhere.body()).contains("There is nothing at");
        assertThat(admin.post(GIVE, Map.of("scope", "nonsense")).statusCode()).isEqualTo(400);
        assertThat(admin.get(access("nonsense")).statusCode()).isEqualTo(400);
        assertThat(admin.get(check("admin", "nonsense")).body()).contains("is no scope");
    }

    @Test
    void whoHoldsNothing_isOfferedNothing_isRefused_andSeesWhatTheyMayThemselves() throws Exception {
        Browser bob = fleet.person("bob");
        String own = PortalFleet.objectId(bob);
        for (String path : List.of(access(""), access("/hsm/any"))) {
            HttpResponse<String> blind = bob.get(path);
            assertThat(blind.statusCode()).isEqualTo(403);
            assertThat(blind.body())
                    .contains("You may not see who has which role here")
                    .doesNotContain("Give a role here", "Take away");
        }
        assertThat(seen(bob, check(own, ""))).contains("may do 0 of", "No role at all.");
        assertThat(bob.get(check("admin", "")).statusCode()).isEqualTo(403);
        assertThat(bob.get(check("nobody-at-all", "")).statusCode()).isEqualTo(403);
        assertThat(bob.get("/portal/groups").statusCode()).isEqualTo(403);
        bob.get("/portal/me");
        for (Map.Entry<String, Map<String, String>> form : Map.of(
                        GIVE,
                        Map.of(
                                "scope",
                                fleet.group(),
                                "who",
                                "bob",
                                "role",
                                Roles.OWNER.id().toString()),
                        TAKE,
                        Map.of("scope", fleet.group(), "name", UUID.randomUUID().toString()),
                        "/portal/groups",
                        Map.of("name", "mine"),
                        "/portal/groups/x/add",
                        Map.of("person", "bob"),
                        "/portal/groups/x/remove",
                        Map.of("person", "bob"),
                        "/portal/groups/x/delete",
                        Map.of("label", "x"))
                .entrySet()) {
            assertThat(bob.post(form.getKey(), form.getValue()).statusCode())
                    .as(form.getKey())
                    .isEqualTo(403);
        }
        assertThat(seen(bob, check(own, ""))).contains("may do 0 of");
    }

    @Test
    void aVaultOnAccessPolicies_isExplainedByThem_andAGroupInThemCounts() throws Exception {
        Browser carl = fleet.person("carl");
        admin.get("/portal/groups");
        admin.post("/portal/groups", Map.of("name", "wrappers"));
        String group = seen(admin, "/portal/groups/wrappers")
                .replaceAll("(?s).*Object id</span> <code>([0-9a-f-]{36}).*", "$1");
        admin.post("/portal/groups/wrappers/add", Map.of("person", "carl"));
        fleet.arm("PUT", fleet.vaultId("v-policies"), "2023-07-01", """
                {"location":"local","properties":{"tenantId":"%1$s","sku":{"family":"A","name":"premium"},
                 "enableRbacAuthorization":false,"accessPolicies":[{"tenantId":"%1$s","objectId":"%2$s",
                 "permissions":{"keys":["get","wrapKey"]}}]}}""".formatted(
                        server.env("KEYTURN_TENANT_ID"), group));

        String page = seen(carl, check(PortalFleet.objectId(carl), fleet.vaultId("v-policies")));
        assertThat(page).contains("The vault there is on access policies", "an access policy of the vault");
        assertThat(may(page, "Microsoft.KeyVault/vaults/keys/wrap/action")).isTrue();
        assertThat(may(page, "Microsoft.KeyVault/vaults/keys/unwrap/action")).isFalse();
        assertThat(may(page, "Microsoft.KeyVault/vaults/read")).isFalse();
        String onRoles = seen(carl, check(PortalFleet.objectId(carl), fleet.vaultId("v-access")));
        assertThat(may(onRoles, "Microsoft.KeyVault/vaults/keys/wrap/action")).isFalse();
    }

    @Test
    void insideAManagedHsm_itsLocalRolesAreGivenByItsAdministratorsAlone() throws Exception {
        fleet.hsm("hsm-access");
        Browser owner = fleet.person("other-owner");
        give(server.subscription(), "other-owner", Roles.OWNER.id());
        String inside = "/hsm/hsm-access";
        give(inside, "other-owner", HsmRoles.CRYPTO_USER.id());
        assertThat(seen(admin, access(inside))).contains("Managed HSM Crypto User", "inside managed HSM hsm-access");
        String page = seen(owner, check(PortalFleet.objectId(owner), inside));
        assertThat(may(page, "Microsoft.KeyVault/managedHsm/keys/wrap/action")).isTrue();
        assertThat(may(page, "Microsoft.KeyVault/managedHsm/roleAssignments/write/action"))
                .isFalse();

        owner.get(access(inside));
        HttpResponse<String> refused = owner.post(
                GIVE,
                Map.of(
                        "scope",
                        inside,
                        "who",
                        "other-owner",
                        "role",
                        HsmRoles.ADMINISTRATOR.id().toString()));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(admin.get(access("/hsm/none")).body()).contains("You may not see who has which role here");
    }

    @Test
    void aGroup_isDeletedByItsName_andNotByAnother() throws Exception {
        admin.get("/portal/groups");
        admin.post("/portal/groups", Map.of("name", "Short lived"));
        String one = "/portal/groups/short%20lived";
        assertThat(admin.post("/portal/groups", Map.of("name", "SHORT LIVED")).statusCode())
                .isEqualTo(409);
        assertThat(admin.post("/portal/groups", Map.of("name", " - ")).body()).contains("The name of a group has");
        HttpResponse<String> other = admin.post(one + "/delete", Map.of("label", "another"));
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("Nothing was deleted");
        assertThat(admin.post(one + "/add", Map.of("person", "who-is-that")).body())
                .contains("There is no person");
        assertThat(admin.post(one + "/delete", Map.of("label", "short LIVED")).statusCode())
                .isEqualTo(303);
        assertThat(admin.get(one).statusCode()).isEqualTo(404);
    }

    @Test
    void aPerson_isDeletedByWhoTypesTheName_andNobodyElseIs() throws Exception {
        Browser ivo = fleet.person("ivo-goes");
        String delete = "/portal/people/" + PortalFleet.objectId(ivo) + "/delete";
        for (Map<String, String> typed : List.of(Map.<String, String>of(), Map.of("label", "ivo"))) {
            admin.get("/portal/people");
            HttpResponse<String> not = admin.post(delete, typed);
            assertThat(not.statusCode()).isEqualTo(400);
            assertThat(not.body()).contains("Nobody was deleted: what was typed is not", "ivo-goes");
        }
        assertThat(ivo.get("/portal/me").statusCode()).isEqualTo(200);
        assertThat(ivo.post(delete, Map.of("label", "ivo-goes")).statusCode()).isEqualTo(403);
        admin.get("/portal/people");
        assertThat(admin.post(delete, Map.of("label", "Ivo-Goes")).statusCode()).isEqualTo(303);
        assertThat(ivo.get("/portal/me").statusCode()).isEqualTo(303);
    }
}
