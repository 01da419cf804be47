package dev.keyturn.server.http;

import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One answer. Immutable; {@code with} returns a new one. */
public record Response(int status, Map<String, String> headers, String contentType, byte[] body) {
    private static final String JSON = "application/json; charset=utf-8";

    public Response {
        headers = Map.copyOf(headers);
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
        return new Response(status, all, contentType, body);
    }
}
