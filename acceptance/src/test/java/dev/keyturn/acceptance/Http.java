package dev.keyturn.acceptance;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.cli.client.Trust;
import dev.keyturn.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/** Plain requests as they are written, with nothing that a library would put right. Thread-safe. */
final class Http {
    private final ClientEnv env;
    private final HttpClient client;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    /** An answer as it came. */
    record Reply(int status, String text, java.net.http.HttpHeaders headers) {
        ObjectNode json() {
            return Json.parseObject(text);
        }

        String text(String path) {
            return Answer.text(json(), path);
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        String code() {
            return text("error.code");
        }
    }

    Http(ClientEnv env) {
        this.env = env;
        this.client = HttpClient.newBuilder()
                .sslContext(Trust.in(env.caFile()))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    /** A token by client credentials; {@code secret} as the administrator's where it is empty. */
    Reply token(String authority, String form) {
        return send(HttpRequest.newBuilder(URI.create(env.server() + authority))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    String bearer(String resource) {
        return tokens.computeIfAbsent(
                resource,
                r -> "Bearer "
                        + token(
                                        "/" + env.tenant() + "/oauth2/v2.0/token",
                                        "grant_type=client_credentials&client_id=" + env.clientId() + "&client_secret="
                                                + env.clientSecret().<String>reveal(Http::encoded) + "&scope="
                                                + URLEncoder.encode(r + "/.default", StandardCharsets.UTF_8))
                                .text("access_token"));
    }

    private static String encoded(byte[] secret) {
        return URLEncoder.encode(new String(secret, StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** At ARM; {@code path} from the root, with its query. */
    Reply arm(String method, String path, String body) {
        return request(method, env.server() + path, Optional.of(bearer(env.server() + "/arm")), body, Map.of());
    }

    /** Below the subscription, with an api-version. */
    Reply subscription(String method, String path, String body) {
        String separator = path.contains("?") ? "&" : "?";
        return arm(method, "/subscriptions/" + env.subscription() + path + separator + "api-version=2024-07-01", body);
    }

    /** At a vault or HSM host; {@code path} with its query. */
    Reply keys(String method, String host, String path, String body) {
        String resource = "https://" + host.substring(host.indexOf('.') + 1);
        return request(method, "https://" + host + path, Optional.of(bearer(resource)), body, Map.of());
    }

    Reply request(String method, String url, Optional<String> authorization, String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        authorization.ifPresent(a -> request.header("Authorization", a));
        headers.forEach(request::header);
        if (!body.isEmpty() && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        return send(request.method(
                method,
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)));
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    client.send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
