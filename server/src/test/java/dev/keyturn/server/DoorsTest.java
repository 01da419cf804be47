package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.Door;
import dev.keyturn.wire.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/permissions.md lists every route with what it asks for: the list is complete, and each route really asks. Whoever
 * adds a route adds its row; the row's action is what the refusal of a principal without any role must name.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorsTest {
    private static final Path PAGE = Path.of("../docs/permissions.md");
    private static final String NO_TOKEN = "no token";
    private static final String ANY_TOKEN = "any token";
    private static final Map<String, String> HEADINGS = Map.of(
            "### Routes at the server's own name", "server",
            "### Routes at the name of a vault", "vault",
            "### Routes at the name of a managed HSM", "hsm");

    /** A row of the page, or what stands for it in the tables of routes. */
    record Row(String host, String method, String template, String asks) {
        String address() {
            return host + ": " + method + " " + template;
        }

        @Override
        public String toString() {
            return address();
        }
    }

    private RunningServer server;
    private final Map<String, String> tokens = new HashMap<>();

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        server = RunningServer.start(
                ServerConfig.in(dir.resolve("data")).withPort(0).withDrain(Duration.ofSeconds(2)));
        String group = server.subscription() + "/resourcegroups/doors";
        String tenant = server.env("KEYTURN_TENANT_ID");
        make(group + "?api-version=2021-04-01", "{'location':'westeurope'}");
        make(
                group + "/providers/Microsoft.KeyVault/vaults/v-doors?api-version=2023-07-01",
                "{'location':'westeurope','properties':{'tenantId':'" + tenant
                        + "','sku':{'family':'A','name':'premium'},'enableRbacAuthorization':true}}");
        ObjectAndSecret nobody = principal();
        make(
                group + "/providers/Microsoft.KeyVault/managedHSMs/h-doors?api-version=2023-07-01",
                "{'location':'westeurope','sku':{'family':'B','name':'Standard_B1'},'properties':{'tenantId':'" + tenant
                        + "','initialAdminObjectIds':['" + principal().id() + "']}}");
        for (String resource : List.of("/arm", "/graph")) {
            tokens.put(resource, signIn(nobody, server.env("KEYTURN_SERVER") + resource));
        }
        tokens.put("vault", signIn(nobody, "https://" + suffix("VAULT")));
        tokens.put("hsm", signIn(nobody, "https://" + suffix("HSM")));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private record ObjectAndSecret(String id, String appId, String secret) {}

    private ObjectAndSecret principal() throws Exception {
        Map<String, String> header =
                Map.of("Authorization", "Bearer " + server.token(server.env("KEYTURN_SERVER") + "/graph"));
        var app = RunningServer.json(
                server.send("POST", "/graph/v1.0/applications", "{\"displayName\":\"nobody\"}", header));
        String id = app.path("id").asString();
        String secret = RunningServer.json(
                        server.send("POST", "/graph/v1.0/applications/" + id + "/addPassword", "{}", header))
                .path("secretText")
                .asString();
        return new ObjectAndSecret(id, app.path("appId").asString(), secret);
    }

    private String signIn(ObjectAndSecret who, String resource) throws Exception {
        HttpResponse<String> answer = server.signIn(
                "/" + server.env("KEYTURN_TENANT_ID") + "/oauth2/v2.0/token",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        who.appId(),
                        "client_secret",
                        who.secret(),
                        "scope",
                        resource + "/.default"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningServer.json(answer).path("access_token").asString();
    }

    private void make(String target, String body) throws Exception {
        HttpResponse<String> made = server.arm("PUT", target, body.replace('\'', '"'));
        assertThat(made.statusCode()).as(made.body()).isIn(200, 201);
    }

    /** As {@code client.env} has it, without the dot. */
    private String suffix(String kind) {
        return server.env("KEYTURN_" + kind + "_SUFFIX").replaceFirst("^\\.", "");
    }

    private static List<Row> page() throws IOException {
        List<Row> rows = new ArrayList<>();
        String host = "";
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("#")) {
                host = HEADINGS.getOrDefault(line, "");
            }
            if (host.isEmpty() || !line.startsWith("| `")) {
                continue;
            }
            String[] cells = line.substring(1).replace("`", "").split("\\|");
            String[] route = cells[0].strip().split(" ");
            rows.add(new Row(host, route[0], route[1], cells[1].strip().split(", or ")[0]));
        }
        return rows;
    }

    private List<Row> tables() {
        Api api = server.server.api();
        return Stream.of(
                        rows("server", api.doors()),
                        rows("vault", api.doors(VaultKind.VAULT)),
                        rows("hsm", api.doors(VaultKind.MANAGED_HSM)))
                .flatMap(s -> s)
                .toList();
    }

    private static Stream<Row> rows(String host, List<Door> doors) {
        return doors.stream()
                .map(d -> new Row(host, d.method(), d.template(), d.asks().orElse("")));
    }

    @Test
    void everyRoute_hasItsRow_andEveryRowItsRoute() throws Exception {
        assertThat(page().stream().map(Row::address)).doesNotHaveDuplicates();
        assertThat(page().stream().map(Row::address))
                .containsExactlyInAnyOrderElementsOf(
                        tables().stream().map(Row::address).distinct().toList());
    }

    @Test
    void rows_nameTheActionThatTheTableOfRoutesHas_whereItHasOne() throws Exception {
        List<Row> known = tables().stream().filter(r -> !r.asks().isEmpty()).toList();
        assertThat(known).isNotEmpty(); // the services ask for more and more of them
        assertThat(page().stream().map(r -> r.address() + " " + r.asks()))
                .containsAll(
                        known.stream().map(r -> r.address() + " " + r.asks()).toList());
    }

    private HttpResponse<String> call(Row row, boolean withToken) throws Exception {
        boolean data = !row.host().equals("server");
        String path = row.template()
                .replace("{subscription}", server.env("KEYTURN_SUBSCRIPTION_ID"))
                .replaceAll("\\{(name|id)\\}", "00000000-0000-0000-0000-00000000beef")
                .replaceAll("\\{[a-zA-Z]+\\*?\\}", "x");
        Map<String, String> headers = new HashMap<>();
        if (withToken) {
            String graph = path.startsWith("/graph/") ? "/graph" : "/arm";
            headers.put("Authorization", "Bearer " + tokens.get(data ? row.host() : graph));
        }
        if (data) {
            boolean vault = row.host().equals("vault");
            headers.put("Host", (vault ? "v-doors." : "h-doors.") + suffix(vault ? "VAULT" : "HSM"));
        }
        return server.send(
                row.method(),
                path + "?api-version=" + (data ? "7.5" : "2024-07-01"),
                row.method().equals("GET") ? "" : "{}", // nothing is read of it before the question
                headers);
    }

    @ParameterizedTest
    @MethodSource("page")
    void whoHasNoRole_isRefusedNamingTheAction(Row row) throws Exception {
        HttpResponse<String> answer = call(row, true);
        switch (row.asks()) {
            case NO_TOKEN -> assertThat(answer.statusCode()).as(answer.body()).isLessThan(500);
            case ANY_TOKEN -> assertThat(answer.statusCode()).as(answer.body()).isNotIn(401, 403, 500);
            default -> {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
                if (!row.method().equals("HEAD")) {
                    assertThat(Json.parseObject(answer.body())
                                    .path("error")
                                    .path("message")
                                    .asString())
                            .contains("'" + row.asks() + "'");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("page")
    void whoHasNoToken_isToldToGetOne(Row row) throws Exception {
        HttpResponse<String> answer = call(row, false);
        if (row.asks().equals(NO_TOKEN)) {
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(500);
        } else {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        }
    }
}
