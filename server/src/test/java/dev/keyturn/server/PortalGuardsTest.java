package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.keys.passkey.SoftAuthenticator;
import dev.keyturn.server.http.RoutePattern;
import dev.keyturn.server.limits.Limits;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every answer of the portal says to a browser, and what somebody who guesses keeps nobody else from. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalGuardsTest {
    private static final String PASSWORD = "a good long password";

    private static final Pattern SAME = Pattern.compile(
            "<details class=\"same\">[\\s\\S]*?<code data-method=\"[A-Z]+\"|<p class=\"same quiet\">[^<]{20,300}</p>");

    private RunningServer server;
    private Browser admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withLimits(limits(directory)));
        admin = new Browser(server)
                .welcome(server.server.firstPerson().orElseThrow().link(), PASSWORD);
    }

    private static Limits limits(Path directory) {
        List<String> wrong = new ArrayList<>();
        Limits limits = ServerConfig.in(directory)
                .limits()
                .with(List.of("failed-sign-ins-per-person=3", "failed-tokens-per-client=4"), wrong);
        assertThat(wrong).isEmpty();
        return limits;
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String invite(String path, Map<String, String> fields) throws Exception {
        admin.get("/portal/people");
        return admin.post(path, fields).body().replaceAll("(?s).*welcome\\?link=([A-Za-z0-9_-]{43}).*", "$1");
    }

    private static String path(RoutePattern door) {
        return door.template()
                .replaceAll("\\{id\\}", UUID.randomUUID().toString())
                .replaceAll("\\{[a-z]+\\*?\\}", "x");
    }

    /** The same as az and REST, or one line that says that there is none. What a form looks up while one types is no page. */
    private static void saysItsStep(String what, HttpResponse<String> answer) {
        if (answer.body().contains("</html>")) {
            assertThat(answer.body())
                    .as(what)
                    .containsOnlyOnce("<!doctype html>")
                    .containsPattern(SAME);
        }
    }

    private static void held(String what, HttpResponse<String> answer) {
        var headers = answer.headers();
        assertThat(headers.firstValue("content-security-policy").orElse(""))
                .as(what)
                .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")
                .doesNotContain("unsafe")
                .doesNotContain("http");
        assertThat(headers.firstValue("x-frame-options")).as(what).contains("DENY");
        assertThat(headers.firstValue("cache-control").orElse("")).as(what).contains("no-store");
        assertThat(headers.firstValue("x-content-type-options")).as(what).contains("nosniff");
    }

    @Test
    void everyAnswerOfAPage_isHeldToThisServer_signedInOrNot_andWhatWasRefused() throws Exception {
        int pages = 0;
        for (RoutePattern door : server.server.api().pages()) {
            if (door.template().matches("/portal/(static/.*|live)")) {
                continue; // no pages: files, which are the same for all, and the stream of changes
            }
            boolean page = door.method().equals("GET");
            if (!page) {
                admin.get("/portal/me"); // for the token of its forms
            }
            boolean leaves = door.template().matches(".*(sign-out|authorize/other).*");
            HttpResponse<String> answer = page
                    ? admin.get(path(door))
                    : leaves ? new Browser(server).post(path(door), Map.of()) : admin.post(path(door), Map.of());
            if (answer.statusCode() != 303) {
                held(door + ": " + answer.statusCode(), answer);
                saysItsStep(door.toString(), answer);
                pages++;
            }
            HttpResponse<String> asNobody =
                    page ? new Browser(server).get(path(door)) : new Browser(server).post(path(door), Map.of());
            if (asNobody.statusCode() != 303) {
                held(door + " as nobody: " + asNobody.statusCode(), asNobody);
                saysItsStep(door + " as nobody", asNobody);
                pages++;
            }
        }
        assertThat(pages).isGreaterThan(20);
    }

    @Test
    void whoGuessesAtAName_keepsItsPersonsSessionsLinksAndPasskeysFromNothing() throws Exception {
        String link = invite("/portal/people", Map.of("name", "ann"));
        Browser ann = new Browser(server).welcome(link, PASSWORD);
        SoftAuthenticator key = new SoftAuthenticator("https://localhost:" + server.server.port(), "localhost");
        PasskeyForms.add(ann, key, "key");

        Browser guesser = new Browser(server);
        guesser.get("/portal/sign-in");
        int last = 0;
        for (int i = 0; i < 4; i++) {
            last = guesser.post("/portal/sign-in", Map.of("name", "ann", "password", "not the password"))
                    .statusCode();
        }
        assertThat(last).isEqualTo(429);
        guesser.get("/portal/sign-in");
        assertThat(guesser.post("/portal/sign-in", Map.of("name", "ann", "password", PASSWORD))
                        .statusCode())
                .isEqualTo(429); // nor does the right one pass while it is so

        assertThat(ann.get("/portal/me").statusCode()).isEqualTo(200);
        Browser again = new Browser(server);
        assertThat(PasskeyForms.sign(again, key, PasskeyForms.handle(ann)).statusCode())
                .isEqualTo(303);
        String id = PasskeyForms.id(ann);
        new Browser(server).welcome(invite("/portal/people/" + id + "/reset", Map.of()), PASSWORD + "!");
    }

    @Test
    void whoTriesPasskeys_isSlowedByAddress_whateverTheyAre(@TempDir Path directory) throws Exception {
        try (RunningServer other = RunningServer.start(ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withLimits(limits(directory)))) {
            Browser guesser = new Browser(other);
            SoftAuthenticator unknown = new SoftAuthenticator("https://localhost:" + other.server.port(), "localhost");
            for (int i = 0; i < 4; i++) {
                assertThat(PasskeyForms.sign(guesser, unknown, new byte[16]).statusCode())
                        .isEqualTo(401);
            }
            HttpResponse<String> slowed = PasskeyForms.sign(guesser, unknown, new byte[16]);
            assertThat(slowed.statusCode()).isEqualTo(429);
            assertThat(slowed.headers().firstValue("retry-after")).isPresent();
        }
    }
}
