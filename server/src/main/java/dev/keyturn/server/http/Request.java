package dev.keyturn.server.http;

import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request: its head, and a body that is read when somebody asks for it. {@code id} is the one that the answer
 * names; {@code authority} is the Host header in lower case with its port;
 * {@code path} is decoded, doubled and trailing slashes taken out; {@code query} has decoded names in lower case and
 * the last value of each; {@code headers} have names in lower case; {@code variables} are what the route's pattern
 * matched.
 */
public record Request(
        UUID id,
        String method,
        String authority,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        Arrival arrival,
        Map<String, String> variables) {

    /** One whose body is here already. */
    public Request(
            String method,
            String authority,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body,
            Map<String, String> variables) {
        this(UUID.randomUUID(), method, authority, path, query, headers, Arrival.of(body), variables);
    }

    /** The body, read now if it was not yet; see {@link Arrival#body}. */
    public byte[] body() {
        return arrival.body();
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name.toLowerCase(Locale.ROOT)));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** A variable of the route's pattern, as the client wrote it. */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no variable {" + name + "}");
        }
        return value;
    }

    /** The body as a JSON object, empty where there is none; refused as 400 where it is not one. */
    public ObjectNode json() {
        return Json.parseObject(body());
    }

    /** The body as an HTML form (names in lower case); refused as 400 where it is not well-formed. */
    public Map<String, String> form() {
        return Target.query(new String(body(), StandardCharsets.UTF_8));
    }

    /** All values of a field of the HTML form, in the order in which they were sent; {@link #form} has the last one. */
    public List<String> formValues(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return Target.pairs(new String(body(), StandardCharsets.UTF_8)).stream()
                .filter(field -> field.getKey().equals(wanted))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** {@code https://<authority>}: how the client reached this server, for links that lead back to it. */
    public String origin() {
        return "https://" + authority;
    }

    public Request with(Map<String, String> matched) {
        return new Request(id, method, authority, path, query, headers, arrival, matched);
    }
}
