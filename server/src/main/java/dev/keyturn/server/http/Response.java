package dev.keyturn.server.http;

import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One answer. Immutable; {@code with} returns a new one.
 *
 * @param pieces what it goes on with; the body is empty then, and the connection ends with the answer
 */
public record Response(
        int status, Map<String, String> headers, String contentType, byte[] body, Optional<Pieces> pieces) {
    private static final String JSON = "application/json; charset=utf-8";

    public Response {
        headers = Map.copyOf(headers);
    }

    public Response(int status, Map<String, String> headers, String contentType, byte[] body) {
        this(status, headers, contentType, body, Optional.empty());
    }

    /** One that goes on. */
    public static Response of(String contentType, Pieces pieces) {
        return new Response(200, Map.of(), contentType, new byte[0], Optional.of(pieces));
    }

    public static Response json(int status, JsonNode body) {
        return new Response(status, Map.of(), JSON, Json.bytes(body));
    }

    public static Response ok(JsonNode body) {
        return json(200, body);
    }

    public static Response text(int status, String contentType, String body) {
        return new Response(status, Map.of(), contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public static Response empty(int status) {
        return new Response(status, Map.of(), "", new byte[0]);
    }

    public Response with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Response(status, all, contentType, body, pieces);
    }
}
