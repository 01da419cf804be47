package dev.keyturn.server;

import static dev.keyturn.server.RunningServer.code;
import static dev.keyturn.server.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main host of a real server over HTTPS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyturnServerTest {
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

    @Test
    void health_needsNoToken() throws Exception {
        assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(json(server.get("/readyz")).get("status").stringValue()).isEqualTo("ready");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%s/oauth2/v2.0/token", "/adfs/oauth2/token", "/%s/oauth2/token", "//adfs//oauth2/token/"})
    void token_underEveryAuthority_opensArm(String path) throws Exception {
        HttpResponse<String> issued = server.signIn(
                path.formatted(server.env("KEYTURN_TENANT_ID")),
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        server.env("KEYTURN_CLIENT_ID"),
                        "client_secret",
                        server.env("KEYTURN_CLIENT_SECRET"),
                        "scope",
                        server.env("KEYTURN_SERVER") + "/arm/.default"));
        assertThat(issued.statusCode()).as(issued.body()).isEqualTo(200);

        String token = json(issued).get("access_token").stringValue();
        HttpResponse<String> list = server.send(
                "GET", "/subscriptions?api-version=2019-11-01", "", Map.of("Authorization", "Bearer " + token));
        assertThat(list.statusCode()).as(list.body()).isEqualTo(200);
        assertThat(list.body()).contains(server.env("KEYTURN_SUBSCRIPTION_ID"));
    }

    @Test
    void token_v1WithResource_isTheSame() throws Exception {
        HttpResponse<String> issued = server.signIn(
                "/" + server.env("KEYTURN_TENANT_ID") + "/oauth2/token",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        server.env("KEYTURN_CLIENT_ID"),
                        "client_secret",
                        server.env("KEYTURN_CLIENT_SECRET"),
                        "resource",
                        "https://management.azure.com/"));
        assertThat(json(issued).get("expires_on").isString()).isTrue();
        assertThat(json(issued).get("resource").stringValue()).isEqualTo("https://management.azure.com/");
    }

    @Test
    void token_wrongSecretOrClient_isRefusedInOAuthShape() throws Exception {
        String path = "/adfs/oauth2/token";
        HttpResponse<String> secret = server.signIn(
                path,
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        server.env("KEYTURN_CLIENT_ID"),
                        "client_secret",
                        "wrong",
                        "scope",
                        server.env("KEYTURN_SERVER") + "/arm/.default"));
        assertThat(secret.statusCode()).isEqualTo(401);
        assertThat(json(secret).get("error").stringValue()).isEqualTo("invalid_client");
        assertThat(json(secret).get("error_description").stringValue()).startsWith("AADSTS7000215");

        HttpResponse<String> client = server.signIn(
                path,
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        UUID.randomUUID().toString(),
                        "client_secret",
                        "wrong",
                        "scope",
                        server.env("KEYTURN_SERVER") + "/arm/.default"));
        assertThat(json(client).get("error").stringValue()).isEqualTo("unauthorized_client");
    }

    @Test
    void token_forAPerson_isForTheClientsOfPeopleAlone_andNeverForAPassword() throws Exception {
        for (String grant : new String[] {
            "urn:ietf:params:oauth:grant-type:device_code",
            "device_code",
            "authorization_code",
            "password",
            "refresh_token"
        }) {
            HttpResponse<String> refused = server.signIn(
                    "/organizations/oauth2/v2.0/token",
                    Map.of("grant_type", grant, "client_id", UUID.randomUUID().toString()));
            assertThat(refused.statusCode()).as(grant).isEqualTo(400);
            assertThat(json(refused).get("error").stringValue()).isEqualTo("unauthorized_client");
            assertThat(json(refused).get("error_description").stringValue())
                    .as(grant)
                    .startsWith(grant.equals("password") ? "AADSTS7000014: " : "AADSTS700016: ")
                    .contains(grant.equals("password") ? "az login --use-device-code" : "Azure CLI");
        }
    }

    @Test
    void token_unknownGrantScopeOrTenant_namesWhatIsWrong() throws Exception {
        Map<String, String> good = Map.of(
                "grant_type", "client_credentials",
                "client_id", server.env("KEYTURN_CLIENT_ID"),
                "client_secret", server.env("KEYTURN_CLIENT_SECRET"));
        assertThat(json(server.signIn("/adfs/oauth2/token", Map.of("grant_type", "on_behalf_of")))
                        .get("error")
                        .stringValue())
                .isEqualTo("unsupported_grant_type");
        assertThat(json(server.signIn("/adfs/oauth2/token", good))
                        .get("error_description")
                        .stringValue())
                .contains("'scope'");
        assertThat(json(server.signIn("/" + UUID.randomUUID() + "/oauth2/v2.0/token", good))
                        .get("error_description")
                        .stringValue())
                .contains("AADSTS90002");
        var foreign = new java.util.HashMap<>(good);
        foreign.put("scope", "https://example.org/.default");
        HttpResponse<String> refused = server.signIn("/adfs/oauth2/token", foreign);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).get("error").stringValue()).isEqualTo("invalid_scope");
    }

    @Test
    void discovery_isConsistentWithTheToken() throws Exception {
        String tenant = server.env("KEYTURN_TENANT_ID");
        var v2 = json(server.get("/" + tenant + "/v2.0/.well-known/openid-configuration"));
        assertThat(v2.get("issuer").stringValue()).isEqualTo(server.env("KEYTURN_SERVER") + "/" + tenant + "/v2.0");
        assertThat(v2.get("token_endpoint").stringValue()).endsWith("/" + tenant + "/oauth2/v2.0/token");
        var adfs = json(server.get("/adfs/.well-known/openid-configuration"));
        assertThat(adfs.get("token_endpoint").stringValue())
                .isEqualTo(server.env("KEYTURN_SERVER") + "/adfs/oauth2/token");
        var keys = json(server.get("/" + tenant + "/discovery/v2.0/keys"));
        assertThat(keys.get("keys").size()).isEqualTo(1);
        assertThat(keys.get("keys").get(0).has("d")).isFalse();
        var instance = json(server.get("/common/discovery/instance?api-version=1.1&authorization_endpoint=x"));
        assertThat(instance.get("tenant_discovery_endpoint").stringValue()).contains(tenant);
    }

    @Test
    void metadata_isTheListThatTheAzureCliReads() throws Exception {
        String body = server.send(
                        "GET",
                        "/metadata/endpoints?api-version=2022-09-01",
                        "",
                        Map.of("User-Agent", "Python-urllib/3.11"))
                .body();
        assertThat(body).startsWith("[");
        assertThat(body).contains("\"loginEndpoint\":\"" + server.env("KEYTURN_SERVER") + "/adfs\"");
        assertThat(body)
                .contains("\"keyVaultDns\":\""
                        + server.env("KEYTURN_VAULT_SUFFIX").substring(1) + "\"");
    }

    @Test
    void arm_withoutToken_is401WithChallenge() throws Exception {
        HttpResponse<String> response = server.get("/subscriptions?api-version=2022-12-01");
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(code(response)).isEqualTo("AuthenticationFailed");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
    }

    @Test
    void arm_withAVaultsToken_is401() throws Exception {
        String token =
                server.token("https://" + server.env("KEYTURN_VAULT_SUFFIX").substring(1));
        HttpResponse<String> response = server.send(
                "GET", "/subscriptions?api-version=2022-12-01", "", Map.of("Authorization", "Bearer " + token));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(code(response)).isEqualTo("InvalidAuthenticationToken");

        HttpResponse<String> disguised = server.send(
                "GET",
                "/subscriptions?api-version=2022-12-01",
                "",
                Map.of(
                        "Authorization",
                        "Bearer " + token,
                        "Host",
                        server.env("KEYTURN_VAULT_SUFFIX").substring(1)));
        assertThat(disguised.statusCode()).isEqualTo(401);
    }

    @Test
    void arm_refusals_haveAzuresCodes() throws Exception {
        String s = server.subscription();
        assertThat(code(server.arm("GET", "/subscriptions", ""))).isEqualTo("MissingApiVersionParameter");
        assertThat(code(server.arm("GET", "/subscriptions?api-version=latest", "")))
                .isEqualTo("InvalidApiVersionParameter");
        assertThat(code(server.arm("GET", "/subscriptions/" + UUID.randomUUID() + "?api-version=2022-12-01", "")))
                .isEqualTo("SubscriptionNotFound");
        assertThat(code(server.arm("GET", s + "/providers/Microsoft.Nothing?api-version=2022-12-01", "")))
                .isEqualTo("InvalidResourceNamespace");
        assertThat(code(server.arm(
                        "GET", s + "/resourceGroups/g/providers/Microsoft.Nothing/x/y?api-version=2022-12-01", "")))
                .isEqualTo("InvalidResourceNamespace");
        assertThat(code(server.arm(
                        "GET",
                        s + "/resourceGroups/g/providers/Microsoft.Compute/galleries/y?api-version=2024-07-01",
                        "")))
                .isEqualTo("InvalidResourceType");
        HttpResponse<String> method = server.arm("DELETE", "/subscriptions?api-version=2022-12-01", "");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("GET");
        assertThat(code(server.get("/nothing/here"))).isEqualTo("NotFound");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2015-01-01", "2024-07-01", "2099-12-31-preview", "7.4-preview.1"})
    void arm_anyDateIsAnApiVersion(String version) throws Exception {
        HttpResponse<String> response = server.arm("GET", "//Subscriptions//?api%2Dversion=" + version, "");
        assertThat(response.statusCode()).isEqualTo(version.startsWith("7") ? 400 : 200);
    }

    @Test
    void head_hasNoBody_andEveryAnswerHasARequestId() throws Exception {
        HttpResponse<String> head = server.send("HEAD", "/healthz", "", Map.of("x-ms-client-request-id", "abc-123"));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("x-ms-request-id")).isPresent();
        assertThat(head.headers().firstValue("x-ms-client-request-id")).contains("abc-123");
        assertThat(head.headers().firstValue("server")).isEmpty();
    }

    @Test
    void malformedTarget_is400InTheErrorShape() throws Exception {
        assertThat(code(server.get("/subscriptions/..%2f..?api-version=2022-12-01")))
                .isEqualTo("InvalidRequestUri");
        HttpResponse<String> nul = server.get("/subscriptions/%00?api-version=2022-12-01");
        assertThat(nul.statusCode()).isEqualTo(400);
        assertThat(json(nul).get("error").get("code").isString()).isTrue();
    }

    /** More than once: the client must have the answer before it notices that nobody takes the rest of its body. */
    @RepeatedTest(20)
    void oversizedBody_is413() throws Exception {
        HttpResponse<String> response = server.arm(
                "PUT",
                server.subscription() + "/resourceGroups/big?api-version=2022-09-01",
                "{\"location\":\"" + "x".repeat(1 << 20) + "\"}");
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(code(response)).isEqualTo("RequestEntityTooLarge");
    }

    @Test
    void roleAssignments_liveAtTheirScopes() throws Exception {
        String s = server.subscription();
        assertThat(server.arm("PUT", s + "/resourceGroups/roles?api-version=2022-09-01", "{\"location\":\"local\"}")
                        .statusCode())
                .isEqualTo(201);
        var own = json(server.arm(
                        "GET",
                        s
                                + "/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=atScope()",
                        ""))
                .get("value")
                .get(0)
                .get("properties");
        String principal = own.get("principalId").stringValue();
        var reader = json(server.arm(
                        "GET",
                        s
                                + "/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01&$filter=roleName%20eq%20'Reader'",
                        ""))
                .get("value");
        assertThat(reader.size()).isEqualTo(1);
        String name = UUID.randomUUID().toString();
        String target = s + "/resourceGroups/roles/providers/Microsoft.Authorization/roleAssignments/" + name
                + "?api-version=2022-04-01";
        String body = "{\"properties\":{\"principalId\":\"" + principal + "\",\"roleDefinitionId\":\""
                + reader.get(0).get("id").stringValue() + "\"}}";

        assertThat(server.arm("PUT", target, body).statusCode()).isEqualTo(201);
        assertThat(server.arm("PUT", target, body).statusCode()).isEqualTo(200);
        assertThat(code(server.arm("PUT", target.replace(name, UUID.randomUUID().toString()), body)))
                .isEqualTo("RoleAssignmentExists");
        HttpResponse<String> bad = server.arm("PUT", target, "{\"properties\":{\"principalId\":7}}");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("properties.principalId", "properties.roleDefinitionId");
        assertThat(code(server.arm("PUT", target.replace("/roles/", "/none/"), body)))
                .isEqualTo("ResourceGroupNotFound");
        assertThat(server.arm("DELETE", target, "").statusCode()).isEqualTo(200);
        assertThat(server.arm("DELETE", target, "").statusCode()).isEqualTo(204);
        assertThat(code(server.arm("GET", target, ""))).isEqualTo("RoleAssignmentNotFound");
    }

    @Test
    void filterOfRoleDefinitions_meansWhatItSays() throws Exception {
        String all = server.subscription()
                + "/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01&$filter=";
        assertThat(json(server.arm("GET", all + "type%20eq%20'BuiltInRole'", ""))
                        .get("value")
                        .size())
                .isGreaterThan(3);
        assertThat(json(server.arm("GET", all + "atScopeAndBelow()%20and%20type%20eq%20'CustomRole'", ""))
                        .get("value")
                        .size())
                .isZero();
        for (String wrong : List.of("type%20eq%20'Mine'", "roleName%20eq%20'" + "x".repeat(5_000) + "'")) {
            assertThat(code(server.arm("GET", all + wrong, ""))).isEqualTo("InvalidFilterInQueryString");
        }
    }

    @Test
    void providers_listTheirTypes() throws Exception {
        var compute = json(
                server.arm("GET", server.subscription() + "/providers/microsoft.compute?api-version=2021-04-01", ""));
        assertThat(compute.get("resourceTypes").toString())
                .contains("virtualMachines", "diskEncryptionSets", "apiVersions");
    }

    @Test
    void vault_withoutToken_is401WithTheChallenge_andItsTokenOpensTheVaultAlone() throws Exception {
        String s = server.subscription();
        assertThat(server.arm("PUT", s + "/resourceGroups/kv?api-version=2022-09-01", "{\"location\":\"local\"}")
                        .statusCode())
                .isEqualTo(201);
        HttpResponse<String> made = server.arm(
                "PUT",
                s + "/resourceGroups/kv/providers/Microsoft.KeyVault/vaults/challenged?api-version=2023-07-01",
                "{\"location\":\"local\",\"properties\":{\"tenantId\":\"" + server.env("KEYTURN_TENANT_ID")
                        + "\",\"sku\":{\"family\":\"A\",\"name\":\"premium\"},\"enableRbacAuthorization\":true}}");
        assertThat(made.statusCode()).as(made.body()).isIn(200, 201);
        String host = "challenged" + server.env("KEYTURN_VAULT_SUFFIX");
        String keys = "/keys?api-version=7.5";

        HttpResponse<String> challenged = server.send("GET", keys, "", Map.of("Host", host));
        assertThat(challenged.statusCode()).isEqualTo(401);
        String resource = "https://" + server.env("KEYTURN_VAULT_SUFFIX").substring(1);
        assertThat(challenged.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer authorization=\"" + server.env("KEYTURN_SERVER") + "/"
                        + server.env("KEYTURN_TENANT_ID") + "\", resource=\"" + resource + "\"");

        HttpResponse<String> wrongAudience = server.send(
                "GET",
                keys,
                "",
                Map.of("Host", host, "Authorization", "Bearer " + server.token(server.env("KEYTURN_SERVER") + "/arm")));
        assertThat(wrongAudience.statusCode()).isEqualTo(401);

        Map<String, String> headers = Map.of("Host", host, "Authorization", "Bearer " + server.token(resource));
        HttpResponse<String> noRole = server.send("GET", keys, "", headers);
        assertThat(noRole.statusCode())
                .as("the owner of a subscription uses no key")
                .isEqualTo(403);

        String assignment = s + "/resourceGroups/kv/providers/Microsoft.KeyVault/vaults/challenged/providers"
                + "/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID() + "?api-version=2022-04-01";
        String principal = json(server.arm(
                        "GET", s + "/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01", ""))
                .get("value")
                .valueStream()
                .map(a -> a.get("properties"))
                .filter(p -> p.get("description").stringValue().contains("first administrator"))
                .findFirst()
                .orElseThrow()
                .get("principalId")
                .stringValue();
        assertThat(server.arm(
                                "PUT",
                                assignment,
                                "{\"properties\":{\"principalId\":\"" + principal
                                        + "\",\"roleDefinitionId\":\"14b46e9e-c2b7-41b4-b07b-48a6ebf60603\"}}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(server.send("GET", keys, "", headers).statusCode()).isEqualTo(200);

        assertThat(server.arm("DELETE", assignment, "").statusCode()).isEqualTo(200);
        assertThat(server.send("GET", keys, "", headers).statusCode()).isEqualTo(403);
    }
}
