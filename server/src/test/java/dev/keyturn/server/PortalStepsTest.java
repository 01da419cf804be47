package dev.keyturn.server;

import static dev.keyturn.server.PortalFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What pages show as REST is sent, and does what the page shows and its forms do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalStepsTest {
    private static final Pattern SHOWN = Pattern.compile(
            "<h3>([^<]*)</h3>|<code data-method=\"([A-Z]+)\" data-url=\"([^\"]*)\" data-body=\"([^\"]*)\">");

    private RunningServer server;
    private PortalFleet fleet;
    private Browser admin;
    private String key = "";

    /** A call that a page shows. */
    private record Shown(String what, String method, String url, String body) {}

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        fleet = new PortalFleet(server);
        admin = fleet.admin;
        fleet.vault("stepvault");
        key = fleet.key("stepvault", "k");
        fleet.grant(fleet.vaultId("stepvault"), PortalFleet.ENCRYPTION_USER, fleet.set("steps", key));
        fleet.grant(fleet.vaultId("stepvault"), PortalFleet.CRYPTO_OFFICER, PortalFleet.objectId(admin));
        fleet.grant(fleet.vaultId("stepvault"), PortalFleet.CRYPTO_OFFICER, server.objectId());
        fleet.vm("steps-a", "steps");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String plain(String html) {
        return html.replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    private static List<Shown> shown(String page) {
        String[] what = {""};
        return SHOWN.matcher(page.substring(page.indexOf("class=\"same\"")))
                .results()
                .peek(r -> what[0] = r.group(1) == null ? what[0] : plain(r.group(1)))
                .filter(r -> r.group(2) != null)
                .map(r -> new Shown(what[0], r.group(2), plain(r.group(3)), plain(r.group(4))))
                .toList();
    }

    private Shown find(String address, String what) throws Exception {
        String page = admin.get(address).body();
        return shown(page).stream()
                .filter(s -> s.what().equals(what))
                .findFirst()
                .orElseThrow(() -> new AssertionError(what + " is not among " + shown(page)));
    }

    private HttpResponse<String> send(Shown call) throws Exception {
        URI url = URI.create(call.url());
        assertThat(url.getScheme()).isEqualTo("https");
        Map<String, String> headers = new HashMap<>();
        boolean own = url.getHost().equals("localhost");
        String suffix = server.env("KEYTURN_VAULT_SUFFIX");
        headers.put(
                "Authorization",
                "Bearer "
                        + server.token(own ? server.env("KEYTURN_SERVER") + "/arm" : "https://" + suffix.substring(1)));
        if (!own) {
            headers.put("Host", url.getAuthority());
        }
        HttpResponse<String> answer =
                server.send(call.method(), url.getRawPath() + "?" + url.getRawQuery(), call.body(), headers);
        assertThat(answer.statusCode()).as(call + ": " + answer.body()).isBetween(200, 202);
        return answer;
    }

    @Test
    void everyCallThatAPageShows_toReadSomething_isAnswered() throws Exception {
        for (String address : List.of(
                "/portal",
                "/portal/vms",
                "/portal/vms/fleet/steps-a",
                "/portal/vms/fleet/steps-a/console",
                "/portal/sets",
                "/portal/sets/fleet/steps",
                "/portal/sets/fleet/steps/key",
                "/portal/vaults",
                "/portal/hsms",
                "/portal/vaults/stepvault",
                "/portal/vaults/stepvault/keys/k",
                "/portal/search?q=it's",
                "/portal/access/check?who=" + PortalFleet.objectId(admin),
                "/portal/vms/result?vm=fleet:steps-a",
                "/portal/sets/fleet/steps/next",
                "/portal/people")) {
            List<Shown> steps = shown(admin.get(address).body());
            assertThat(steps).as(address).isNotEmpty();
            for (Shown step : steps) {
                if (step.method().equals("GET")) {
                    send(step);
                }
            }
        }
    }

    @Test
    void whatAFormShows_makesWhatTheFormWouldMake_onceItsNameIsFilledIn() throws Exception {
        Shown group = find("/portal/create/group", "Create the group");
        assertThat(group.url()).contains("/NAME?");
        send(new Shown("", group.method(), group.url().replace("/NAME?", "/steps-made?"), group.body()));
        Shown made = find("/portal/vaults/stepvault/new-key", "Create the key");
        assertThat(made.url()).contains("/keys/NAME/create?");
        send(new Shown("", made.method(), made.url().replace("/NAME/", "/by-step/"), made.body()));
        assertThat(admin.get("/portal/vaults/stepvault").body()).contains("by-step");
        fleet.vault("stepvault2"); // in which the person may make keys as resources alone
        Shown resource = find("/portal/vaults/stepvault2/new-key", "Create the key");
        assertThat(resource.method()).isEqualTo("PUT");
        send(new Shown("", "PUT", resource.url().replace("/keys/NAME?", "/keys/by-put?"), resource.body()));
        for (String form : List.of("vault?group=fleet", "hsm?group=fleet", "set?group=fleet", "vm?group=fleet")) {
            assertThat(shown(admin.get("/portal/create/" + form).body()))
                    .as(form)
                    .singleElement()
                    .satisfies(s -> assertThat(s.url()).contains("/NAME?"));
        }
        assertThat(find("/portal/vms/fleet/steps-a/new-disk", "Attach it").body())
                .contains("\"dataDisks\"", "\"createOption\":\"Empty\"");
    }

    @Test
    void whatThePageBeforeAnEndShows_disablesAndDeletes_andNothingIsShownThatWouldBeRefused() throws Exception {
        String version = fleet.key("stepvault", "ends");
        String keys = "/portal/vaults/stepvault/keys/ends";
        send(find(keys + "/versions/" + version.substring(version.lastIndexOf('/') + 1) + "/disable", "Disable it"));
        assertThat(admin.get(keys).body()).contains("Disabled");
        send(find(keys + "/delete", "Delete it"));
        assertThat(admin.get(keys + "/purge").body())
                .contains("Purge protection is on", "No call is shown while something stands against it.");
    }

    @Test
    void whatAVmsPageShows_deallocatesStartsAndStopsIt() throws Exception {
        String page = "/portal/vms/fleet/steps-a";
        for (Map.Entry<String, String> step : List.of(
                Map.entry("Deallocate steps-a", "PowerState/deallocated"),
                Map.entry("Start steps-a", "PowerState/running"),
                Map.entry("Stop steps-a", "PowerState/stopped"))) {
            send(find(page, step.getKey()));
            Shown look = find(page, "Show how it runs");
            until(step.getValue(), () -> send(look).body());
        }
        assertThat(admin.get(page).body())
                .contains("az vm stop --resource-group fleet --name steps-a")
                .contains("Stopped");
    }

    @Test
    void whatTheKeyPageShows_makesAVersion_changesTheKey_andDisablesTheOldOne() throws Exception {
        fleet.set("moves", key);
        String identity = RunningServer.json(fleet.arm("GET", fleet.setId("moves"), "2023-04-02", ""))
                .path("identity")
                .path("principalId")
                .stringValue();
        fleet.grant(fleet.vaultId("stepvault"), PortalFleet.ENCRYPTION_USER, identity);
        String other = fleet.key("stepvault", "moving");
        String page = "/portal/sets/fleet/moves/key";
        String chosen = page + "?key=" + URLEncoder.encode(other, StandardCharsets.UTF_8);

        send(find(chosen, "See what is in the way"));
        send(find(chosen, "Save: change the key"));
        until(
                "Everything of the set is under this key already",
                () -> admin.get(chosen).body());

        HttpResponse<String> made = send(find(page, "Make a new version of the present key"));
        String version = RunningServer.json(made).path("key").path("kid").stringValue();
        assertThat(version)
                .startsWith(other.substring(0, other.lastIndexOf('/')))
                .isNotEqualTo(other);
        String next = page + "?key=" + URLEncoder.encode(version, StandardCharsets.UTF_8);
        send(find(next, "Save: change the key"));
        until("The version that was left", () -> admin.get(next).body());
        send(find(next, "Disable the version that was left"));
        assertThat(admin.get(next).body()).contains("It is disabled.");
    }
}
