package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.directory.FirstPerson;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The pages of virtual machines, on a small fleet of the simulated host. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalVmsTest {
    private static final String PASSWORD = "a good long password";
    private static final String READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    private static final String EVIL = "<script>alert(1)</script>";
    private static final Pattern TICK = Pattern.compile("name=\"vm\" value=\"([^\"]+)\"");

    private RunningServer server;
    private Browser admin;
    private ArmFleet fleet;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        FirstPerson.Way first = server.server.firstPerson().orElseThrow();
        admin = new Browser(server).welcome(first.link(), PASSWORD);
        fleet = new ArmFleet(server, "rg-a", "kv-portal");
        List<String> sets = List.of("looked-at", "stopped", "single");
        for (String set : sets) {
            fleet.set(set);
        }
        fleet.vm("web-1", "looked-at", "", "{\"role\": \"" + EVIL + "\"}");
        fleet.vm("web-2", "looked-at", "", "{}");
        fleet.vm("db-1", "looked-at", "", "{}");
        fleet.vm("many-1", "stopped", "", "{}");
        fleet.vm("many-2", "stopped", "", "{}");
        fleet.vm("many-e", "stopped", ", \"diffDiskSettings\": {\"option\": \"Local\"}", "{}");
        fleet.vm("one-1", "single", "", "{}");
        for (String vm : List.of("web-1", "web-2", "db-1", "many-1", "many-2", "many-e", "one-1")) {
            fleet.settled(vm);
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static List<String> listed(HttpResponse<String> page) {
        return TICK.matcher(page.body()).results().map(r -> r.group(1)).toList();
    }

    private static String field(String page, String name) {
        Matcher found =
                Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"").matcher(page);
        assertThat(found.find()).as(name + " in " + page).isTrue();
        return found.group(1);
    }

    private Browser person(String name, String role) throws Exception {
        admin.get("/portal/people");
        HttpResponse<String> made = admin.post("/portal/people", Map.of("name", name, "displayname", name));
        String link = made.body().replaceAll("(?s).*welcome\\?link=([A-Za-z0-9_-]{43}).*", "$1");
        Browser browser = new Browser(server).welcome(link, PASSWORD);
        if (!role.isEmpty()) {
            String id = browser.get("/portal/me").body().replaceAll("(?s).*<code>([0-9a-f-]{36})</code>.*", "$1");
            fleet.grant(server.subscription(), role, id, "User");
        }
        return browser;
    }

    @Test
    void list_isFilteredByNameStateAndSet_whichStayInItsAddress() throws Exception {
        HttpResponse<String> byName = admin.get("/portal/vms?q=WEB");
        assertThat(byName.statusCode()).isEqualTo(200);
        assertThat(listed(byName)).containsExactly("rg-a/web-1", "rg-a/web-2");
        assertThat(byName.body()).contains("name=\"q\" value=\"WEB\"").contains("all 2 that match");

        assertThat(listed(admin.get("/portal/vms?q=-1&set=rg-a/looked-at&state=running")))
                .containsExactly("rg-a/db-1", "rg-a/web-1");
        assertThat(listed(admin.get("/portal/vms?set=rg-a/looked-at&state=deallocated")))
                .isEmpty();
        assertThat(listed(admin.get("/portal/vms?set=rg-a/looked-at&state=fault")))
                .isEmpty();
        String both = admin.get("/portal/vms?q=web&set=rg-a/looked-at").body();
        assertThat(both).contains("/portal/vms?q=web&amp;state=running&amp;set=rg-a%2Flooked-at");
    }

    @Test
    void search_findsMachinesAndSetsByAPartOfTheirName_andGoesStraightToAnId() throws Exception {
        String found = admin.get("/portal/search?q=STOP").body();
        assertThat(found).contains("/portal/sets/rg-a/stopped").doesNotContain("/portal/vms/rg-a/web-1\"");
        assertThat(admin.get("/portal/search?q=web-").body())
                .contains("/portal/vms/rg-a/web-1", "/portal/vms/rg-a/web-2");
        HttpResponse<String> straight = admin.get("/portal/search?q="
                + java.net.URLEncoder.encode(fleet.vm("web-1"), java.nio.charset.StandardCharsets.UTF_8));
        assertThat(straight.statusCode()).isEqualTo(303);
        assertThat(straight.headers().firstValue("location")).contains("/portal/vms/rg-a/web-1");
        assertThat(admin.get("/portal/search?q=%3Cscript%3E").body()).doesNotContain("\"<script>\"");
        assertThat(person("searches-blind", "").get("/portal/search?q=web").body())
                .contains("You may not look through")
                .doesNotContain("web-1");
    }

    @Test
    void list_isSortedByTheServer_inItsAddress_whichItsHeadsAndItsNextPageKeep() throws Exception {
        String byName = admin.get("/portal/vms?set=rg-a/looked-at&sort=-name").body();
        assertThat(TICK.matcher(byName).results().map(r -> r.group(1)))
                .containsExactly("rg-a/web-2", "rg-a/web-1", "rg-a/db-1");
        assertThat(byName)
                .contains(
                        "aria-sort=\"descending\"><a class=\"sort\" href=\"/portal/vms?set=rg-a%2Flooked-at&amp;sort=name\"")
                .contains("name=\"sort\" value=\"-name\"", "&amp;sort=host\"");
        assertThat(listed(admin.get("/portal/vms?set=rg-a/looked-at&sort=-name&after=rg-a/web-1&at=web-1")))
                .containsExactly("rg-a/db-1");
        assertThat(admin.get("/portal/vms").body()).doesNotContain("aria-sort");
        HttpResponse<String> wrong = admin.get("/portal/vms?sort=colour");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("name, set, state and host there are");
    }

    @Test
    void list_takesTheStatesOfItsRowsFromTheirOwnPage_whichSaysWhatIsGone() throws Exception {
        String list = admin.get("/portal/vms?set=rg-a/looked-at").body();
        Matcher follow = Pattern.compile("<div hx-get=\"([^\"]+)\" hx-select-oob=\"([^\"]+)\" hx-swap=\"none")
                .matcher(list);
        assertThat(follow.find()).isTrue();
        assertThat(list)
                .as("what is looked at beside a page does not name it")
                .contains("hx-select=\"#busy\" hx-swap=\"outerHTML ignoreTitle:true\"")
                .contains("hx-swap=\"none ignoreTitle:true\"");
        String states = admin.get(follow.group(1).replace("&amp;", "&")).body();
        List<String> parts = List.of(follow.group(2).split(","));
        assertThat(parts).hasSize(6);
        for (String part : parts) {
            assertThat(list).contains("<span id=\"" + part.substring(1) + "\">");
            assertThat(states).contains("<span id=\"" + part.substring(1) + "\">");
        }
        assertThat(admin.get("/portal/vms/result?vm=rg-a:web-1,never-was").body())
                .contains("<span class=\"state off\">Not there</span>");
        assertThat(list).containsPattern("<ul id=\"states\" hx-get=\"[^\"]+\" hx-select=\"#states > li\"");
    }

    @Test
    void detail_saysWhenEachArtifactOpenedLast_byWhatProof_andWhatWasDoneToIt() throws Exception {
        String page = admin.get("/portal/vms/rg-a/db-1").body();
        assertThat(page)
                .contains(
                        "Opened last", "the VM started, asked for by ", "What ran and when", "Make the virtual machine")
                .doesNotContain("not known</span>", "by itself</span>");
        // a program is named in few characters, whole on hover; each disk leads to its own page
        assertThat(page)
                .containsPattern("asked for by <code class=\"brief\" title=\"[0-9a-f-]{36}\">[0-9a-f]{8}…")
                .containsPattern("<td data-label=\"Disk\"><a href=\"/portal/disks/rg-a/db-1_os\">")
                .containsPattern("<td data-label=\"By\"><code class=\"brief\"")
                .contains("<span class=\"state done\">Ready</span>")
                .doesNotContain("Succeeded");
    }

    @Test
    void list_goesOnAfterTheVmThatItsAddressNames() throws Exception {
        assertThat(listed(admin.get("/portal/vms?set=rg-a/looked-at&after=rg-a/web-1")))
                .containsExactly("rg-a/web-2");
        assertThat(admin.get("/portal/vms?set=rg-a/looked-at&after=rg-a/web-2").body())
                .contains("There are no more");
    }

    @Test
    void list_ofWhatThereCannotBe_isRefusedWithTheReason() throws Exception {
        for (String wrong : List.of("state=burning", "set=nobody", "after=nobody")) {
            HttpResponse<String> answer = admin.get("/portal/vms?" + wrong);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
            assertThat(answer.body()).as(wrong).containsAnyOf("There is no state", "group/name");
        }
    }

    @Test
    void stoppingAllOfASet_asksFirst_thenStopsThem_andNamesWhatItCannotStop() throws Exception {
        admin.get("/portal/vms?set=rg-a/stopped");
        HttpResponse<String> question = admin.post(
                "/portal/vms/act", Map.of("action", "stop", "all", "1", "q", "", "state", "", "set", "rg-a/stopped"));
        assertThat(question.statusCode()).isEqualTo(200);
        assertThat(question.body()).contains("Stop 3 virtual machines?").contains("ephemeral OS disk");
        assertThat(fleet.power("many-1"))
                .as("nothing is done before it is confirmed")
                .isEqualTo("running");

        String chosen = field(question.body(), "vms");
        assertThat(chosen).isEqualTo("rg-a:many-1,many-2,many-e");
        HttpResponse<String> done =
                admin.post("/portal/vms/act", Map.of("action", "stop", "vms", chosen, "confirmed", "1"));
        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(done.body())
                .contains("<strong>2</strong> begun")
                .contains("<strong>1</strong> refused")
                .contains("many-e")
                .contains("has an ephemeral OS disk and can be neither stopped nor deallocated");
        fleet.settled("many-1");
        fleet.settled("many-2");
        String result = admin.get("/portal/vms/result?vm=rg-a:many-1,many-2").body();
        assertThat(result).contains("many-1", "many-2", "Stopped").doesNotContain("data-moving");
        assertThat(fleet.power("many-e")).isEqualTo("running");

        admin.get("/portal/vms");
        String again = admin.post("/portal/vms/act", Map.of("action", "stop", "vms", chosen, "confirmed", "1"))
                .body();
        assertThat(again).contains("<strong>0</strong> begun").contains("<strong>2</strong> had nothing to do");

        admin.post("/portal/vms/act", Map.of("action", "start", "vms", "rg-a:many-1,many-2"));
        fleet.settled("many-1");
        fleet.settled("many-2");
        assertThat(fleet.power("many-1")).isEqualTo("running");
        assertThat(fleet.power("many-2")).isEqualTo("running");
    }

    @Test
    void oneVm_offersWhatCanBeDoneNow_andItsPageComesBack() throws Exception {
        String page = admin.get("/portal/vms/rg-a/one-1").body();
        assertThat(page)
                .contains("Running", "cmk ·", "Guest state", "OS disk", "one-1_os", "/portal/sets/rg-a/single")
                .contains("value=\"stop\"", "value=\"deallocate\"", "value=\"restart\"")
                .doesNotContain("value=\"start\"");
        HttpResponse<String> done =
                admin.post("/portal/vms/act", Map.of("action", "deallocate", "vm", "rg-a/one-1", "single", "1"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
        assertThat(done.headers().firstValue("location")).contains("/portal/vms/rg-a/one-1");
        fleet.settled("one-1");
        assertThat(admin.get("/portal/vms/rg-a/one-1").body())
                .contains("Deallocated", "value=\"start\"")
                .doesNotContain("value=\"stop\"");
        assertThat(admin.post("/portal/vms/act", Map.of("action", "start", "vm", "rg-a/one-1", "single", "1"))
                        .statusCode())
                .isEqualTo(303);
        fleet.settled("one-1");
    }

    @Test
    void anEphemeralVm_hasNoButtonToStop_andIsNotStoppedByAForm() throws Exception {
        assertThat(admin.get("/portal/vms/rg-a/many-e").body())
                .contains("value=\"restart\"")
                .doesNotContain("value=\"stop\"");
        HttpResponse<String> answer =
                admin.post("/portal/vms/act", Map.of("action", "stop", "vm", "rg-a/many-e", "single", "1"));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("many-e").contains("ephemeral OS disk");
    }

    @Test
    void aReader_seesNoButtons_andIsRefusedIfItPosts() throws Exception {
        Browser reader = person("vm-reader", READER);
        String list = reader.get("/portal/vms?set=rg-a/looked-at").body();
        assertThat(list).contains("web-1").doesNotContain("name=\"action\"").doesNotContain("type=\"checkbox\"");
        String one = reader.get("/portal/vms/rg-a/web-1").body();
        assertThat(one).contains("web-1").doesNotContain("name=\"action\"").doesNotContain("/console");
        for (String action : List.of("stop", "deallocate", "start", "restart")) {
            HttpResponse<String> answer = reader.post(
                    "/portal/vms/act", Map.of("action", action, "vms", "rg-a:web-1,web-2", "confirmed", "1"));
            assertThat(answer.statusCode()).as(action).isEqualTo(403);
            assertThat(answer.body()).as(action).contains("Microsoft.Compute/virtualMachines/");
        }
        assertThat(reader.get("/portal/vms/rg-a/web-1/console").statusCode()).isEqualTo(403);
        assertThat(fleet.power("web-1")).isEqualTo("running");
    }

    @Test
    void whoHasNoRole_seesNoVm() throws Exception {
        Browser nobody = person("vm-nobody", "");
        for (String page : List.of(
                "/portal/vms",
                "/portal/vms/rg-a/web-1",
                "/portal/vms/rg-a/none",
                "/portal/vms/rg-a/web-1/console",
                "/portal/vms/result?vm=rg-a:web-1")) {
            HttpResponse<String> answer = nobody.get(page);
            assertThat(answer.statusCode()).as(page).isEqualTo(403);
            assertThat(answer.body()).as(page).contains("Not allowed").doesNotContain("Running");
        }
        nobody.get("/portal/me");
        assertThat(nobody.post("/portal/vms/act", Map.of("action", "stop", "vm", "rg-a/web-1"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(nobody.post("/portal/vms/act", Map.of("action", "stop", "all", "1"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whatComesFromOutside_isNoMarkup() throws Exception {
        assertThat(admin.get("/portal/vms/rg-a/web-1").body())
                .contains("&lt;script&gt;alert(1)")
                .doesNotContain("<script>alert");
        for (String address : List.of(
                "/portal/vms?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
                "/portal/vms?state=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
                "/portal/vms?set=rg-a/%22%3E%3Cscript%3Ealert(1)",
                "/portal/vms?after=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
                "/portal/vms/rg-a/%22%3E%3Cscript%3Ealert(1)",
                "/portal/vms/result?vm=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")) {
            HttpResponse<String> answer = admin.get(address);
            assertThat(answer.statusCode()).as(address).isLessThan(500);
            assertThat(answer.body()).as(address).doesNotContain("<script>alert");
        }
        HttpResponse<String> posted =
                admin.post("/portal/vms/act", Map.of("action", "\"><script>alert(1)", "vm", "rg-a/<script>alert(1)"));
        assertThat(posted.body()).doesNotContain("<script>alert");
    }

    @Test
    void aVmThatIsNotThere_isAPageThatSaysSo() throws Exception {
        for (String page :
                List.of("/portal/vms/rg-a/none", "/portal/vms/none/web-1", "/portal/vms/rg-a/none/console")) {
            HttpResponse<String> answer = admin.get(page);
            assertThat(answer.statusCode()).as(page).isEqualTo(404);
            assertThat(answer.body()).as(page).contains("Not there");
        }
        admin.get("/portal/vms");
        String answer = admin.post("/portal/vms/act", Map.of("action", "start", "vm", "rg-a/none"))
                .body();
        assertThat(answer).contains("<strong>1</strong> refused").contains("was not found");
    }

    @Test
    void aFormThatNamesNoVm_orNoAction_doesNothing() throws Exception {
        admin.get("/portal/vms");
        HttpResponse<String> none = admin.post("/portal/vms/act", Map.of("action", "stop"));
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body()).contains("Tick the virtual machines first");
        assertThat(admin.post("/portal/vms/act", Map.of("action", "explode", "vm", "rg-a/web-1"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(admin.post("/portal/vms/act", Map.of("action", "start", "all", "1", "q", "no such name"))
                        .body())
                .contains("No virtual machine matches any more");
    }

    @Test
    void aHostWithoutConsoles_saysSoInWords() throws Exception {
        HttpResponse<String> page = admin.get("/portal/vms/rg-a/web-1/console");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("has no serial console", "its host").doesNotContain("hx-get=\"/portal/vms");
    }
}
