package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who guesses a password waits, and what somebody else made opens nothing but its change. */
class PortalLimitsTest {
    @Test
    void toLookAtALinkThatIsNotGood_isNoTry_butToUseItIs(@TempDir Path directory) throws Exception {
        try (RunningServer server = RunningServer.start(ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withLimits(Limits.defaults().with(Limit.FAILED_TOKENS_PER_ADDRESS, 2)))) {
            Browser browser = new Browser(server);
            for (int i = 0; i < 4; i++) {
                assertThat(browser.get("/portal/welcome?link=old").statusCode()).isEqualTo(401);
            }
            browser.get("/portal/sign-in");
            Map<String, String> used =
                    Map.of("link", "old", "password", "a good long password", "again", "a good long password");
            assertThat(browser.post("/portal/welcome", used).statusCode()).isEqualTo(401);
            assertThat(browser.post("/portal/welcome", used).statusCode()).isEqualTo(401);
            assertThat(browser.post("/portal/welcome", used).statusCode()).isEqualTo(429);
        }
    }

    @Test
    void theFirstPersonsPassword_opensNothingButItsChange_andGuessesAreSlowed(@TempDir Path directory)
            throws Exception {
        List<String> wrong = new ArrayList<>();
        Limits limits = ServerConfig.in(directory).limits().with(List.of("failed-sign-ins-per-person=3"), wrong);
        assertThat(wrong).isEmpty();
        try (RunningServer server = RunningServer.start(ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withLimits(limits))) {
            var first = server.server.firstPerson().orElseThrow();
            Browser admin = new Browser(server).signIn(first.name(), first.password());
            HttpResponse<String> overview = admin.get("/portal");
            assertThat(overview.statusCode()).isEqualTo(303);
            assertThat(overview.headers().firstValue("location")).contains("/portal/me/password");
            admin.get("/portal/me/password");
            assertThat(admin.post("/portal/people", Map.of("name", "friend"))
                            .headers()
                            .firstValue("location"))
                    .contains("/portal/me/password");
            String own = "a good long password";
            assertThat(admin.post("/portal/me/password", Map.of("old", first.password(), "password", own, "again", own))
                            .headers()
                            .firstValue("location"))
                    .contains("/portal");
            assertThat(admin.get("/portal").statusCode()).isEqualTo(200);

            Browser guesser = new Browser(server);
            guesser.get("/portal/sign-in");
            for (int i = 0; i < 3; i++) {
                assertThat(guess(guesser, "ADMIN").statusCode()).isEqualTo(401);
            }
            HttpResponse<String> slowed = guess(guesser, "admin");
            assertThat(slowed.statusCode()).isEqualTo(429);
            assertThat(slowed.headers().firstValue("retry-after")).isPresent();
            assertThat(slowed.body()).contains("too many tries");
            assertThat(guess(guesser, "somebody-else").statusCode()).isEqualTo(401);
            assertThat(admin.get("/portal").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void guessesAtTheSameTime_doNotPassTogether(@TempDir Path directory) throws Exception {
        List<String> wrong = new ArrayList<>();
        Limits limits = ServerConfig.in(directory).limits().with(List.of("failed-sign-ins-per-person=3"), wrong);
        try (RunningServer server = RunningServer.start(ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withLimits(limits))) {
            Browser guesser = new Browser(server);
            guesser.get("/portal/sign-in");
            List<Callable<Integer>> tries = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                tries.add(() -> guess(guesser, "admin").statusCode());
            }
            List<Integer> answers = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(12)) {
                for (Future<Integer> answer : threads.invokeAll(tries)) {
                    answers.add(answer.get());
                }
            }
            assertThat(answers).containsOnly(401, 429);
            assertThat(answers.stream().filter(a -> a == 401).count()).isLessThanOrEqualTo(4); // one may have come back
        }
    }

    private static HttpResponse<String> guess(Browser browser, String name) throws Exception {
        return browser.post("/portal/sign-in", Map.of("name", name, "password", "not the password"));
    }
}
