package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.node.SettableClock;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A program that wants a sign-in after its request ({@code prompt=login}) gets one, and no older one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromptLoginTest {
    private static final String PASSWORD = "a good long password";
    private static final String ONCE_MORE = "Sign in once more first";

    private final SettableClock clock = new SettableClock(Instant.now());
    private RunningServer server;
    private Map<String, String> login;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withClock(clock));
        new Browser(server).welcome(server.server.firstPerson().orElseThrow().link(), PASSWORD);
        login = Map.of(
                "client_id",
                "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
                "response_type",
                "code",
                "redirect_uri",
                "http://localhost:8400",
                "scope",
                server.env("KEYTURN_SERVER") + "/arm/.default openid",
                "state",
                "s",
                "code_challenge",
                "c".repeat(43),
                "code_challenge_method",
                "S256",
                "prompt",
                "login");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String query(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("location").orElse("");
    }

    private String opened(Map<String, String> fields) throws Exception {
        String to = location(new Browser(server).get("/adfs/oauth2/authorize?" + query(fields)));
        assertThat(to).startsWith("/portal/authorize?").containsOnlyOnce("asked_at=");
        return to;
    }

    private static Map<String, String> asked(String address) {
        return Arrays.stream(address.substring(address.indexOf('?') + 1).split("&"))
                .collect(Collectors.toMap(
                        f -> f.substring(0, f.indexOf('=')),
                        f -> URLDecoder.decode(f.substring(f.indexOf('=') + 1), StandardCharsets.UTF_8)));
    }

    @Test
    void promptLogin_wantsASignInAfterTheRequest_howeverShortBeforeItTheLastOneWas() throws Exception {
        Browser browser = new Browser(server).signIn("admin", PASSWORD);
        clock.advance(Duration.ofSeconds(1));
        String page = opened(login);
        assertThat(browser.get(page).body()).contains(ONCE_MORE).doesNotContain("value=\"allow\"");
        Map<String, String> fields = asked(page);
        fields.put("decision", "allow");
        assertThat(browser.post("/portal/authorize", fields).statusCode()).isEqualTo(400);

        String signIn = location(browser.post("/portal/authorize/other", fields));
        String go = URLDecoder.decode(signIn.substring(signIn.indexOf('=') + 1), StandardCharsets.UTF_8);
        clock.advance(Duration.ofSeconds(1));
        browser.get(signIn);
        String back =
                location(browser.post("/portal/sign-in", Map.of("name", "admin", "password", PASSWORD, "go", go)));
        assertThat(browser.get(back).body()).doesNotContain(ONCE_MORE).contains("value=\"allow\"");
        Map<String, String> again = asked(back);
        again.put("decision", "allow");
        assertThat(location(browser.post("/portal/authorize", again))).startsWith("http://localhost:8400?code=");

        assertThat(browser.get(page).body())
                .as("and it is a sign-in after that request too")
                .doesNotContain(ONCE_MORE);
        assertThat(browser.get(opened(login)).body())
                .as("but none after the next one")
                .contains(ONCE_MORE);
    }

    @Test
    void promptLogin_ofWhoWasNotSignedIn_isOneSignIn() throws Exception {
        Browser browser = new Browser(server);
        String signIn = location(browser.get(opened(login)));
        String go = URLDecoder.decode(signIn.substring(signIn.indexOf('=') + 1), StandardCharsets.UTF_8);
        clock.advance(Duration.ofSeconds(1));
        browser.get(signIn);
        String back =
                location(browser.post("/portal/sign-in", Map.of("name", "admin", "password", PASSWORD, "go", go)));
        assertThat(browser.get(back).body()).doesNotContain(ONCE_MORE).contains("value=\"allow\"");
    }

    @Test
    void whenARequestCame_isSaidByTheServerAlone() throws Exception {
        Map<String, String> other = new HashMap<>(login);
        other.put("state", "another");
        String mark = asked(opened(other)).getOrDefault("asked_at", "");
        clock.advance(Duration.ofSeconds(1));
        Browser browser = new Browser(server).signIn("admin", PASSWORD);
        assertThat(browser.get("/portal/authorize?" + query(with(other, mark))).body())
                .doesNotContain(ONCE_MORE);
        for (String forged : List.of(mark, "", "1." + "A".repeat(43), "1" + mark, mark + "A", "x")) {
            assertThat(browser.get("/portal/authorize?" + query(with(login, forged)))
                            .body())
                    .as(forged)
                    .contains(ONCE_MORE);
        }
        assertThat(asked(opened(with(other, mark))).get("asked_at")).isNotEqualTo(mark);
    }

    /** However it is written, either both read it as a wish for a sign-in, or the page refuses it. */
    @Test
    void promptLogin_isReadByTheDoorAsByThePage() throws Exception {
        Browser browser = new Browser(server).signIn("admin", PASSWORD);
        for (String prompt : List.of(
                "login", " login", "login ", "consent  login", "\tlogin", "consent\tlogin", "LOGIN", "x login")) {
            Map<String, String> request = new HashMap<>(login);
            request.put("prompt", prompt);
            String to = location(browser.get("/adfs/oauth2/authorize?" + query(request)));
            assertThat(browser.get(to).body().contains(ONCE_MORE)).as(prompt).isEqualTo(to.contains("asked_at="));
        }
    }

    @Test
    void aSignIn_laterThanAnHourAfterTheRequest_isNotTheOneThatItWanted() throws Exception {
        String page = opened(login);
        clock.advance(Duration.ofMinutes(59));
        Browser browser = new Browser(server).signIn("admin", PASSWORD);
        assertThat(browser.get(page).body()).doesNotContain(ONCE_MORE);

        clock.advance(Duration.ofMinutes(2));
        Browser later = new Browser(server).signIn("admin", PASSWORD);
        assertThat(later.get(page).body()).contains(ONCE_MORE);
    }

    /** What is measured is what the client sent: the same at the door and on the page, and after a sign-in. */
    @Test
    void theLongestRequestThatTheDoorTakes_isTakenByThePageToo() throws Exception {
        Browser browser = new Browser(server);
        Map<String, String> request = new HashMap<>(login);
        request.put("state", "s".repeat(1900 - query(login).length() + 1));
        assertThat(query(request)).hasSize(1900);
        String signIn = location(browser.get(opened(request)));
        clock.advance(Duration.ofSeconds(1));
        browser.get(signIn);
        String go = URLDecoder.decode(signIn.substring(signIn.indexOf('=') + 1), StandardCharsets.UTF_8);
        String back =
                location(browser.post("/portal/sign-in", Map.of("name", "admin", "password", PASSWORD, "go", go)));
        assertThat(browser.get(back).body())
                .doesNotContain("characters", ONCE_MORE)
                .contains("value=\"allow\"");

        request.put("state", request.get("state") + "s");
        assertThat(browser.get(opened(request)).body()).contains("more than 1900 characters");
    }

    private static Map<String, String> with(Map<String, String> fields, String mark) {
        Map<String, String> all = new HashMap<>(fields);
        all.put("asked_at", mark);
        return all;
    }
}
