package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The activity log in the portal says what the API's says, to who may ask that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalActivityTest {
    private static final String HERE = "/portal/activity";

    private RunningServer server;
    private PortalFleet fleet;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        fleet = new PortalFleet(server);
        fleet.vault("actvault");
        String key = fleet.key("actvault", "k");
        for (int i = 0; i < 60; i++) {
            fleet.arm("PUT", fleet.group(), "2022-09-01", "{\"location\":\"local\",\"tags\":{\"n\":\"" + i + "\"}}");
        }
        fleet.set("acts", key);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static int rows(String page) {
        return page.split("<a href=\"/portal/activity/record", -1).length - 1;
    }

    @Test
    void log_isFiltered_andItsAddressKeepsTheFilter() throws Exception {
        String sets = fleet.admin.get(HERE + "?action=Microsoft.Compute%2F").body();
        assertThat(rows(sets)).isEqualTo(1);
        assertThat(sets).contains("Microsoft.Compute/<wbr>diskEncryptionSets/<wbr>write", "/portal/sets/fleet/acts");
        assertThat(rows(fleet.admin
                        .get(HERE + "?resource=" + part(fleet.setId("acts")))
                        .body()))
                .isEqualTo(1);
        assertThat(rows(fleet.admin.get(HERE + "?group=fleet&outcome=failed").body()))
                .isZero();
        assertThat(rows(fleet.admin.get(HERE + "?until=2020-01-01").body())).isZero();
        String page = fleet.admin.get(HERE + "?group=fleet").body();
        assertThat(rows(page)).isEqualTo(50);
        String next = page.replaceAll("(?s).*href=\"(/portal/activity\\?[^\"]*after=[^\"]+)\".*", "$1")
                .replace("&amp;", "&");
        assertThat(next).contains("group=fleet");
        assertThat(rows(fleet.admin.get(next).body())).isGreaterThan(10);
    }

    @Test
    void filter_thatCannotBe_isToldWhole_andNothingIsListed() throws Exception {
        HttpResponse<String> answer = fleet.admin.get(HERE + "?since=soon&correlation=x&outcome=maybe");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("must be a time", "must be a GUID", "allowed, refused or failed");
        assertThat(rows(answer.body())).isZero();
    }

    @Test
    void record_hasAPage_withAllOfIt_andLeadsToItsRequest() throws Exception {
        String list = fleet.admin.get(HERE + "?action=Microsoft.Compute%2F").body();
        String href = list.replaceAll("(?s).*href=\"(/portal/activity/record[^\"]+)\".*", "$1")
                .replace("&amp;", "&");
        String page = fleet.admin.get(href).body();
        assertThat(page).contains("callerName", "correlation", "hash", "ALLOWED");
        String others = page.replaceAll("(?s).*href=\"(/portal/activity\\?correlation=[^\"]+)\".*", "$1");
        assertThat(rows(fleet.admin.get(others).body())).isPositive();
        assertThat(fleet.admin
                        .get(HERE + "/record?at=2026-01-01&node=x&sequence=1")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void export_hasWhatTheListHas_andNoCellIsAFormula() throws Exception {
        String evil = "=HYPERLINK(\"http://x\")";
        HttpResponse<String> made = server.arm(
                "POST",
                "/keyturn/people?api-version=2024-07-01",
                Json.object().put("name", "exp").put("displayName", evil).toString());
        assertThat(made.statusCode()).isEqualTo(201);
        HttpResponse<String> csv = fleet.admin.get(HERE + "/export.csv?group=fleet");
        assertThat(csv.headers().firstValue("content-disposition").orElse("")).contains("activity.csv");
        List<String> lines = csv.body().lines().toList();
        assertThat(lines.getFirst()).startsWith("at,caller,callerName,action,scope");
        assertThat(lines).hasSizeGreaterThan(60).noneMatch(l -> l.startsWith("="));
        HttpResponse<String> json = fleet.admin.get(HERE + "/export.json?group=fleet");
        assertThat(json.body()).startsWith("[").contains("\"hash\"");
        assertThat(Json.parseObject("{\"all\":" + json.body() + "}").path("all").size())
                .isEqualTo(lines.size() - 1);
    }

    @Test
    void whoMayNotAskTheApi_isRefusedHere_andKeyUsesWantTheRightToTheWholeRecord() throws Exception {
        Browser blind = fleet.person("blind-act");
        for (String path : List.of("", "/export.csv", "/export.json", "/record?at=2026-01-01&node=x&sequence=1")) {
            assertThat(blind.get(HERE + path).statusCode()).as(path).isEqualTo(403);
        }
        Browser reads = fleet.person("reads-act");
        fleet.grant(fleet.group(), PortalFleet.READER, PortalFleet.objectId(reads));
        assertThat(reads.get(HERE).statusCode()).isEqualTo(403);
        assertThat(reads.get(HERE + "?keys=1").statusCode()).isEqualTo(403);
        assertThat(fleet.admin.get(HERE + "?keys=1").statusCode()).isEqualTo(200);
    }
}
