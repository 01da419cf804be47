package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** From when and until when a key version is valid, by a form. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalKeyDatesTest {
    private RunningServer server;
    private PortalFleet fleet;
    private Browser admin;
    private String key;
    private String dates;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        fleet = new PortalFleet(server);
        admin = fleet.admin;
        fleet.vault("datevault");
        String url = fleet.key("datevault", "dated");
        fleet.grant(fleet.vaultId("datevault"), PortalFleet.CRYPTO_OFFICER, PortalFleet.objectId(admin));
        key = "/portal/vaults/datevault/keys/dated";
        dates = key + "/versions/" + url.substring(url.lastIndexOf('/') + 1) + "/dates";
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void dates_areChanged_andRefusedInTheWordsOfTheApi() throws Exception {
        assertThat(admin.get(key).body()).contains("href=\"" + dates + "\"");
        assertThat(admin.get(dates).body()).contains("Dates of dated", "What is under it goes on to open.");

        HttpResponse<String> turned = admin.post(dates, Map.of("from", "2031-01-01", "expires", "2030-12-31"));
        assertThat(turned.statusCode()).isEqualTo(400);
        assertThat(turned.body()).contains("Property exp must be later than nbf.", "value=\"2030-12-31\"");
        assertThat(admin.post(dates + "/check", Map.of("from", "2031-01-01", "expires", "2030-12-31"))
                        .body())
                .contains("Property exp must be later than nbf.");
        assertThat(admin.post(dates, Map.of("from", "soon", "expires", "")).body())
                .contains("A date is written as 2030-12-31", "not as 'soon'");
        assertThat(admin.get(key).body()).contains(">never<", ">always<");

        HttpResponse<String> saved = admin.post(dates, Map.of("from", "", "expires", "2030-12-31T18:00:00Z"));
        assertThat(saved.statusCode()).as(saved.body()).isEqualTo(303);
        assertThat(saved.headers().firstValue("location")).contains(key);
        assertThat(admin.get(key).body()).contains("2030-12-31 18:00 UTC", ">always<");
        assertThat(admin.get(dates).body()).contains("value=\"2030-12-31T18:00:00Z\"");

        HttpResponse<String> emptied = admin.post(dates, Map.of("from", "", "expires", ""));
        assertThat(emptied.statusCode()).isEqualTo(400);
        assertThat(emptied.body()).contains("cannot be taken away. It is 2030-12-31T18:00:00Z.");
    }

    @Test
    void endInThePast_ofASetsActiveKey_namesTheSetFirst() throws Exception {
        String url = fleet.key("datevault", "needed");
        fleet.set("dateset", url);
        String page =
                "/portal/vaults/datevault/keys/needed/versions/" + url.substring(url.lastIndexOf('/') + 1) + "/dates";
        assertThat(admin.get(page).body()).doesNotContain("End it although it is in use");
        HttpResponse<String> told = admin.post(page, Map.of("from", "", "expires", "2020-01-01"));
        assertThat(told.statusCode()).as(told.body()).isEqualTo(400);
        assertThat(told.body()).contains("It is the active key of dateset in fleet.", "End it although it is in use");
        assertThat(admin.get(page).body()).doesNotContain("2020-01-01");
        HttpResponse<String> meant = admin.post(page, Map.of("from", "", "expires", "2020-01-01", "anyway", "on"));
        assertThat(meant.statusCode()).as(meant.body()).isEqualTo(303);
        assertThat(admin.get(page).body()).contains("2020-01-01");
    }

    @Test
    void whoMayNotUpdateKeys_isRefused() throws Exception {
        Browser reader = fleet.person("dates-reader");
        fleet.grant(fleet.group(), "acdd72a7-3385-48ef-bd42-f606fba81ae7", PortalFleet.objectId(reader)); // Reader
        assertThat(reader.get(key).body()).doesNotContain("/dates");
        assertThat(reader.get(dates).statusCode()).isEqualTo(403);
        reader.get("/portal/me");
        assertThat(reader.post(dates, Map.of("expires", "2030-12-31")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void policyThatWasTyped_isNotDroppedWithTheTick() throws Exception {
        String form = "/portal/vaults/datevault/new-key";
        admin.get(form);
        HttpResponse<String> refused = admin.post(
                form,
                Map.of("name", "odd", "kind", "RSA-HSM/2048", "use", "wrap", "policy", "{\"version\":\"1.0.0\"}"));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(admin.get("/portal/vaults/datevault/keys/odd").statusCode()).isEqualTo(404);
    }
}
