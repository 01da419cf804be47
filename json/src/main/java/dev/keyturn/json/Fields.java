package dev.keyturn.json;

import dev.keyturn.json.Shape.Kind;
import dev.keyturn.json.Shape.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a body field by field and collects what is wrong, so that one answer names every wrong field. JSON null is the
 * same as absent here; what a null means in a PATCH is settled before, when the patch is laid over what is there. A
 * getter that finds a problem returns empty, or a harmless value where the field is required: nothing read may be used
 * before {@link #done} returned.
 *
 * <p>Field names may be paths ({@code properties.activeKey.keyUrl}). The body is brought to the spelling of its
 * {@link Shape} first, and only what the shape declares can be asked for: anything else is a bug and throws
 * {@link IllegalStateException}. Not thread-safe.
 */
public final class Fields {
    private final ObjectNode node;
    private final Node declared;
    private final String path;
    private final List<BadBodyException.Problem> problems;

    private Fields(ObjectNode node, Node declared, String path, List<BadBodyException.Problem> problems) {
        this.node = node;
        this.declared = declared;
        this.path = path;
        this.problems = problems;
    }

    public static Fields of(ObjectNode body, Shape shape) {
        List<BadBodyException.Problem> problems = new ArrayList<>();
        return new Fields(shape.canonical(body, problems), shape.root(), "", problems);
    }

    /** @throws BadBodyException where anything read so far was wrong */
    public void done() {
        if (!problems.isEmpty()) {
            throw new BadBodyException(problems);
        }
    }

    public void problem(String name, String message) {
        problems.add(new BadBodyException.Problem(full(name), message));
    }

    public boolean has(String name) {
        return find(name, Kind.values()).isPresent();
    }

    /** The names in the body, or in this object of it, that are not declared. */
    public List<String> unknown() {
        return node.propertyNames().stream()
                .filter(name -> !declared.fields().containsKey(name))
                .toList();
    }

    public Optional<String> text(String name) {
        return find(name, Kind.TEXT)
                .flatMap(v -> v.isString() ? Optional.of(v.stringValue()) : wrong(name, v, "a string"));
    }

    public String requiredText(String name) {
        Optional<String> value = text(name);
        if (value.isEmpty() && !has(name)) {
            problem(name, "'" + full(name) + "' is required.");
        }
        if (value.isPresent() && value.get().isBlank()) {
            problem(name, "'" + full(name) + "' must not be empty.");
        }
        return value.orElse("");
    }

    public Optional<Boolean> bool(String name) {
        return find(name, Kind.BOOL)
                .flatMap(v -> v.isBoolean() ? Optional.of(v.booleanValue()) : wrong(name, v, "true or false"));
    }

    public Optional<Long> integer(String name, long min, long max) {
        Optional<Long> value = find(name, Kind.INTEGER)
                .flatMap(v -> v.isIntegralNumber() && v.canConvertToLong()
                        ? Optional.of(v.longValue())
                        : wrong(name, v, "a whole number"));
        return value.flatMap(n -> {
            if (n < min || n > max) {
                problem(name, "'" + full(name) + "' must be between " + min + " and " + max + ", not " + n + ".");
                return Optional.empty();
            }
            return value;
        });
    }

    /** base64url without padding, as Key Vault writes bytes; padding is forgiven. */
    public Optional<byte[]> base64url(String name) {
        return text(name).flatMap(t -> {
            try {
                return Optional.of(Base64.getUrlDecoder().decode(t));
            } catch (IllegalArgumentException e) {
                problem(name, "'" + full(name) + "' must be base64url text.");
                return Optional.empty();
            }
        });
    }

    public Optional<Fields> object(String name) {
        return find(name, Kind.OBJECT, Kind.MAP, Kind.ANY)
                .flatMap(v -> v instanceof ObjectNode o
                        ? Optional.of(new Fields(o, declared(name), full(name), problems))
                        : wrong(name, v, "an object"));
    }

    /** The object of that name; one without fields where it is absent. */
    public Fields objectOrEmpty(String name) {
        return object(name).orElseGet(() -> new Fields(Json.object(), declared(name), full(name), problems));
    }

    /** The objects of an array; empty where it is absent. */
    public List<Fields> objects(String name) {
        List<Fields> out = new ArrayList<>();
        int i = 0;
        for (JsonNode element : elements(name, Kind.OBJECTS)) {
            String at = full(name) + "[" + i++ + "]";
            if (element instanceof ObjectNode o) {
                out.add(new Fields(o, declared(name), at, problems));
            } else {
                problems.add(new BadBodyException.Problem(at, "'" + at + "' must be an object."));
            }
        }
        return out;
    }

    /** The strings of an array; empty where it is absent. */
    public List<String> texts(String name) {
        List<String> out = new ArrayList<>();
        int i = 0;
        for (JsonNode element : elements(name, Kind.TEXTS)) {
            String at = full(name) + "[" + i++ + "]";
            if (element.isString()) {
                out.add(element.stringValue());
            } else {
                problems.add(new BadBodyException.Problem(at, "'" + at + "' must be a string."));
            }
        }
        return out;
    }

    /** An object whose values are all strings (tags); empty where it is absent. */
    public Optional<Map<String, String>> textMap(String name) {
        return object(name).map(o -> {
            Map<String, String> out = new LinkedHashMap<>();
            // Names of tags may have dots in them, so they are no paths.
            o.node.properties().forEach(e -> {
                JsonNode value = e.getValue();
                if (value.isString()) {
                    out.put(e.getKey(), value.stringValue());
                } else if (!value.isNull()) {
                    o.wrong(e.getKey(), value, "a string");
                }
            });
            return out;
        });
    }

    public ObjectNode node() {
        return node;
    }

    /** The path of this object in the body, for messages; empty for the body itself. */
    public String path() {
        return path;
    }

    private Iterable<JsonNode> elements(String name, Kind kind) {
        Optional<JsonNode> value = find(name, kind);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof ArrayNode array) {
            return array;
        }
        problem(name, "'" + full(name) + "' must be an array.");
        return List.of();
    }

    private <T> Optional<T> wrong(String name, JsonNode value, String wanted) {
        problem(
                name,
                "'" + full(name) + "' must be " + wanted + ", not "
                        + value.getNodeType().name().toLowerCase(java.util.Locale.ROOT) + ".");
        return Optional.empty();
    }

    private Optional<JsonNode> find(String name, Kind... kinds) {
        Kind kind = declared(name).kind();
        if (!Arrays.asList(kinds).contains(kind)) {
            throw new IllegalStateException("'" + full(name) + "' is declared as " + kind);
        }
        JsonNode at = node;
        for (String part : name.split("\\.")) {
            at = at instanceof ObjectNode ? at.get(part) : null;
            if (at == null || at.isNull()) {
                return Optional.empty();
            }
        }
        return Optional.of(at);
    }

    private Node declared(String name) {
        Node at = declared;
        for (String part : name.split("\\.")) {
            Node next = at.fields().get(part);
            if (next == null || !next.name().equals(part)) {
                throw new IllegalStateException("'" + full(name) + "' is not declared in the shape of its body");
            }
            at = next;
        }
        return at;
    }

    private String full(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
