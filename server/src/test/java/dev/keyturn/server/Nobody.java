package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.node.Node;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A principal without any role at a server that runs: calls every route, and sees what the server recorded of it. */
final class Nobody implements AutoCloseable {
    private final RunningServer server;
    private final Map<String, String> tokens = new HashMap<>();
    private PrincipalId id;

    @SuppressWarnings("NullAway.Init") // by appearInPerson
    private PrincipalId person;

    @SuppressWarnings("NullAway.Init")
    private Browser browser;

    private long seen;
    private int calls;
    private int people;

    /** What came of one call; the record is the refusal, where there was one. */
    record Outcome(HttpResponse<String> answer, Optional<AuditRecord> refusal) {}

    private record Secret(String id, String appId, String text) {}

    Nobody(Path directory) throws Exception {
        server = RunningServer.start(ServerConfig.in(directory).withPort(0).withDrain(Duration.ofSeconds(2)));
        String group = server.subscription() + "/resourcegroups/doors";
        String tenant = server.env("KEYTURN_TENANT_ID");
        make(group + "?api-version=2021-04-01", "{'location':'westeurope'}");
        make(
                group + "/providers/Microsoft.KeyVault/vaults/v-doors?api-version=2023-07-01",
                "{'location':'westeurope','properties':{'tenantId':'" + tenant
                        + "','sku':{'family':'A','name':'premium'},'enableRbacAuthorization':true}}");
        id = appear();
        make(
                group + "/providers/Microsoft.KeyVault/managedHSMs/h-doors?api-version=2023-07-01",
                "{'location':'westeurope','sku':{'family':'B','name':'Standard_B1'},'properties':{'tenantId':'" + tenant
                        + "','initialAdminObjectIds':['" + principal().id() + "']}}");
    }

    /** Somebody else without any role: of one alone sixty refusals are recorded in a minute. */
    private PrincipalId appear() throws Exception {
        Secret nobody = principal();
        for (String resource : List.of("/arm", "/graph")) {
            tokens.put(resource, signIn(nobody, server.env("KEYTURN_SERVER") + resource));
        }
        tokens.put("vault", signIn(nobody, "https://" + suffix("VAULT")));
        tokens.put("hsm", signIn(nobody, "https://" + suffix("HSM")));
        appearInPerson();
        return PrincipalId.parse(nobody.id()).orElseThrow();
    }

    private void appearInPerson() throws Exception {
        ObjectNode made = RunningServer.json(
                server.arm("POST", "/keyturn/people?api-version=2024-07-01", "{\"name\":\"nobody-" + ++people + "\"}"));
        person = PrincipalId.parse(made.path("id").asString()).orElseThrow();
        String link = made.path("signInUrl").asString();
        browser = new Browser(server).welcome(link.substring(link.indexOf('=') + 1), "a good long password");
    }

    Api api() {
        return server.server.api();
    }

    String subscription() {
        return server.env("KEYTURN_SUBSCRIPTION_ID");
    }

    private Secret principal() throws Exception {
        Map<String, String> header =
                Map.of("Authorization", "Bearer " + server.token(server.env("KEYTURN_SERVER") + "/graph"));
        var app = RunningServer.json(
                server.send("POST", "/graph/v1.0/applications", "{\"displayName\":\"nobody\"}", header));
        String made = app.path("id").asString();
        String secret = RunningServer.json(
                        server.send("POST", "/graph/v1.0/applications/" + made + "/addPassword", "{}", header))
                .path("secretText")
                .asString();
        return new Secret(made, app.path("appId").asString(), secret);
    }

    private String signIn(Secret who, String resource) throws Exception {
        HttpResponse<String> answer = server.signIn(
                "/" + server.env("KEYTURN_TENANT_ID") + "/oauth2/v2.0/token",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        who.appId(),
                        "client_secret",
                        who.text(),
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

    /** Calls the route; with the token that is right for its host, or with none. */
    Outcome call(Route route, boolean withToken) throws Exception {
        if (++calls % 50 == 0) {
            id = appear();
        }
        if (route.isPage()) {
            return new Outcome(page(route, withToken ? browser : new Browser(server)), newest());
        }
        boolean data = !route.host().equals("server");
        String path = route.template()
                .replace("{subscription}", subscription())
                .replaceAll("\\{(name|id)\\}", "00000000-0000-0000-0000-00000000beef")
                .replaceAll("\\{[a-zA-Z]+\\*?\\}", "x");
        Map<String, String> headers = new HashMap<>();
        if (withToken) {
            String graph = path.startsWith("/graph/") ? "/graph" : "/arm";
            headers.put("Authorization", "Bearer " + tokens.get(data ? route.host() : graph));
        }
        if (data) {
            boolean vault = route.host().equals("vault");
            headers.put("Host", (vault ? "v-doors." : "h-doors.") + suffix(vault ? "VAULT" : "HSM"));
        }
        HttpResponse<String> answer = server.send(
                route.method(),
                path + "?api-version=" + (data ? "7.5" : "2024-07-01"),
                route.method().equals("GET") ? "" : "{\"", // nothing is read of it before the question
                headers);
        return new Outcome(answer, newest());
    }

    private HttpResponse<String> page(Route route, Browser with) throws Exception {
        String path = route.template()
                .replace("/hsms/{vault}", "/hsms/h-doors")
                .replace("{vault}", "v-doors")
                .replaceAll("\\{(name|id)\\}", "00000000-0000-0000-0000-00000000beef")
                .replaceAll("\\{[a-zA-Z]+\\*?\\}", "x");
        if (route.method().equals("GET")) {
            return with.get(path);
        }
        HttpResponse<String> own = with.get("/portal/me"); // for the token of its forms
        assertThat(own.statusCode()).isIn(200, 303);
        HttpResponse<String> answer = with.post(path, fields(route));
        if (own.statusCode() == 200 && with.get("/portal/me").statusCode() != 200) {
            appearInPerson(); // the form was to sign out
        }
        return answer;
    }

    /** What a form must name so that it is known where something is asked for; all else comes after the question. */
    private Map<String, String> fields(Route route) {
        return route.template().startsWith("/portal/access/") ? Map.of("scope", server.subscription()) : Map.of();
    }

    /** The refusal that was recorded of this caller since it called last. */
    private Optional<AuditRecord> newest() {
        Node node = api().node();
        AuditStore audit = node.stores().audit();
        List<AuditRecord> since = node.transactions()
                .read(tx -> audit.nodes(tx).stream()
                        .flatMap(n -> audit.after(tx, n, seen, 100_000).stream())
                        .toList());
        seen = since.isEmpty() ? seen : since.getLast().sequence();
        return since.stream()
                .filter(r -> r.outcome() == dev.keyturn.core.audit.Outcome.REFUSED)
                .filter(r -> r.caller().equals(id) || r.caller().equals(person))
                .findFirst();
    }

    @Override
    public void close() {
        server.close();
    }
}
