package dev.keyturn.cli.client;

import dev.keyturn.json.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server answered to one request. */
public record Answer(
        int status, ObjectNode body, Optional<String> operation, Optional<String> location, Optional<String> etag) {
    static Answer empty(int status) {
        return new Answer(status, Json.object(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The text at a dotted path; empty text where there is none. */
    public String text(String path) {
        return text(body, path);
    }

    public static String text(JsonNode node, String path) {
        return at(node, path)
                .map(n -> n.isString() ? n.stringValue() : n.toString())
                .orElse("");
    }

    /** What stands at a dotted path, where it is not null. */
    public static Optional<JsonNode> at(JsonNode node, String path) {
        Optional<JsonNode> here = Optional.of(node);
        for (String part : path.split("\\.")) {
            here = here.map(n -> n.get(part)).filter(n -> !n.isNull());
        }
        return here;
    }
}
