package dev.keyturn.store;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Small structures that nothing is searched by, kept as JSON text in one column. */
final class JsonColumns {
    private JsonColumns() {}

    static String ofMap(Map<String, String> map) {
        ObjectNode object = Json.object();
        map.forEach(object::put);
        return Json.text(object);
    }

    static Map<String, String> map(String text) {
        if (text.equals("{}")) {
            return Map.of();
        }
        Map<String, String> map = new LinkedHashMap<>();
        Json.parseObject(text)
                .properties()
                .forEach(e -> map.put(e.getKey(), e.getValue().stringValue()));
        return map;
    }

    static String ofError(ErrorInfo error) {
        return Json.text(tree(error));
    }

    static Optional<String> ofError(Optional<ErrorInfo> error) {
        return error.map(JsonColumns::ofError);
    }

    static ErrorInfo error(String text) {
        return error(Json.parseObject(text));
    }

    static Optional<ErrorInfo> error(Optional<String> text) {
        return text.map(JsonColumns::error);
    }

    private static ObjectNode tree(ErrorInfo error) {
        ObjectNode object = Json.object().put("code", error.code()).put("message", error.message());
        error.target().ifPresent(target -> object.put("target", target));
        if (!error.details().isEmpty()) {
            ArrayNode details = object.putArray("details");
            error.details().forEach(detail -> details.add(tree(detail)));
        }
        return object;
    }

    private static ErrorInfo error(JsonNode object) {
        List<ErrorInfo> details = new ArrayList<>();
        object.path("details").forEach(detail -> details.add(error(detail)));
        return new ErrorInfo(
                object.path("code").stringValue(),
                object.path("message").stringValue(),
                object.path("target").stringValueOpt(),
                details);
    }
}
