package dev.keyturn.server.fuzz;

import static dev.keyturn.server.fuzz.FuzzTarget.require;

import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.Shapes;
import dev.keyturn.server.arm.MergePatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body, read as each of the declared ones: the first line names the shape. It is refused, or has one spelling of each
 * name from then on and loses nothing.
 */
final class BodiesTarget implements FuzzTarget {
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Map<String, Shape> shapes = Shapes.all();
    private final List<String> names = List.copyOf(shapes.keySet());

    @Override
    public void run(byte[] input) {
        int line = 0;
        while (line < input.length && input[line] != '\n') {
            line++;
        }
        String name = new String(input, 0, line, StandardCharsets.UTF_8);
        Shape shape = shapes.getOrDefault(name, shapes.get(names.get(Math.floorMod(name.hashCode(), names.size()))));
        byte[] text = Arrays.copyOfRange(input, Math.min(line + 1, input.length), input.length);
        ObjectNode body;
        try {
            body = Json.parseObject(text);
        } catch (BadBodyException e) {
            said(e);
            return;
        }
        String written = Json.text(body);
        require(Json.text(Json.parseObject(written)).equals(written), "what was read is written as something else");
        require(sameNumbers(body, exact(text)), "a number has become another");
        shape.restored(shape.restored(body));
        MergePatch.withoutNulls(body);
        readAll(shape, body);
        ObjectNode canonical;
        try {
            canonical = shape.canonical(body);
        } catch (BadBodyException e) {
            said(e);
            return;
        } finally {
            require(Json.text(body).equals(written), "the body that was read has changed");
        }
        require(size(canonical) == size(body), "a field is gone");
        String stored = Json.text(canonical);
        require(Json.text(shape.canonical(canonical)).equals(stored), "it changes when it is read a second time");
        require(Json.text(shape.canonical(Json.parseObject(stored))).equals(stored), "stored and read it is another");
        require(
                Json.text(shape.canonical(inOtherLetters(shape, body))).equals(stored),
                "other letters say another thing");
        require(
                Json.text(shape.restored(canonical)).equals(stored),
                "it loses something when it is read from the store");
        require(
                Json.text(MergePatch.apply(canonical, canonical))
                        .equals(Json.text(MergePatch.apply(Json.object(), canonical))),
                "as a patch of itself it changes something");
        shape.withoutLastingNulls(canonical);
        spelling(shape, canonical);
    }

    /** Each declared field, as what it is declared; done() then says all that is wrong. */
    private static void readAll(Shape shape, ObjectNode body) {
        Fields fields = Fields.of(body, shape);
        read(fields, shape.fields(), "");
        try {
            fields.done();
        } catch (BadBodyException e) {
            said(e);
        }
    }

    private static void read(Fields fields, List<Shape.Field> declared, String prefix) {
        for (Shape.Field field : declared) {
            if (!field.path().startsWith(prefix)
                    || field.path().substring(prefix.length()).contains("[]")) {
                continue;
            }
            String name = field.path().substring(prefix.length());
            switch (field.kind()) {
                case TEXT -> {
                    fields.requiredText(name);
                    fields.base64url(name);
                }
                case BOOL -> fields.bool(name);
                case INTEGER -> fields.integer(name, Long.MIN_VALUE, Long.MAX_VALUE);
                case TEXTS -> fields.texts(name);
                case OBJECT -> fields.objectOrEmpty(name).unknown();
                case MAP -> fields.textMap(name);
                case ANY -> fields.has(name);
                case OBJECTS -> fields.objects(name).forEach(entry -> read(entry, declared, field.path() + "[]."));
            }
        }
    }

    /** In every object that is declared, a name that compares equal to a known one is that one. */
    private static void spelling(Shape shape, ObjectNode body) {
        Map<String, Set<String>> known = new TreeMap<>();
        for (Shape.Field field : shape.fields()) {
            int dot = field.path().lastIndexOf('.');
            known.computeIfAbsent(dot < 0 ? "" : field.path().substring(0, dot), _ -> new TreeSet<>())
                    .add(field.path().substring(dot + 1));
        }
        known.forEach((path, names) -> at(body, path)
                .forEach(object -> object.propertyNames()
                        .forEach(name -> names.forEach(right -> require(
                                name.equals(right) || !name.equalsIgnoreCase(right),
                                "'" + name + "' is left beside '" + right + "'")))));
    }

    private static List<ObjectNode> at(JsonNode from, String path) {
        if (path.isEmpty()) {
            return from instanceof ObjectNode object ? List.of(object) : List.of();
        }
        int dot = path.indexOf('.');
        String first = dot < 0 ? path : path.substring(0, dot);
        String rest = dot < 0 ? "" : path.substring(dot + 1);
        if (!first.endsWith("[]")) {
            return at(from.path(first), rest);
        }
        return from.path(first.substring(0, first.length() - 2)) instanceof ArrayNode entries
                ? entries.valueStream()
                        .flatMap(entry -> at(entry, rest).stream())
                        .toList()
                : List.of();
    }

    /** A copy with every name that is known where it stands in other letters. */
    private static ObjectNode inOtherLetters(Shape shape, ObjectNode body) {
        Map<String, Shape.Kind> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        shape.fields().forEach(f -> known.put(f.path(), f.kind()));
        return swapped(body, known, "");
    }

    private static ObjectNode swapped(ObjectNode object, Map<String, Shape.Kind> known, String prefix) {
        ObjectNode out = Json.object();
        object.properties().forEach(e -> {
            String path = prefix + e.getKey();
            boolean name = !e.getKey().contains(".") && !e.getKey().contains("["); // or it only looks like a path
            Shape.Kind kind = name ? known.get(path) : null;
            JsonNode value = e.getValue();
            if (kind == Shape.Kind.OBJECT && value instanceof ObjectNode inner) {
                value = swapped(inner, known, path + ".");
            } else if (kind == Shape.Kind.OBJECTS && value instanceof ArrayNode entries) {
                ArrayNode all = Json.array();
                entries.forEach(i -> all.add(i instanceof ObjectNode o ? swapped(o, known, path + "[].") : i));
                value = all;
            }
            out.set(kind == null ? e.getKey() : FuzzTarget.inOtherLetters(e.getKey()), value);
        });
        return out;
    }

    /** The same text, read without any rounding. */
    private static JsonNode exact(byte[] text) {
        return text.length == 0 ? Json.object() : EXACT.readTree(text);
    }

    private static boolean sameNumbers(JsonNode one, JsonNode other) {
        if (one.isNumber()) {
            // NaN and the infinities have no decimal value.
            return !one.asString().matches("[-+]?(NaN|Infinity)")
                    && one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        if (one instanceof ObjectNode object) {
            return object.properties().stream().allMatch(e -> sameNumbers(e.getValue(), other.path(e.getKey())));
        }
        for (int i = 0; i < one.size(); i++) {
            if (!sameNumbers(one.get(i), other.path(i))) {
                return false;
            }
        }
        return true;
    }

    private static int size(JsonNode node) {
        return node.size() + node.valueStream().mapToInt(BodiesTarget::size).sum();
    }

    private static void said(BadBodyException e) {
        require(
                !e.problems().isEmpty()
                        && e.problems().stream().noneMatch(p -> p.message().isBlank()),
                "a refusal says nothing");
    }

    @Override
    public Set<String> words() {
        Set<String> out = new TreeSet<>(names);
        shapes.values()
                .forEach(s -> s.fields().forEach(f -> {
                    for (String part : f.path().split("\\.")) {
                        out.add("\"" + (part.endsWith("[]") ? part.substring(0, part.length() - 2) : part) + "\":");
                    }
                }));
        out.addAll(
                Set.of("{}", "[]", "[{}]", "null", "true", "\"true\"", "\"7\"", "1e400", "0.1", "\\u0130", "\\ud800"));
        return out;
    }
}
