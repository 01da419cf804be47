package dev.keyturn.cli.client;

import dev.keyturn.cli.CliException;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLHandshakeException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One request and its answer over HTTPS. Thread-safe. */
final class Transport implements AutoCloseable {
    /** Longer than any answer takes: work that takes longer is polled for. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client;

    Transport(ClientEnv env) {
        client = HttpClient.newBuilder()
                .sslContext(Trust.in(env.caFile()))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    static HttpRequest.Builder to(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).timeout(PATIENCE);
    }

    /** @throws CliException where no answer came */
    Answer send(HttpRequest request) {
        return answer(request, raw(request));
    }

    /** The body of a successful answer, as it is; a refusal is thrown as {@link RefusedException}. */
    byte[] bytes(HttpRequest request) {
        HttpResponse<byte[]> response = raw(request);
        if (response.statusCode() >= 400) {
            throw refusal(request.method(), request.uri().toString(), answer(request, response));
        }
        return response.body();
    }

    /** What an answer from 400 on says. */
    static RefusedException refusal(String method, String url, Answer answer) {
        JsonNode error = Answer.at(answer.body(), "error")
                .orElseGet(() -> Json.object()
                        .put("code", "Http" + answer.status())
                        .put("message", method + " " + URI.create(url).getPath() + " answered " + answer.status()));
        return new RefusedException(answer.status(), RefusedException.Refusal.of(error));
    }

    private HttpResponse<byte[]> raw(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw CliException.failed("no server answers at " + origin(request) + reason(e), e);
        } catch (SSLHandshakeException e) {
            throw CliException.failed(
                    "the server at " + origin(request) + " is not trusted: " + e.getMessage()
                            + "; is client.env of this server's data directory?",
                    e);
        } catch (IOException e) {
            throw CliException.failed("the connection to " + origin(request) + " broke" + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("interrupted", e);
        }
    }

    private static Answer answer(HttpRequest request, HttpResponse<byte[]> response) {
        ObjectNode body;
        try {
            body = Json.parseObject(response.body());
        } catch (BadBodyException e) {
            throw CliException.failed(
                    origin(request) + " answered " + response.statusCode() + " with something that is not JSON", e);
        }
        return new Answer(
                response.statusCode(),
                body,
                response.headers().firstValue("Azure-AsyncOperation"),
                response.headers().firstValue("Location"),
                Optional.of(response.headers().firstValue("ETag").orElse("")).filter(t -> !t.isEmpty()));
    }

    private static String origin(HttpRequest request) {
        return request.uri().getScheme() + "://" + request.uri().getRawAuthority();
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? "" : ": " + e.getMessage();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
