package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.directory.FirstPerson;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.json.Json;
import dev.keyturn.server.identity.outside.FakeProvider;
import dev.keyturn.server.identity.outside.ProviderOptions;
import dev.keyturn.server.portal.frame.Csrf;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What a browser gets of the portal where a provider outside signs people in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalOutsideTest {
    private static final String SESSION = "__Host-keyturn";
    private static final String START = "/portal/sign-in/outside";

    private Path directories;
    private FakeProvider provider;
    private ServerConfig config;
    private RunningServer server;
    private FirstPerson.Way first;
    private Browser admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        directories = directory;
        provider = new FakeProvider(directory, Clock.systemUTC());
        Path file = Files.writeString(
                directory.resolve("oidc.json"),
                "{\"clientId\":\"keyturn\",\"caFile\":\"provider-ca.pem\",\"groups\":{\"nights\":\"Night shift\"}}");
        config = ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withProvider(new ProviderOptions(Optional.of(provider.issuer()), Optional.of(file)));
        server = RunningServer.start(config);
        first = server.server.firstPerson().orElseThrow();
        admin = new Browser(server);
        admin.get("/portal/welcome?link=" + first.link());
        assertThat(admin.post("/portal/welcome", Map.of("link", first.link())).statusCode())
                .isEqualTo(303);
    }

    @BeforeEach
    void everythingWell() {
        provider.claims.clear();
        is("s1", "ann", List.of("nights"));
    }

    @AfterAll
    void stop() {
        server.close();
        provider.close();
    }

    /** Who signs in at the provider from now on. */
    private void is(String subject, String name, List<String> groups) {
        provider.subject = subject;
        provider.claims.put("preferred_username", name);
        provider.claims.put("groups", groups);
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("location").orElse("");
    }

    /** The address that the provider sends the browser back to. */
    private String there(Browser browser, String start) throws Exception {
        String to = location(browser.get(start));
        assertThat(to).startsWith(provider.issuer() + "/authorize?");
        return START + "/back?"
                + provider.signIn(URI.create(to)).entrySet().stream()
                        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
    }

    private String enter(Browser browser, String start) throws Exception {
        HttpResponse<String> answer = browser.get(there(browser, start));
        assertThat(answer.headers().firstValue("referrer-policy")).contains("no-referrer");
        return location(answer);
    }

    private Browser signedIn() throws Exception {
        Browser browser = new Browser(server);
        assertThat(enter(browser, START)).isEqualTo("/portal");
        return browser;
    }

    @Test
    void aDeepLink_leadsToTheProvider_andBackToThePage_inAnotherSessionThanBefore() throws Exception {
        Browser browser = new Browser(server);
        browser.plant(SESSION, "f".repeat(43));
        String signIn = location(browser.get("/portal/me?x=1"));
        HttpResponse<String> page = browser.get(signIn);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("Sign in at localhost", START + "?go=%2Fportal%2Fme%3Fx%3D1")
                .doesNotContain("type=\"password\"", "passkey");
        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .contains("form-action 'self'")
                .doesNotContain("unsafe", "localhost");
        assertThat(enter(browser, START + "?go=%2Fportal%2Fme%3Fx%3D1")).isEqualTo("/portal/me?x=1");
        assertThat(browser.cookie(SESSION)).isNotEqualTo("f".repeat(43));
        HttpResponse<String> me = browser.get("/portal/me");
        assertThat(me.body())
                .contains("ann", "provider", provider.issuer())
                .doesNotContain("Passkeys", "Change your password");
        assertThat(browser.get("/portal/me/password").statusCode()).isEqualTo(409);
    }

    @Test
    void whereTheAnswerLeadsOn_isAPageOfThePortal_andNothingElse() throws Exception {
        for (String go : List.of("https://elsewhere.example", "//elsewhere.example", "/portal//x", "/other")) {
            assertThat(enter(new Browser(server), START + "?go=" + URLEncoder.encode(go, StandardCharsets.UTF_8)))
                    .as(go)
                    .isEqualTo("/portal");
        }
    }

    @Test
    void anAnswer_thatAnotherBrowserBrings_orComesTwice_signsNobodyIn() throws Exception {
        Browser own = new Browser(server);
        String back = there(own, START);
        Browser victim = new Browser(server);
        victim.get("/portal/sign-in");
        assertThat(location(victim.get(back))).contains("why=ANSWER");
        assertThat(victim.cookie(SESSION)).isEmpty();
        assertThat(location(own.get(back))).isEqualTo("/portal");
        assertThat(location(own.get(back))).contains("why=ANSWER");
    }

    private long records() throws Exception {
        return RunningServer.json(server.arm("GET", "/keyturn/audit?api-version=2024-07-01&$top=1", ""))
                .path("value")
                .path(0)
                .path("sequence")
                .longValue();
    }

    @Test
    void answersToNothingThatWasBegun_lockNobodyOut_andAreNotRecorded() throws Exception {
        Browser browser = new Browser(server);
        String back = there(browser, START);
        Browser victim = new Browser(server);
        long before = records();
        for (int i = 0; i < 200; i++) {
            assertThat(location(victim.get(START + "/back?state=x&code=y"))).contains("why=ANSWER");
        }
        assertThat(records() - before).isLessThan(10);
        assertThat(location(browser.get(back))).isEqualTo("/portal");
        for (int i = 0; i < 20; i++) {
            signedIn();
        }
    }

    @Test
    void answersThatProveNobody_areBounded_andEveryAnswerLeadsAwayFromTheCode(@TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(
                directory.resolve("oidc.json"),
                "{\"clientId\":\"keyturn\",\"caFile\":\"" + directories.resolve("provider-ca.pem")
                        + "\",\"everybody\":true}");
        ServerConfig narrow = ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withProvider(new ProviderOptions(Optional.of(provider.issuer()), Optional.of(file)));
        List<String> wrong = new ArrayList<>();
        narrow = narrow.withLimits(narrow.limits().with(List.of("outside-answers-per-address=2"), wrong));
        try (RunningServer other = RunningServer.start(narrow)) {
            Browser browser = new Browser(other);
            String back = there(browser, START).replaceAll("code=[^&]*", "code=no");
            assertThat(location(browser.get(back))).contains("why=ANSWER");
            assertThat(location(browser.get(back))).contains("why=ANSWER");
            assertThat(location(browser.get(back))).contains("why=BUSY").doesNotContain("code=", "state=");
            assertThat(browser.get("/portal/sign-in?why=BUSY").body()).contains("Wait a minute");
        }
    }

    @Test
    void whoIsNotLetIn_isToldWhy_inAnAddressThatHasNothingOfTheAnswer() throws Exception {
        is("s-out", "out", List.of("others"));
        Browser browser = new Browser(server);
        String to = enter(browser, START + "?go=%2Fportal%2Fsets");
        assertThat(to).isEqualTo("/portal/sign-in?go=%2Fportal%2Fsets&why=NOT_LET_IN");
        HttpResponse<String> page = browser.get(to);
        assertThat(page.statusCode()).isEqualTo(401);
        assertThat(page.body()).contains("says of no group that is let in here");
        is("s-admin", "Admin", List.of("nights"));
        assertThat(browser.get(enter(browser, START)).body()).contains("belongs to another person here");
    }

    @Test
    void rolesOfAMappedGroup_areTheirsWhoAreInItThere_untilTheNextSignInSaysOtherwise() throws Exception {
        HttpResponse<String> groups = server.arm("GET", "/keyturn/groups?api-version=2025-01-01", "");
        assertThat(groups.statusCode()).as(groups.body()).isEqualTo(200);
        String group =
                RunningServer.json(groups).path("value").path(0).path("id").stringValue();
        HttpResponse<String> given = server.arm(
                "PUT",
                server.subscription() + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID()
                        + "?api-version=2022-04-01",
                "{\"properties\":{\"principalId\":\"" + group + "\",\"roleDefinitionId\":\""
                        + server.subscription() + "/providers/Microsoft.Authorization/roleDefinitions/"
                        + Roles.OWNER.id() + "\"}}");
        assertThat(given.statusCode()).as(given.body()).isEqualTo(201);
        is("s2", "bea", List.of("nights"));
        Browser bea = signedIn();
        HttpResponse<String> page = bea.get("/portal/people");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("How people come here", "by an emergency link alone", provider.issuer() + ", as s2")
                .doesNotContain("Invite somebody</h2>", "/reset");
        HttpResponse<String> night = bea.get("/portal/groups/Night%20shift");
        assertThat(night.body())
                .contains("Who is in it is said by", "bea")
                .doesNotContain("Put somebody in", "Take out", "Delete the group");
        assertThat(bea.post("/portal/groups/Night%20shift/remove", Map.of("person", "bea"))
                        .statusCode())
                .isEqualTo(409);
        assertThat(bea.post("/portal/people", Map.of("name", "cleo", "displayname", "Cleo"))
                        .body())
                .contains("Nobody is invited here");

        is("s3", "dan", List.of("nights"));
        Browser dan = signedIn();
        bea.get("/portal/people");
        String id =
                bea.get("/portal/people").body().replaceAll("(?s).*?>dan<.*?/portal/people/([0-9a-f-]{36})/.*", "$1");
        assertThat(bea.post("/portal/people/" + id + "/delete", Map.of("label", "dan"))
                        .statusCode())
                .isEqualTo(303);
        assertThat(dan.get("/portal").statusCode()).isEqualTo(303);
        assertThat(enter(dan, START)).contains("why=SHUT_OUT");
        assertThat(bea.get("/portal/people").body()).contains("Deleted here, so shut out", "s3");
        assertThat(server.arm("GET", "/keyturn/shutOut?api-version=2025-01-01", "")
                        .body())
                .contains("\"s3\"");
        assertThat(server.arm("POST", "/keyturn/shutOut/readmit?api-version=2025-01-01", "{\"issuer\":\"x\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.arm(
                                "POST",
                                "/keyturn/shutOut/readmit?api-version=2025-01-01",
                                "{\"issuer\":\"" + provider.issuer() + "\",\"subject\":\"s3\"}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(enter(dan, START)).isEqualTo("/portal");
        id = bea.get("/portal/people").body().replaceAll("(?s).*?>dan<.*?/portal/people/([0-9a-f-]{36})/.*", "$1");
        assertThat(bea.post("/portal/people/" + id + "/delete", Map.of("label", "dan"))
                        .statusCode())
                .isEqualTo(303);
        bea.get("/portal/people");
        bea.post("/portal/people/readmit", Map.of("issuer", provider.issuer(), "subject", "s3"));
        assertThat(enter(dan, START)).isEqualTo("/portal");

        is("s2", "bea", List.of());
        assertThat(enter(new Browser(server), START)).contains("why=NOT_LET_IN");
        assertThat(location(bea.get("/portal/people"))).startsWith("/portal/sign-in");
    }

    @Test
    void passwordsAndPasskeys_letNobodyIn() throws Exception {
        Browser browser = new Browser(server);
        browser.get("/portal/sign-in");
        for (String form : List.of("/portal/sign-in", "/portal/sign-in/passkey")) {
            Map<String, String> fields = Map.of(
                    "name",
                    "admin",
                    "password",
                    first.password(),
                    "csrf",
                    Csrf.token(browser.cookie("__Host-keyturn-form")));
            HttpResponse<String> answer = browser.postAs(form, fields, Map.of("Origin", server.server.url()));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
            assertThat(browser.cookie(SESSION)).isEmpty();
        }
        assertThat(admin.get("/portal/me").statusCode()).isEqualTo(200);
    }

    @Test
    void aSignInThatTheProviderOnlyRemembered_letsNoProgramIn_oneAgainDoes() throws Exception {
        is("s4", "eve", List.of("nights"));
        Browser eve = signedIn();
        HttpResponse<String> begun = server.signIn(
                "/adfs/oauth2/devicecode",
                Map.of(
                        "client_id",
                        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
                        "scope",
                        server.env("KEYTURN_SERVER") + "/arm/.default offline_access"));
        String code = RunningServer.json(begun).get("user_code").stringValue();
        eve.get("/portal/device");
        HttpResponse<String> asked = eve.post("/portal/device", Map.of("code", code));
        assertThat(asked.body()).contains("sign in again first");
        assertThat(location(eve.post("/portal/device/decide", Map.of("code", code, "decision", "allow"))))
                .startsWith("/portal/sign-in?again=yes");
        HttpResponse<String> page = eve.get("/portal/sign-in?again=yes&go=/portal/device");
        assertThat(page.body()).contains("once more who you are", "again=yes");
        assertThat(enter(eve, START + "?again=yes&go=/portal/device")).isEqualTo("/portal/device");
        eve.get("/portal/device");
        assertThat(eve.post("/portal/device", Map.of("code", code)).body()).doesNotContain("sign in again first");
        assertThat(eve.post("/portal/device/decide", Map.of("code", code, "decision", "allow"))
                        .statusCode())
                .isEqualTo(200);
    }

    /** As an SDK's or az's interactive sign-in goes, with a person whom the provider signs in. */
    @Test
    void programThatOpensABrowser_getsItsTokens_forAPersonWhoSignedInThereJustNow() throws Exception {
        is("s6", "gus", List.of("nights"));
        String arm = server.env("KEYTURN_SERVER") + "/arm/.default offline_access openid profile";
        String verifier = "v".repeat(43);
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        Map<String, String> asked = Map.of(
                "client_id",
                AZ,
                "response_type",
                "code",
                "redirect_uri",
                "http://localhost:8400",
                "scope",
                arm,
                "state",
                "s",
                "nonce",
                "n",
                "code_challenge",
                challenge,
                "code_challenge_method",
                "S256",
                "prompt",
                "login");
        Browser gus = new Browser(server);
        String page = location(gus.get("/adfs/oauth2/authorize?" + query(asked)));
        String signIn = location(gus.get(page));
        assertThat(signIn).startsWith("/portal/sign-in?");
        String start = START + "?" + URI.create(signIn).getRawQuery();
        String asking = enter(gus, start);
        assertThat(asking).startsWith("/portal/authorize?");
        HttpResponse<String> stale = gus.get(asking);
        assertThat(stale.body()).as("the provider only remembered gus").contains("Sign in once more first");
        assertThat(enter(gus, start + "&again=yes")).isEqualTo(asking);
        HttpResponse<String> shown = gus.get(asking);
        assertThat(shown.body()).contains("Continue").doesNotContain("Sign in once more");

        Map<String, String> fields = new HashMap<>(FORM_FIELD
                .matcher(shown.body())
                .results()
                .collect(Collectors.toMap(r -> r.group(1), r -> plain(r.group(2)), (a, _) -> a)));
        fields.put("decision", "allow");
        String back = location(gus.post("/portal/authorize", fields));
        assertThat(back).startsWith("http://localhost:8400").contains("state=s");
        HttpResponse<String> tokens = server.signIn(
                "/adfs/oauth2/token",
                Map.of(
                        "client_id",
                        AZ,
                        "grant_type",
                        "authorization_code",
                        "code",
                        back.replaceAll(".*[?&]code=([^&]*).*", "$1"),
                        "redirect_uri",
                        "http://localhost:8400",
                        "code_verifier",
                        verifier));
        assertThat(tokens.statusCode()).as(tokens.body()).isEqualTo(200);
        ObjectNode claims = Json.parseObject(Base64.getUrlDecoder()
                .decode(RunningServer.json(tokens)
                        .path("id_token")
                        .stringValue()
                        .split("\\.")[1]));
        assertThat(claims.path("preferred_username").stringValue()).isEqualTo("gus");
        assertThat(claims.path("auth_time").longValue())
                .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
        HttpResponse<String> listed = server.send(
                "GET",
                server.subscription() + "/resourcegroups?api-version=2021-04-01",
                "",
                Map.of(
                        "Authorization",
                        "Bearer "
                                + RunningServer.json(tokens)
                                        .path("access_token")
                                        .stringValue()));
        assertThat(listed.statusCode()).as(listed.body()).isEqualTo(200);
    }

    private static final String AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    private static final Pattern FORM_FIELD =
            Pattern.compile("<input type=\"hidden\" name=\"([a-z_]+)\" value=\"([^\"]*)\"");

    private static String plain(String html) {
        return html.replace("&#34;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    }

    private static String query(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Test
    void localPerson_whoWasInAMappedGroupBefore_isTakenOutOfItByItsPage(@TempDir Path directory) throws Exception {
        ServerConfig alone =
                ServerConfig.in(directory.resolve("data")).withPort(0).withDrain(Duration.ofSeconds(2));
        String scope;
        try (RunningServer before = RunningServer.start(alone)) {
            HttpResponse<String> made =
                    before.arm("POST", "/keyturn/groups?api-version=2025-01-01", "{\"name\":\"Night shift\"}");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            String id = RunningServer.json(made).path("id").stringValue();
            assertThat(before.arm("PUT", "/keyturn/groups/Night%20shift/members/admin?api-version=2025-01-01", "{}")
                            .statusCode())
                    .isBetween(200, 204);
            scope = before.subscription();
            HttpResponse<String> given = before.arm(
                    "PUT",
                    scope + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID()
                            + "?api-version=2022-04-01",
                    "{\"properties\":{\"principalId\":\"" + id + "\",\"roleDefinitionId\":\"" + scope
                            + "/providers/Microsoft.Authorization/roleDefinitions/" + Roles.OWNER.id() + "\"}}");
            assertThat(given.statusCode()).as(given.body()).isEqualTo(201);
        }
        Path file = Files.writeString(
                directory.resolve("oidc.json"),
                "{\"clientId\":\"keyturn\",\"caFile\":\"" + directories.resolve("provider-ca.pem")
                        + "\",\"groups\":{\"nights\":\"Night shift\"}}");
        try (RunningServer other = RunningServer.start(
                alone.withProvider(new ProviderOptions(Optional.of(provider.issuer()), Optional.of(file))))) {
            is("s7", "hal", List.of("nights"));
            Browser hal = new Browser(other);
            assertThat(enter(hal, START)).isEqualTo("/portal");
            String page = "/portal/groups/Night%20shift";
            assertThat(hal.get(page).body())
                    .contains("Of some it says nothing", "Take out<span class=\"unseen\"> admin</span>")
                    .doesNotContain("Take out<span class=\"unseen\"> hal</span>", "Put somebody in");
            assertThat(location(hal.post(page + "/remove", Map.of("person", "admin"))))
                    .isEqualTo(page);
            assertThat(hal.get(page).body()).doesNotContain("Take out", "Of some it says nothing");
        }
    }

    @Test
    void signingOut_isDoneHere_andOfferedThere() throws Exception {
        Browser browser = signedIn();
        browser.get("/portal/me");
        String out = location(browser.post("/portal/sign-out", Map.of()));
        assertThat(browser.cookie(SESSION)).isEmpty();
        assertThat(browser.get(out).body())
                .contains("You are signed out here", provider.issuer() + "/out?client_id=keyturn");
    }

    @Test
    void addressOtherThanTheServersOwn_leadsThereFirst() throws Exception {
        HttpResponse<String> answer = server.send(
                "GET", START + "?go=%2Fportal%2Fsets", "", Map.of("Host", "127.0.0.1:" + server.server.port()));
        assertThat(location(answer)).isEqualTo(server.server.url() + START + "?go=%2Fportal%2Fsets");
    }

    @Test
    void providerThatIsAway_isSaid_andHarmsNothingElse(@TempDir Path directory) throws Exception {
        FakeProvider gone = new FakeProvider(directory, Clock.systemUTC());
        gone.close();
        Path file = Files.writeString(
                directory.resolve("oidc.json"),
                "{\"clientId\":\"keyturn\",\"caFile\":\"provider-ca.pem\",\"everybody\":true}");
        ServerConfig away = ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withProvider(new ProviderOptions(Optional.of(gone.issuer()), Optional.of(file)));
        try (RunningServer other = RunningServer.start(away)) {
            Browser browser = new Browser(other);
            HttpResponse<String> page = browser.get("/portal/sign-in?go=%2Fportal%2Fsets");
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.headers().firstValue("retry-after")).contains("10");
            assertThat(page.body()).contains("Nobody can sign in at the moment", "reset-password");
            assertThat(location(browser.get(START + "?go=%2Fportal%2Fsets"))).startsWith("/portal/sign-in?go=");
            assertThat(other.get("/readyz").statusCode()).isEqualTo(200);
        }
    }
}
