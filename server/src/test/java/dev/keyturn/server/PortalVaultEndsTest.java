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

/** Whole vaults and managed HSMs in a browser: deleted, recovered, purged, each after it was told what would break. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalVaultEndsTest {
    private RunningServer server;
    private PortalFleet fleet;
    private Browser admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        fleet = new PortalFleet(server);
        admin = fleet.admin;
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("location").orElse("");
    }

    /** What the form of a page that tells what would break sends, once the name is typed. */
    private static Map<String, String> confirmed(String page, String typed) {
        return Map.of("name", typed, "shown", page.replaceFirst("(?s).*name=\"shown\" value=\"([^\"]*)\".*", "$1"));
    }

    private void unprotected(String name) throws Exception {
        fleet.arm("PUT", fleet.vaultId(name), "2023-07-01", """
                {"location":"local","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                 "enableRbacAuthorization":true,"softDeleteRetentionInDays":7}}""".formatted(server.env("KEYTURN_TENANT_ID")));
    }

    @Test
    void vaultThatArtifactsAreUnder_isToldWithItsSets_andNotDeletedFromAPage() throws Exception {
        fleet.vault("heldvault");
        String identity = fleet.set("holder", fleet.key("heldvault", "held"));
        fleet.grant(fleet.vaultId("heldvault"), PortalFleet.ENCRYPTION_USER, identity);
        fleet.vm("held-a", "holder");
        String delete = "/portal/vaults/heldvault/delete";

        assertThat(admin.get("/portal/vaults/heldvault").body()).contains("href=\"" + delete + "\"");
        assertThat(admin.get(delete).body())
                .contains("1 VM that runs is shut down after an hour.", "with 3 encrypted artifacts")
                .contains("/portal/sets/fleet/holder\">holder</a>", "3 artifacts, its active key", "held-a</a>")
                .contains("Artifacts are under it. Change the key of the sets above first")
                .contains("No call is shown while something stands against it.")
                .doesNotContain("class=\"danger\"", "az keyvault delete");
        HttpResponse<String> refused = admin.post(delete, Map.of("name", "heldvault", "shown", "1.1.1.9.9.9"));
        assertThat(refused.statusCode()).isEqualTo(409);
        String api = server.arm("DELETE", fleet.vaultId("heldvault") + "?api-version=2023-07-01", "")
                .body();
        String same = "artifacts of confidential VMs are still encrypted under its key version";
        assertThat(api).contains(same);
        assertThat(refused.body()).contains(same).doesNotContain("keyturnOverride");
        assertThat(admin.get("/portal/vaults/heldvault").statusCode()).isEqualTo(200);
    }

    @Test
    void vaultThatNothingNeeds_isDeletedByItsName_listedWithItsPurge_andRecoveredAsItWas() throws Exception {
        fleet.vault("softvault");
        fleet.key("softvault", "soft");
        String one = "/portal/vaults/softvault";

        String told = admin.get(one + "/delete").body();
        assertThat(told)
                .contains("Nothing needs a key of this vault", "For 7 days it can be recovered as it was")
                .contains("Purge protection is on: nobody can destroy it before that.", "Type <code>softvault</code>");
        HttpResponse<String> mistyped = admin.post(one + "/delete", confirmed(told, "softvalt"));
        assertThat(mistyped.statusCode()).isEqualTo(400);
        assertThat(mistyped.body()).contains("Nothing was done: what was typed is not 'softvault'");
        assertThat(location(admin.post(one + "/delete", confirmed(told, "softvault"))))
                .isEqualTo("/portal/vaults#deleted");

        assertThat(admin.get("/portal/vaults").body())
                .contains("<h2 id=\"deleted\">Deleted</h2>", one + "/recover")
                .doesNotContain(one + "/purge");
        assertThat(admin.get(one).statusCode()).isEqualTo(404);
        assertThat(admin.get(one).body()).contains("The vault 'softvault' was deleted.");
        assertThat(admin.get(one + "/purge").body())
                .containsPattern("Purge protection is on in softvault.*It holds until <time datetime=\"20")
                .doesNotContain("Destroy it");
        HttpResponse<String> purge = admin.post(one + "/purge", Map.of("name", "softvault"));
        assertThat(purge.statusCode()).isEqualTo(400);
        assertThat(purge.body())
                .as("as the API refuses it")
                .contains("DeletedVaultPurge", "purge protection is on", "is purged by itself on 20");

        assertThat(location(admin.post(one + "/recover", Map.of()))).isEqualTo(one);
        assertThat(admin.get(one).body()).contains("softvault");
        fleet.grant(fleet.vaultId("softvault"), PortalFleet.CRYPTO_OFFICER, PortalFleet.objectId(admin));
        assertThat(admin.get(one).body()).contains("/keys/soft\"");
        assertThat(admin.get("/portal/vaults").body()).doesNotContain(one + "/recover");
    }

    @Test
    void unprotectedVault_isPurgedOnlyByItsName() throws Exception {
        unprotected("burnvault");
        String one = "/portal/vaults/burnvault";
        String told = admin.get(one + "/delete").body();
        assertThat(told).contains("Purge protection is off: whoever may purge it can destroy it before that.");
        location(admin.post(one + "/delete", confirmed(told, "burnvault")));
        assertThat(admin.get("/portal/vaults").body()).contains(one + "/purge", "Purge...");
        String last = admin.get(one + "/purge").body();
        assertThat(last)
                .contains("nothing that was encrypted under its keys can ever be opened again", "Destroy it for ever")
                .contains("az keyvault purge --name burnvault", "/deletedVaults/burnvault/purge");
        assertThat(admin.post(one + "/purge", confirmed(last, "")).statusCode()).isEqualTo(400);
        assertThat(location(admin.post(one + "/purge", confirmed(last, "burnvault"))))
                .isEqualTo("/portal/vaults");
        assertThat(admin.get("/portal/vaults").body()).doesNotContain("burnvault");
        assertThat(admin.get(one + "/purge").statusCode()).isEqualTo(404);
    }

    @Test
    void managedHsm_isDeletedAndRecovered() throws Exception {
        fleet.hsm("softhsm");
        String one = "/portal/hsms/softhsm";
        String told = admin.get(one + "/delete").body();
        assertThat(told).contains("Delete the managed HSM softhsm", "az keyvault delete --hsm-name softhsm");
        location(admin.post(one + "/delete", confirmed(told, "softhsm")));
        assertThat(admin.get("/portal/hsms").body()).contains(one + "/recover", "softhsm");
        assertThat(location(admin.post(one + "/recover", Map.of()))).isEqualTo(one);
        assertThat(admin.get(one).statusCode()).isEqualTo(200);
    }

    @Test
    void vaultWhoseGroupIsGone_saysToMakeItAgainFirst() throws Exception {
        String lost = server.subscription() + "/resourceGroups/lost";
        fleet.arm("PUT", lost, "2022-09-01", "{\"location\":\"local\"}");
        fleet.arm("PUT", lost + "/providers/Microsoft.KeyVault/vaults/lostvault", "2023-07-01", """
                {"location":"local","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                 "enableRbacAuthorization":true,"enablePurgeProtection":true}}""".formatted(
                        server.env("KEYTURN_TENANT_ID")));
        fleet.arm("DELETE", lost, "2022-09-01", "");
        PortalFleet.until("is gone:", () -> admin.get("/portal/vaults").body());
        assertThat(admin.get("/portal/vaults").body()).doesNotContain("/portal/vaults/lostvault/recover");
        HttpResponse<String> early = admin.post("/portal/vaults/lostvault/recover", Map.of());
        assertThat(early.statusCode()).isEqualTo(404);
        assertThat(early.body()).contains("lost");
        fleet.arm("PUT", lost, "2022-09-01", "{\"location\":\"local\"}");
        location(admin.post("/portal/vaults/lostvault/recover", Map.of()));
        assertThat(admin.get("/portal/vaults/lostvault").statusCode()).isEqualTo(200);
    }

    @Test
    void whoMayNotDelete_isOfferedNothing_andLearnsOfNoDeletedOne() throws Exception {
        fleet.vault("quietvault");
        fleet.vault("gonevault");
        fleet.arm("DELETE", fleet.vaultId("gonevault"), "2023-07-01", "");
        Browser reader = fleet.person("ends-reader");
        fleet.grant(fleet.group(), "acdd72a7-3385-48ef-bd42-f606fba81ae7", PortalFleet.objectId(reader)); // Reader
        assertThat(reader.get("/portal/vaults/quietvault").body()).doesNotContain("Delete...");
        assertThat(reader.get("/portal/vaults/quietvault/delete").statusCode()).isEqualTo(403);
        assertThat(reader.get("/portal/vaults?group=fleet").body()).doesNotContain("gonevault");
        reader.get("/portal/me");
        String there = reader.post("/portal/vaults/gonevault/recover", Map.of()).body();
        String none = reader.post("/portal/vaults/nonevault/recover", Map.of()).body();
        assertThat(there.replace("gonevault", "nonevault").replaceAll("value=\"[^\"]*\"|data-seen=\"[^\"]*\"", ""))
                .isEqualTo(none.replaceAll("value=\"[^\"]*\"|data-seen=\"[^\"]*\"", ""))
                .contains("deletedVaults/read");
    }
}
