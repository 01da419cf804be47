package dev.keyturn.server;

import dev.keyturn.core.time.Elapsed;
import dev.keyturn.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.node.ObjectNode;

/** A server on a free port and a client that trusts its CA, with what {@code client.env} says. */
final class RunningServer implements AutoCloseable {
    static {
        // vault hosts are asked for by Host header: their names resolve nowhere in a test
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    final KeyturnServer server;
    final Map<String, String> env;
    private final HttpClient client;

    private RunningServer(KeyturnServer server, Map<String, String> env, HttpClient client) {
        this.server = server;
        this.env = env;
        this.client = client;
    }

    /** On a free port, with its data below the directory, and soon drained. */
    static RunningServer start(Path directory) throws Exception {
        return start(ServerConfig.in(directory.resolve("data")).withPort(0).withDrain(Duration.ofSeconds(2)));
    }

    static RunningServer start(ServerConfig config) throws Exception {
        return over(KeyturnServer.start(config));
    }

    static RunningServer start(ServerConfig config, Elapsed elapsed) throws Exception {
        return over(KeyturnServer.start(config, elapsed));
    }

    private static RunningServer over(KeyturnServer server) throws Exception {
        Map<String, String> env = env(server.clientEnv());
        return new RunningServer(server, env, client(Path.of(env.getOrDefault("KEYTURN_CA_FILE", ""))));
    }

    /** This server, asked by a client that another node's {@code client.env} told its secret. Not to be closed. */
    RunningServer askedBy(RunningServer other) {
        return new RunningServer(server, other.env, client);
    }

    static Map<String, String> env(Path file) throws IOException {
        Map<String, String> env = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            int eq = line.indexOf('=');
            env.put(line.substring(0, eq), line.substring(eq + 1));
        }
        return env;
    }

    static HttpClient client(Path caFile) throws IOException, GeneralSecurityException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (var in = Files.newInputStream(caFile)) {
            trust.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trust);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, factory.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    String env(String name) {
        String value = env.get(name);
        if (value == null) {
            throw new IllegalStateException("client.env has no " + name);
        }
        return value;
    }

    HttpResponse<String> send(String method, String target, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + target))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** An answer that goes on: what has come of it can be read. */
    HttpResponse<InputStream> open(String target, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + target));
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    HttpResponse<String> get(String target) throws IOException, InterruptedException {
        return send("GET", target, "", Map.of());
    }

    /** An ARM request as the administrator. */
    HttpResponse<String> arm(String method, String target, String body) throws IOException, InterruptedException {
        return send(method, target, body, Map.of("Authorization", "Bearer " + token(env("KEYTURN_SERVER") + "/arm")));
    }

    /** The object id of the administrator. */
    String objectId() throws IOException, InterruptedException {
        String claims = token(env("KEYTURN_SERVER") + "/arm").split("\\.")[1];
        return Json.parseObject(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8))
                .path("oid")
                .stringValue();
    }

    String token(String resource) throws IOException, InterruptedException {
        HttpResponse<String> response = signIn(
                "/" + env("KEYTURN_TENANT_ID") + "/oauth2/v2.0/token",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        env("KEYTURN_CLIENT_ID"),
                        "client_secret",
                        env("KEYTURN_CLIENT_SECRET"),
                        "scope",
                        resource + "/.default"));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.body());
        }
        return json(response).get("access_token").stringValue();
    }

    HttpResponse<String> signIn(String target, Map<String, String> form) throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return send("POST", target, body.toString(), Map.of("Content-Type", "application/x-www-form-urlencoded"));
    }

    String subscription() {
        return "/subscriptions/" + env("KEYTURN_SUBSCRIPTION_ID");
    }

    static ObjectNode json(HttpResponse<String> response) {
        return Json.parseObject(response.body());
    }

    static String code(HttpResponse<String> response) {
        return json(response).get("error").get("code").stringValue();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
