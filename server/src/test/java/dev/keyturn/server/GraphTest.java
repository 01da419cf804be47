package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The directory over HTTPS: what azure-cli asks of it, and a second principal's whole life. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GraphTest {
    private static final String GRAPH = "/graph/v1.0";
    private RunningServer server;

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        server = RunningServer.start(
                ServerConfig.in(dir.resolve("data")).withPort(0).withDrain(Duration.ofSeconds(2)));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> graph(String method, String target, String body) throws Exception {
        String token = server.token(server.env("KEYTURN_SERVER") + "/graph");
        return server.send(method, GRAPH + target, body, Map.of("Authorization", "Bearer " + token));
    }

    private static ObjectNode json(HttpResponse<String> response) {
        return Json.parseObject(response.body());
    }

    private static String filter(String text) {
        return "?$filter=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void servicePrincipals_byTheFilterOfAzureCli_namesTheAdministrator() throws Exception {
        String appId = server.env("KEYTURN_CLIENT_ID");
        HttpResponse<String> found =
                graph("GET", "/servicePrincipals" + filter("servicePrincipalNames/any(c:c eq '" + appId + "')"), "");
        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        assertThat(json(found).path("value")).hasSize(1);
        assertThat(json(found).path("value").path(0).path("appId").asString()).isEqualTo(appId);
        assertThat(json(graph("GET", "/me", "")).path("appId").asString()).isEqualTo(appId);
    }

    @Test
    void servicePrincipals_withAFilterThatIsNotServed_isRefusedNotIgnored() throws Exception {
        assertThat(graph("GET", "/servicePrincipals" + filter("tags/any(t:t eq 'x')"), "")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aNewPrincipal_signsIn_mayDoNothing_andIsGoneWhenDeleted() throws Exception {
        ObjectNode app = json(graph("POST", "/applications", "{\"displayName\":\"auditor\"}"));
        String id = app.path("id").asString();
        String appId = app.path("appId").asString();
        assertThat(graph("POST", "/servicePrincipals", "{\"appId\":\"" + appId + "\"}")
                        .statusCode())
                .isEqualTo(201);
        String secret = json(graph("POST", "/applications/" + id + "/addPassword", "{}"))
                .path("secretText")
                .asString();

        HttpResponse<String> signedIn = signIn(appId, secret, "/arm");
        assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(200);
        Map<String, String> header = Map.of(
                "Authorization", "Bearer " + json(signedIn).path("access_token").asString());
        String groups =
                "/subscriptions/" + server.env("KEYTURN_SUBSCRIPTION_ID") + "/resourcegroups?api-version=2021-04-01";
        HttpResponse<String> seen = server.send("GET", groups, "", header);
        assertThat(seen.statusCode()).isEqualTo(200);
        assertThat(json(seen).path("value")).as("no role anywhere, so no group").isEmpty();

        String graphToken =
                json(signIn(appId, secret, "/graph")).path("access_token").asString();
        HttpResponse<String> escalate = server.send(
                "POST",
                GRAPH + "/applications",
                "{\"displayName\":\"mine\"}",
                Map.of("Authorization", "Bearer " + graphToken));
        assertThat(escalate.statusCode()).isEqualTo(403);

        assertThat(graph("DELETE", "/servicePrincipals/" + id, "").statusCode()).isEqualTo(204);
        // as Azure answers for an application that its directory does not know
        assertThat(json(signIn(appId, secret, "/arm")).path("error").asString()).isEqualTo("unauthorized_client");
        assertThat(server.send("GET", groups, "", header).statusCode()).isEqualTo(401);
        assertThat(graph("GET", "/servicePrincipals/" + id, "").statusCode()).isEqualTo(404);
    }

    @Test
    void aSecretFromOutside_isRefused_forWhoHoldsLocalRolesInAManagedHsm() throws Exception {
        ObjectNode app = json(graph("POST", "/applications", "{\"displayName\":\"hsm-admin\"}"));
        String id = app.path("id").asString();
        String secret = json(graph("POST", "/applications/" + id + "/addPassword", "{}"))
                .path("secretText")
                .asString();
        String group = "/subscriptions/" + server.env("KEYTURN_SUBSCRIPTION_ID") + "/resourcegroups/hsms";
        String arm = server.token(server.env("KEYTURN_SERVER") + "/arm");
        Map<String, String> header = Map.of("Authorization", "Bearer " + arm);
        server.send("PUT", group + "?api-version=2021-04-01", "{\"location\":\"westeurope\"}", header);
        HttpResponse<String> hsm = server.send(
                "PUT",
                group + "/providers/Microsoft.KeyVault/managedHSMs/closed-hsm?api-version=2023-07-01",
                "{\"location\":\"westeurope\",\"sku\":{\"family\":\"B\",\"name\":\"Standard_B1\"},\"properties\":{"
                        + "\"tenantId\":\"" + server.env("KEYTURN_TENANT_ID") + "\",\"initialAdminObjectIds\":[\"" + id
                        + "\"]}}",
                header);
        assertThat(hsm.statusCode()).as(hsm.body()).isEqualTo(200);

        HttpResponse<String> added = graph("POST", "/applications/" + id + "/addPassword", "{}");
        assertThat(added.statusCode()).isEqualTo(403);
        assertThat(added.body()).contains("closed-hsm").contains("Managed HSM Administrator");
        assertThat(graph("PATCH", "/servicePrincipals/" + id, "{\"keyCredentials\":[]}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(graph("POST", "/applications/" + id + "/removePassword", "{\"keyId\":\"" + id + "\"}")
                        .statusCode())
                .isEqualTo(400);

        // who holds the roles may help itself, where it may write the directory
        String assignment = "/subscriptions/" + server.env("KEYTURN_SUBSCRIPTION_ID")
                + "/providers/Microsoft.Authorization/roleAssignments/00000000-0000-0000-0000-00000000abcd"
                + "?api-version=2022-04-01";
        String owner =
                "{\"properties\":{\"roleDefinitionId\":\"8e3af657-a8ff-443c-a75c-2fe8c4bcb635\",\"principalId\":\"" + id
                        + "\"}}";
        assertThat(server.send("PUT", assignment, owner, header).statusCode()).isEqualTo(201);
        String own = json(signIn(app.path("appId").asString(), secret, "/graph"))
                .path("access_token")
                .asString();
        assertThat(server.send(
                                "POST",
                                GRAPH + "/applications/" + id + "/addPassword",
                                "{}",
                                Map.of("Authorization", "Bearer " + own))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void applications_andServicePrincipals_showTheirCredentials_withoutTheSecret() throws Exception {
        ObjectNode app = json(graph("POST", "/applications", "{\"displayName\":\"shown\"}"));
        assertThat(app.path("passwordCredentials").isArray()).isTrue();
        assertThat(app.path("keyCredentials").isArray()).isTrue();
        String id = app.path("id").asString();
        ObjectNode made = json(graph(
                "POST", "/applications/" + id + "/addPassword", "{\"passwordCredential\":{\"displayName\":\"rbac\"}}"));

        for (String kind : new String[] {"applications", "servicePrincipals"}) {
            HttpResponse<String> answer = graph("GET", "/" + kind + "/" + id, "");
            var shown = json(answer).path("passwordCredentials").path(0);
            assertThat(shown.path("keyId")).isEqualTo(made.path("keyId"));
            assertThat(shown.path("displayName").asString()).isEqualTo("rbac");
            assertThat(shown.path("endDateTime").asString()).isNotBlank();
            assertThat(answer.body()).doesNotContain(made.path("secretText").asString());
        }
        assertThat(json(graph("GET", "/applications" + filter("displayName eq 'shown'"), ""))
                        .path("value")
                        .path(0)
                        .path("passwordCredentials"))
                .hasSize(1);
        assertThat(json(graph("GET", "/me", "")).path("passwordCredentials").isArray())
                .isTrue();
    }

    @Test
    void actions_withTheirNamespace_areTheSameActions() throws Exception {
        String app = "/applications/"
                + json(graph("POST", "/applications", "{\"displayName\":\"java\"}"))
                        .path("id")
                        .asString();
        HttpResponse<String> made = graph("POST", app + "/microsoft.graph.addPassword", "{}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        String body = "{\"keyId\":" + json(made).path("keyId") + "}";
        assertThat(graph("POST", app + "/microsoft.graph.removePassword", body).statusCode())
                .isEqualTo(204);
        assertThat(json(graph("GET", app, "")).path("passwordCredentials")).isEmpty();
    }

    @Test
    void secretsThatAListLeavesOut_areGone_andNoneIsMadeByAList() throws Exception {
        String app = "/applications/"
                + json(graph("POST", "/applications", "{\"displayName\":\"reset\"}"))
                        .path("id")
                        .asString();
        graph("POST", app + "/addPassword", "{}");
        var kept = json(graph("POST", app + "/addPassword", "{}")).path("keyId");

        HttpResponse<String> patched = graph("PATCH", app, "{\"passwordCredentials\":[{\"keyId\":" + kept + "}]}");

        assertThat(patched.statusCode()).as(patched.body()).isEqualTo(204);
        assertThat(json(graph("GET", app, "")).path("passwordCredentials")).hasSize(1);
        HttpResponse<String> made = graph("PATCH", app, "{\"passwordCredentials\":[{\"displayName\":\"x\"}]}");
        assertThat(made.statusCode()).isEqualTo(400);
        assertThat(made.body()).contains("addPassword");
        assertThat(graph("POST", "/applications", "{\"displayName\":\"x\",\"passwordCredentials\":[{}]}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void confidentialVmOrchestrator_getsItsPrincipalOnce_andIsNoApplicationHere() throws Exception {
        String appId = "bf7b6499-ff71-4aa2-97a4-f372087be7f0";
        HttpResponse<String> made = graph(
                "POST",
                "/servicePrincipals",
                "{\"appId\":\"" + appId + "\",\"displayName\":\"Confidential VM Orchestrator\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).path("displayName").asString()).isEqualTo("Confidential VM Orchestrator");

        HttpResponse<String> again = graph("POST", "/servicePrincipals", "{\"appId\":\"" + appId + "\"}");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("Request_MultipleObjectsWithSameKeyValue");
        assertThat(json(graph("GET", "/servicePrincipals" + filter("appId eq '" + appId + "'"), ""))
                        .path("value"))
                .hasSize(1);
        assertThat(json(graph("GET", "/applications" + filter("appId eq '" + appId + "'"), ""))
                        .path("value"))
                .isEmpty();
        String id = json(made).path("id").asString();
        assertThat(graph("GET", "/applications/" + id, "").statusCode()).isEqualTo(404);
        assertThat(graph("POST", "/servicePrincipals", "{\"appId\":\"bf7b6499-0000-4aa2-97a4-f372087be7f0\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void roleAssignment_withAPrincipalType_doesNoLookUp() throws Exception {
        String roles = "/subscriptions/" + server.env("KEYTURN_SUBSCRIPTION_ID")
                + "/providers/Microsoft.Authorization/roleAssignments/";
        Map<String, String> arm =
                Map.of("Authorization", "Bearer " + server.token(server.env("KEYTURN_SERVER") + "/arm"));
        for (String[] row : new String[][] {
            {"", "400"},
            {", \"principalType\": \"Robot\"", "400"},
            {", \"principalType\": \"serviceprincipal\"", "201"},
        }) {
            HttpResponse<String> answer = server.send(
                    "PUT", roles + java.util.UUID.randomUUID() + "?api-version=2022-04-01", """
                {"properties": {"roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7",
                 "principalId": "12345678-1234-1234-1234-123456789abc"%s}}""".formatted(row[0]), arm);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(Integer.parseInt(row[1]));
        }
    }

    @Test
    void badBodies_areRefusedNamingTheField() throws Exception {
        assertThat(graph("POST", "/applications", "{}").body()).contains("displayName");
        assertThat(graph("POST", "/servicePrincipals", "{\"appId\":\"x\"}").statusCode())
                .isEqualTo(400);
        String self = json(graph("GET", "/me", "")).path("id").asString();
        for (String end : new String[] {"soon", "+999999999-01-01T00:00:00Z"}) {
            HttpResponse<String> bad = graph(
                    "POST",
                    "/applications/" + self + "/addPassword",
                    "{\"passwordCredential\":{\"endDateTime\":\"" + end + "\"}}");
            assertThat(bad.statusCode()).isEqualTo(400);
            assertThat(bad.body()).contains("endDateTime");
        }
        assertThat(graph("DELETE", "/servicePrincipals/" + self, "").statusCode())
                .isEqualTo(409);
    }

    @Test
    void aTokenForArm_isWorthNothingAtTheDirectory() throws Exception {
        String arm = server.token(server.env("KEYTURN_SERVER") + "/arm");
        assertThat(server.send("GET", GRAPH + "/me", "", Map.of("Authorization", "Bearer " + arm))
                        .statusCode())
                .isEqualTo(401);
        assertThat(server.get(GRAPH + "/me").statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> signIn(String appId, String secret, String resource) throws Exception {
        return server.signIn(
                "/" + server.env("KEYTURN_TENANT_ID") + "/oauth2/v2.0/token",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        appId,
                        "client_secret",
                        secret,
                        "scope",
                        server.env("KEYTURN_SERVER") + resource + "/.default"));
    }
}
