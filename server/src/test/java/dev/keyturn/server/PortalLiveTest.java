package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.limits.Limit;
import dev.keyturn.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pages that are open are told of changes, as long as their session lasts, and nobody can take more than a share. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalLiveTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Path data;
    private RunningServer server;
    private PortalFleet fleet;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        data = directory.resolve("data");
        server = RunningServer.start(config(data));
        fleet = new PortalFleet(server);
        fleet.vault("livevault");
        String key = fleet.key("livevault", "k");
        fleet.grant(fleet.vaultId("livevault"), PortalFleet.ENCRYPTION_USER, fleet.set("alive", key));
        fleet.vm("alive-a", "alive");
    }

    private static ServerConfig config(Path data) {
        return ServerConfig.in(data).withPort(0).withDrain(Duration.ofSeconds(10));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** What is told on one connection, line by line. */
    private static final class Told implements AutoCloseable {
        private final HttpResponse<InputStream> answer;
        private final BufferedReader lines;

        Told(HttpResponse<InputStream> answer) {
            this.answer = answer;
            this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        static Told to(Browser browser, Map<String, String> more) throws Exception {
            HttpResponse<InputStream> answer = browser.listen(more);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
            return new Told(answer);
        }

        /** The next event's name and id; empty at the end. */
        Optional<Map.Entry<String, String>> next() throws IOException {
            String event = "";
            String id = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.isEmpty() && !event.isEmpty()) {
                    return Optional.of(Map.entry(event, id));
                }
            }
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            answer.body().close();
        }
    }

    private static String seen(String page) {
        return page.replaceAll("(?s).*<html[^>]* data-seen=\"([^\"]+)\".*", "$1");
    }

    @Test
    void pageIsTold_thatAVmChanges_andItsRegionSaysWhat() throws Exception {
        Browser looks = fleet.person("looks");
        fleet.grant(server.subscription(), PortalFleet.READER, PortalFleet.objectId(looks));
        String page = looks.get("/portal/vms/fleet/alive-a").body();
        try (Told told = Told.to(looks, Map.of("Last-Event-ID", seen(page)))) {
            fleet.arm("POST", fleet.vmId("alive-a") + "/deallocate", "2024-07-01", "");
            Map.Entry<String, String> change = told.next().orElseThrow();
            assertThat(change.getKey()).isEqualTo("change");
            assertThat(change.getValue()).isNotEqualTo(seen(page));
            // it is told until the page has all of it
            String now = looks.look("/portal/vms/fleet/alive-a").body();
            while (!now.contains("Deallocated")) {
                assertThat(told.next().orElseThrow().getKey()).isEqualTo("change");
                now = looks.look("/portal/vms/fleet/alive-a").body();
            }
        }
    }

    @Test
    void whoHeardOfAnotherProcess_isToldAtOnce_andWhoKnowsThePresentMomentIsNot() throws Exception {
        Browser looks = fleet.person("returns");
        HttpResponse<String> moment = looks.get("/portal/live");
        assertThat(moment.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
        try (Told told = Told.to(looks, Map.of("Last-Event-ID", "deadbeef-7"))) {
            assertThat(told.next().orElseThrow().getKey()).isEqualTo("change");
        }
    }

    @Test
    void manyPagesOfOnePerson_areTooMany_andSaySo_andOthersAreHeard() throws Exception {
        Browser greedy = fleet.person("greedy");
        int most = (int) Limit.STREAMS_PER_PRINCIPAL.byDefault(1 << 30);
        List<Told> open = new ArrayList<>();
        try {
            for (int i = 0; i < most; i++) {
                open.add(Told.to(greedy, Map.of()));
            }
            for (int i = most; i < 100; i++) {
                try (InputStream refusal = check429(greedy.listen(Map.of()))) {
                    assertThat(new String(refusal.readAllBytes(), StandardCharsets.UTF_8))
                            .contains("As many pages of this person");
                }
            }
            assertThat(greedy.get("/portal/me").statusCode()).isEqualTo(200);
            Told.to(fleet.person("modest"), Map.of()).close();
        } finally {
            for (Told told : open) {
                told.close();
            }
        }
        // whose pages are closed has room again
        Eventually.holds("no room", LIMIT, () -> {
            HttpResponse<InputStream> again = greedy.listen(Map.of());
            again.body().close();
            return again.statusCode() == 200;
        });
    }

    private static InputStream check429(HttpResponse<InputStream> answer) {
        assertThat(answer.statusCode()).isEqualTo(429);
        return answer.body();
    }

    @Test
    void whoSignsOut_isToldNothingMore() throws Exception {
        Browser leaves = fleet.person("leaves");
        String seen = seen(leaves.get("/portal/me").body());
        try (Told told = Told.to(leaves, Map.of("Last-Event-ID", seen))) {
            leaves.get("/portal/me");
            assertThat(leaves.post("/portal/sign-out", Map.of()).statusCode()).isEqualTo(303);
            fleet.arm("PUT", fleet.group(), "2022-09-01", "{\"location\":\"local\",\"tags\":{\"at\":\"sign-out\"}}");
            Map.Entry<String, String> last = told.next().orElseThrow();
            while (last.getKey().equals("change")) { // what was on its way
                last = told.next().orElseThrow();
            }
            assertThat(last.getKey()).isEqualTo("over");
            assertThat(told.next()).isEmpty();
        }
    }

    @Test
    void serverThatStops_endsThem_withoutWaiting_andAfterItsReturnTheyAreToldAtOnce(@TempDir Path directory)
            throws Exception {
        RunningServer first = RunningServer.start(config(directory.resolve("data")));
        Browser browser = new Browser(first)
                .welcome(first.server.firstPerson().orElseThrow().link(), PortalFleet.PASSWORD);
        String seen = seen(browser.get("/portal").body());
        Told told = Told.to(browser, Map.of("Last-Event-ID", seen));
        first.server.close();
        assertThat(endOf(told)).isTrue();
        first.close();
        try (RunningServer second = RunningServer.start(config(directory.resolve("data")))) {
            Browser again = new Browser(second);
            again.plant("__Host-keyturn", browser.cookie("__Host-keyturn"));
            try (Told resumed = Told.to(again, Map.of("Last-Event-ID", seen))) {
                assertThat(resumed.next().orElseThrow().getKey()).isEqualTo("change");
            }
        }
    }

    private static boolean endOf(Told told) {
        try {
            while (told.next().isPresent()) {
                // changes that were on their way
            }
            return true;
        } catch (IOException e) {
            return true; // cut off
        }
    }
}
