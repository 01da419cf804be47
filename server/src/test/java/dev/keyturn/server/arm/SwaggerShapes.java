package dev.keyturn.server.arm;

import dev.keyturn.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Checks JSON against the schemas of OpenAPI 2 files: types, required fields, formats and closed enumerations, through
 * references and {@code allOf}. Fields that a schema does not name are fine. A reference to a file that is not here is
 * not followed.
 */
public final class SwaggerShapes {
    private record At(Path file, JsonNode schema) {}

    private final Map<Path, Optional<JsonNode>> files = new HashMap<>();

    /** Where the published files are kept beside the project, if they are. */
    public static Optional<Path> beside(String folder) {
        String given = System.getProperty("keyturn.specs", "");
        Path specs = given.isEmpty() ? Path.of("").toAbsolutePath().resolve("../../shared/specs") : Path.of(given);
        return Optional.of(specs.resolve(folder).normalize()).filter(Files::isDirectory);
    }

    /** Whether the operation may answer with the status, and the body has the shape of that answer. */
    public List<String> problems(Path file, String template, String method, int status, JsonNode body) {
        JsonNode responses = load(file)
                .orElseThrow()
                .path("paths")
                .path(template)
                .path(method)
                .path("responses");
        if (responses.isMissingNode()) {
            return List.of(method + " " + template + " is not in " + file.getFileName());
        }
        JsonNode answer = responses.path(Integer.toString(status));
        if (answer.isMissingNode() && status >= 400) {
            answer = responses.path("default");
        }
        if (answer.isMissingNode()) {
            return List.of(method + " " + template + " must not answer " + status);
        }
        List<String> problems = new ArrayList<>();
        if (answer.has("schema")) {
            check(new At(file, answer.path("schema")), body, "$", problems);
        }
        return problems;
    }

    private void check(At at, JsonNode value, String where, List<String> problems) {
        JsonNode schema = at.schema();
        if (schema.has("$ref")) {
            resolve(at.file(), schema.path("$ref").asString()).ifPresent(to -> check(to, value, where, problems));
            return;
        }
        schema.path("allOf").forEach(part -> check(new At(at.file(), part), value, where, problems));
        String type = schema.path("type").asString(schema.has("properties") ? "object" : "");
        boolean fits = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> true;
        };
        if (!fits) {
            problems.add(where + " must be of type " + type + ", not " + value.getNodeType());
            return;
        }
        schema.path("required").forEach(name -> {
            if (!value.has(name.asString())) {
                problems.add(where + " must have " + name.asString());
            }
        });
        schema.path("properties").properties().forEach(p -> {
            if (value.has(p.getKey())) {
                check(new At(at.file(), p.getValue()), value.get(p.getKey()), where + "." + p.getKey(), problems);
            }
        });
        if (schema.path("additionalProperties").isObject()) {
            value.properties()
                    .forEach(e -> check(
                            new At(at.file(), schema.path("additionalProperties")),
                            e.getValue(),
                            where + "." + e.getKey(),
                            problems));
        }
        if (value.isArray() && schema.has("items")) {
            int i = 0;
            for (JsonNode item : value) {
                check(new At(at.file(), schema.path("items")), item, where + "[" + i++ + "]", problems);
            }
        }
        text(schema, value, where, problems);
    }

    private static void text(JsonNode schema, JsonNode value, String where, List<String> problems) {
        if (!value.isString()) {
            return;
        }
        boolean open = schema.path("x-ms-enum").path("modelAsString").asBoolean(false);
        if (schema.has("enum") && !open) {
            boolean known = false;
            for (JsonNode each : schema.path("enum")) {
                known |= each.equals(value);
            }
            if (!known) {
                problems.add(where + " must be one of " + schema.path("enum") + ", not " + value);
            }
        }
        if (schema.path("format").asString("").equals("date-time")) {
            try {
                OffsetDateTime.parse(value.asString());
            } catch (DateTimeParseException e) {
                problems.add(where + " must be a date-time, not " + value);
            }
        }
    }

    private Optional<At> resolve(Path from, String reference) {
        int mark = reference.indexOf('#');
        Path file = mark == 0
                ? from
                : from.resolveSibling(reference.substring(0, mark)).normalize();
        return load(file).map(root -> new At(file, root.at(reference.substring(mark + 1))));
    }

    private Optional<JsonNode> load(Path file) {
        return files.computeIfAbsent(file, f -> {
            if (!Files.isRegularFile(f)) {
                return Optional.empty();
            }
            try {
                return Optional.of(Json.parseObject(Files.readString(f)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
