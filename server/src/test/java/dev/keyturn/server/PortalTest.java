package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.directory.FirstPerson;
import dev.keyturn.server.http.RoutePattern;
import java.net.URLDecoder;
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

/** What a browser gets of the portal, and what one gets that is not who it says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalTest {
    private static final String SESSION = "__Host-keyturn";
    private static final String PASSWORD = "a good long password";
    private static final List<String> OPEN = List.of(
            "/portal/sign-in",
            "/portal/sign-in/outside",
            "/portal/sign-in/outside/back",
            "/portal/sign-in/passkey",
            "/portal/welcome",
            "/portal/static/{file}");

    private RunningServer server;
    private FirstPerson.Way first;
    private Browser admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        first = server.server.firstPerson().orElseThrow();
        admin = new Browser(server).welcome(first.link(), PASSWORD);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("location").orElse("");
    }

    private static String path(RoutePattern door) {
        return door.template()
                .replaceAll("\\{id\\}", UUID.randomUUID().toString())
                .replaceAll("\\{[a-z]+\\*?\\}", "x");
    }

    private List<RoutePattern> closed(String method) {
        return server.server.api().pages().stream()
                .filter(d -> d.method().equals(method) && !OPEN.contains(d.template()))
                .toList();
    }

    /** A person without a role, signed in. */
    private Browser nobody(String name) throws Exception {
        admin.get("/portal/people");
        HttpResponse<String> made = admin.post("/portal/people", Map.of("name", name, "displayname", name));
        assertThat(made.statusCode()).isEqualTo(200);
        String link = made.body().replaceAll("(?s).*welcome\\?link=([A-Za-z0-9_-]{43}).*", "$1");
        return new Browser(server).welcome(link, PASSWORD);
    }

    @Test
    void whoIsNotSignedIn_isSentToSignIn_fromEveryPage_andNoFormIsTaken() throws Exception {
        assertThat(closed("GET")).hasSizeGreaterThan(3);
        for (RoutePattern page : closed("GET")) {
            HttpResponse<String> answer = new Browser(server).get(path(page));
            assertThat(answer.statusCode()).as(page.toString()).isEqualTo(303);
            assertThat(location(answer)).as(page.toString()).startsWith("/portal/sign-in?go=%2Fportal");
        }
        for (RoutePattern form : closed("POST")) {
            HttpResponse<String> answer = new Browser(server).postAs(path(form), Map.of(), Map.of());
            assertThat(answer.statusCode()).as(form.toString()).isEqualTo(303);
            assertThat(location(answer)).as(form.toString()).startsWith("/portal/sign-in");
        }
    }

    @Test
    void aForm_withoutItsToken_orFromAnotherOrigin_isNotTaken() throws Exception {
        admin.get("/portal/me");
        String own = "https://localhost:" + server.server.port();
        for (RoutePattern form : closed("POST")) {
            String path = path(form);
            assertThat(admin.postAs(path, Map.of(), Map.of("Origin", own)).statusCode())
                    .as("no token: " + form)
                    .isEqualTo(403);
            assertThat(admin.postAs(path, Map.of("csrf", "x" + admin.token()), Map.of("Origin", own))
                            .statusCode())
                    .as("wrong token: " + form)
                    .isEqualTo(403);
            for (Map<String, String> foreign : List.of(
                    Map.of("Origin", "https://elsewhere.example"),
                    Map.of("Origin", "null"),
                    Map.of("Origin", own + "1"),
                    Map.of("Sec-Fetch-Site", "cross-site"),
                    Map.of("Sec-Fetch-Site", "same-site"))) {
                assertThat(admin.postAs(path, Map.of("csrf", admin.token()), foreign)
                                .statusCode())
                        .as(foreign + ": " + form)
                        .isEqualTo(403);
            }
        }
        assertThat(admin.get("/portal/me").statusCode()).isEqualTo(200);
    }

    @Test
    void theTokenOfOneSession_isNoneOfAnother() throws Exception {
        Browser other = nobody("other-session");
        other.get("/portal/me");
        admin.get("/portal/me");
        HttpResponse<String> answer =
                other.postAs("/portal/me/sign-out-everywhere", Map.of("csrf", admin.token()), Map.of());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("Nothing was changed");
    }

    @Test
    void signingIn_isNotTakenWithoutTheFormsOwnCookie() throws Exception {
        Browser forger = new Browser(server);
        forger.get("/portal/sign-in");
        Browser victim = new Browser(server);
        HttpResponse<String> answer = victim.postAs(
                "/portal/sign-in", Map.of("csrf", forger.token(), "name", "admin", "password", PASSWORD), Map.of());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(victim.cookie(SESSION)).isEmpty();
    }

    @Test
    void theSession_isForThisHostAndTlsAlone_andAnotherOneAfterEachSignIn() throws Exception {
        Browser browser = new Browser(server);
        browser.plant(SESSION, "A".repeat(43));
        browser.get("/portal/sign-in");
        HttpResponse<String> answer = browser.post("/portal/sign-in", Map.of("name", "ADMIN", "password", PASSWORD));
        assertThat(answer.headers().firstValue("set-cookie").orElse(""))
                .startsWith(SESSION + "=")
                .contains("; Path=/; Secure; HttpOnly; SameSite=Lax")
                .doesNotContain("Domain");
        String begun = browser.cookie(SESSION);
        assertThat(begun).isNotEqualTo("A".repeat(43));

        Browser again = new Browser(server);
        again.plant(SESSION, begun);
        again.get("/portal/sign-in"); // signed in already: sent on
        again.signInOver("admin", PASSWORD);
        assertThat(again.cookie(SESSION)).isNotEqualTo(begun);
        Browser old = new Browser(server);
        old.plant(SESSION, begun);
        assertThat(old.get("/portal/me").statusCode()).isEqualTo(303);
    }

    @Test
    void whereToGoOnTo_isAPageOfThePortal_andNothingElse() throws Exception {
        for (String go : List.of(
                "https://elsewhere.example/",
                "//elsewhere.example/portal/",
                "/portal//elsewhere.example",
                "/portal/\\elsewhere.example",
                "/portalx",
                "/portal/../healthz",
                "/portal/me/../../adfs/oauth2/authorize?x=1",
                "/portal/%2E%2e/healthz",
                "/portal/.%2e",
                "javascript:alert(1)",
                "/subscriptions")) {
            Browser browser = new Browser(server);
            browser.get("/portal/sign-in");
            HttpResponse<String> answer =
                    browser.post("/portal/sign-in", Map.of("name", "admin", "password", PASSWORD, "go", go));
            assertThat(location(answer)).as(go).isEqualTo("/portal");
        }
        Browser browser = new Browser(server);
        for (String go : List.of("/portal/me", "/portal/sets?name=a/../b", "/portal/vms/group..a/vm...")) {
            browser.get("/portal/sign-in?again=yes&go=" + go);
            assertThat(location(
                            browser.post("/portal/sign-in", Map.of("name", "admin", "password", PASSWORD, "go", go))))
                    .isEqualTo(go);
        }
    }

    @Test
    void everyPage_holdsTheBrowserToThisServer() throws Exception {
        for (String path : List.of("/portal", "/portal/me", "/portal/people", "/portal/nothing")) {
            var headers = admin.get(path).headers();
            assertThat(headers.firstValue("content-security-policy").orElse(""))
                    .as(path)
                    .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")
                    .doesNotContain("unsafe");
            assertThat(headers.firstValue("x-frame-options")).contains("DENY");
            assertThat(headers.firstValue("cache-control")).contains("no-store");
        }
        String page = admin.get("/portal").body();
        assertThat(page).doesNotContain("style=").doesNotContain("onclick").doesNotContain("http://");
    }

    @Test
    void whoseSessionHasEnded_comesBackToTheWholeAddress_alsoFromAPartOfAPage() throws Exception {
        HttpResponse<String> page = new Browser(server).get("/portal/sets?q=a%26b&after=x");
        String go = location(page).replaceFirst(".*go=", "");
        assertThat(URLDecoder.decode(go, StandardCharsets.UTF_8)).isEqualTo("/portal/sets?after=x&q=a%26b");

        String own = "https://localhost:" + server.server.port();
        HttpResponse<String> part = server.send(
                "GET", "/portal/sets", "", Map.of("HX-Request", "true", "HX-Current-URL", own + "/portal/sets?q=a"));
        assertThat(part.statusCode()).isEqualTo(200);
        assertThat(part.body()).isEmpty();
        assertThat(part.headers().firstValue("hx-redirect")).contains("/portal/sign-in?go=%2Fportal%2Fsets%3Fq%3Da");
        HttpResponse<String> foreign = server.send(
                "GET", "/portal", "", Map.of("HX-Request", "true", "HX-Current-URL", "https://elsewhere.example/x"));
        assertThat(foreign.headers().firstValue("hx-redirect")).contains("/portal/sign-in?go=%2Fportal");
    }

    @Test
    void whatIsNoPage_isAnsweredWithAPage_notWithJson() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE")) {
            HttpResponse<String> answer = server.send(method, "/portal/nothing", "", Map.of());
            assertThat(answer.statusCode()).as(method).isEqualTo(404);
            assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/html");
            assertThat(answer.headers().firstValue("content-security-policy")).isPresent();
        }
        HttpResponse<String> large = server.send(
                "POST",
                "/portal/sign-in",
                "name=" + "x".repeat(20_000),
                Map.of("Content-Type", "application/x-www-form-urlencoded"));
        assertThat(large.statusCode()).isIn(403, 413);
        assertThat(large.headers().firstValue("content-type").orElse("")).startsWith("text/html");
        assertThat(server.get("/portalx").headers().firstValue("content-type").orElse(""))
                .contains("json");
    }

    @Test
    void aNameThatLooksLikeAProgramOrTheServer_isRefused() throws Exception {
        for (String name : List.of("Keyturn", UUID.randomUUID().toString(), "-x", "x", "a b", "a/b")) {
            admin.get("/portal/people");
            assertThat(admin.post("/portal/people", Map.of("name", name)).statusCode())
                    .as(name)
                    .isEqualTo(400);
        }
    }

    @Test
    void aFile_isKeptForEver_underAnAddressOfItsContent() throws Exception {
        String page = admin.get("/portal").body();
        String css = page.replaceAll("(?s).*href=\"(/portal/static/portal-[^\"]+\\.css)\".*", "$1");
        HttpResponse<String> answer = new Browser(server).get(css);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("cache-control").orElse("")).contains("immutable");
        assertThat(answer.headers().firstValue("content-type")).contains("text/css; charset=utf-8");
        assertThat(new Browser(server).get("/portal/static/portal.css").statusCode())
                .isEqualTo(404);
        assertThat(new Browser(server).get("/portal/static/..%2Fportal.css").statusCode())
                .isIn(400, 404);
    }

    @Test
    void whatPeopleAreCalled_isNoMarkup() throws Exception {
        admin.get("/portal/people");
        String evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        assertThat(admin.post("/portal/people", Map.of("name", "evil", "displayname", evil))
                        .statusCode())
                .isEqualTo(200);
        String page = admin.get("/portal/people").body();
        assertThat(page)
                .contains("&lt;script&gt;")
                .doesNotContain("<script>alert")
                .doesNotContain("<img src=x");
        String form = admin.post("/portal/people", Map.of("name", "<b>", "displayname", evil))
                .body();
        assertThat(form).doesNotContain("<script>alert").doesNotContain("<b>").doesNotContain("value=\"<");
    }

    @Test
    void whoHasNoRole_seesNothing_andInvitesNobody() throws Exception {
        Browser nobody = nobody("norole");
        assertThat(nobody.get("/portal").body()).contains("You may not see any disk encryption set");
        HttpResponse<String> people = nobody.get("/portal/people");
        assertThat(people.statusCode()).isEqualTo(403);
        assertThat(people.body()).contains("Microsoft.Authorization/people/read");
        nobody.get("/portal/me");
        HttpResponse<String> invited = nobody.post("/portal/people", Map.of("name", "friend"));
        assertThat(invited.statusCode()).isEqualTo(403);
        assertThat(invited.body()).contains("Microsoft.Authorization/people/write");
        assertThat(admin.get("/portal/people").body()).doesNotContain("friend");
    }

    @Test
    void aWrongPassword_isRefused_andTheNameStays() throws Exception {
        Browser browser = new Browser(server);
        browser.get("/portal/sign-in");
        HttpResponse<String> wrong =
                browser.post("/portal/sign-in", Map.of("name", "admin", "password", first.password()));
        assertThat(wrong.statusCode()).isEqualTo(401); // the link has set another one
        assertThat(wrong.body())
                .contains("The name or the password is not right")
                .contains("value=\"admin\"");
    }

    @Test
    void signingOut_endsTheSession() throws Exception {
        Browser browser = nobody("leaver");
        String before = browser.cookie(SESSION);
        browser.get("/portal/me");
        assertThat(location(browser.post("/portal/sign-out", Map.of()))).isEqualTo("/portal/sign-in");
        assertThat(browser.cookie(SESSION)).isEmpty();
        Browser thief = new Browser(server);
        thief.plant(SESSION, before);
        assertThat(thief.get("/portal/me").statusCode()).isEqualTo(303);
    }

    @Test
    void signingOutEverywhere_endsAllSessions() throws Exception {
        Browser one = nobody("everywhere");
        Browser two = new Browser(server).signIn("everywhere", PASSWORD);
        one.get("/portal/me");
        one.post("/portal/me/sign-out-everywhere", Map.of());
        assertThat(two.get("/portal/me").statusCode()).isEqualTo(303);
    }

    @Test
    void aLinkThatIsNoneOrWasUsed_saysSo_andSetsNothing() throws Exception {
        for (String link : List.of("", "x", first.link())) {
            Browser browser = new Browser(server);
            HttpResponse<String> answer = browser.get("/portal/welcome?link=" + link);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("not good any more");
            browser.get("/portal/sign-in");
            assertThat(browser.post("/portal/welcome", Map.of("link", link, "password", PASSWORD, "again", PASSWORD))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aPasswordThatWillNotDo_isRefusedWithTheReason_andTheLinkStaysGood() throws Exception {
        admin.get("/portal/people");
        String made = admin.post("/portal/people", Map.of("name", "short-one")).body();
        String link = made.replaceAll("(?s).*welcome\\?link=([A-Za-z0-9_-]{43}).*", "$1");
        Browser browser = new Browser(server);
        browser.get("/portal/welcome?link=" + link);
        HttpResponse<String> shorter =
                browser.post("/portal/welcome", Map.of("link", link, "password", "short", "again", "short"));
        assertThat(shorter.statusCode()).isEqualTo(400);
        assertThat(shorter.body()).contains("12 to 200 characters");
        HttpResponse<String> other =
                browser.post("/portal/welcome", Map.of("link", link, "password", PASSWORD, "again", PASSWORD + "!"));
        assertThat(other.body()).contains("not the same");
        browser.welcome(link, PASSWORD);
        assertThat(browser.get("/portal/me").body()).contains("short-one");
    }
}
