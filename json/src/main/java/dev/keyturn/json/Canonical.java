package dev.keyturn.json;

import dev.keyturn.json.Shape.Node;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;

/** One pass over a body that brings it to the names and types of its {@link Shape}. Never changes its input. */
final class Canonical {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private final Shape shape;
    private final List<BadBodyException.Problem> problems;
    private final boolean restoring;

    /** @param restoring where what does not fit is left out instead of being a problem */
    Canonical(Shape shape, List<BadBodyException.Problem> problems, boolean restoring) {
        this.shape = shape;
        this.problems = problems;
        this.restoring = restoring;
    }

    ObjectNode body(ObjectNode body) {
        return object(body, shape.root(), "");
    }

    private ObjectNode object(ObjectNode in, Node node, String path) {
        ObjectNode out = in.objectNode();
        Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        in.properties().forEach(e -> {
            String name = e.getKey();
            Node field = node.fields().get(name);
            String other = seen.putIfAbsent(name, name);
            if (restoring) {
                restore(in, out, name, e.getValue(), Optional.ofNullable(field));
            } else if (other != null) {
                twice(path, other, name);
            } else if (field != null) {
                out.set(field.name(), value(e.getValue(), field, at(path, field.name())));
            } else if (!misplaced(name, at(path, name))) {
                if (shape.hasDecisive()) {
                    search(e.getValue(), at(path, name));
                }
                out.set(name, e.getValue());
            }
        });
        return out;
    }

    private void restore(ObjectNode in, ObjectNode out, String name, JsonNode value, Optional<Node> field) {
        if (field.isEmpty()) {
            if (shape.places(name).isEmpty()) {
                out.set(name, value);
            }
        } else if (name.equals(field.get().name())) {
            out.set(name, value(value, field.get(), ""));
        } else if (!in.has(field.get().name())) {
            unread(value, field.get(), out);
        }
    }

    /** A field in a spelling that was not read: what was known in it had no effect, the rest is kept. */
    private void unread(JsonNode value, Node field, ObjectNode out) {
        switch (field.kind()) {
            case ANY, MAP -> out.set(field.name(), value);
            case OBJECT -> {
                if (value instanceof ObjectNode object) {
                    ObjectNode kept = out.putObject(field.name());
                    object.properties().forEach(e -> {
                        Node inner = field.fields().get(e.getKey());
                        if (inner != null) {
                            unread(e.getValue(), inner, kept);
                        } else if (shape.places(e.getKey()).isEmpty()) {
                            kept.set(e.getKey(), e.getValue());
                        }
                    });
                }
            }
            case TEXT, BOOL, INTEGER, TEXTS, OBJECTS -> {}
        }
    }

    private JsonNode value(JsonNode value, Node field, String path) {
        return switch (field.kind()) {
            case OBJECT -> value instanceof ObjectNode o ? object(o, field, path) : value;
            case OBJECTS -> value instanceof ArrayNode a ? entries(a, field, path) : value;
            case MAP -> {
                if (!restoring && value instanceof ObjectNode o) {
                    distinct(o, path);
                }
                yield value;
            }
            case BOOL -> value.isString() && coerces() ? truth(value) : value;
            case INTEGER ->
                value.isString()
                                && coerces()
                                && WHOLE.matcher(value.stringValue()).matches()
                        ? LongNode.valueOf(Long.parseLong(value.stringValue()))
                        : value;
            case TEXT, TEXTS, ANY -> value;
        };
    }

    private ArrayNode entries(ArrayNode in, Node field, String path) {
        ArrayNode out = in.arrayNode();
        for (int i = 0; i < in.size(); i++) {
            JsonNode entry = in.get(i);
            out.add(entry instanceof ObjectNode o ? object(o, field, path + "[" + i + "]") : entry);
        }
        return out;
    }

    private static JsonNode truth(JsonNode text) {
        return switch (text.stringValue().toLowerCase(Locale.ROOT)) {
            case "true" -> BooleanNode.TRUE;
            case "false" -> BooleanNode.FALSE;
            default -> text;
        };
    }

    private boolean coerces() {
        return shape.dialect() == Shape.Dialect.ARM;
    }

    private void distinct(ObjectNode map, String path) {
        Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : map.propertyNames()) {
            String other = seen.putIfAbsent(name, name);
            if (other != null) {
                twice(path, other, name);
            }
        }
    }

    private void twice(String path, String first, String second) {
        String where = path.isEmpty() ? "the body" : "'" + path + "'";
        problem(
                at(path, first),
                "'" + clip(first) + "' and '" + clip(second) + "' in " + where
                        + " are two spellings of one name: send one of them.");
    }

    /** Whether a field of this name belongs elsewhere, which is then said. */
    private boolean misplaced(String name, String path) {
        List<String> places = shape.places(name);
        if (places.isEmpty()) {
            return false;
        }
        List<String> shown = places.subList(0, Math.min(4, places.size()));
        problem(path, "'" + path + "' is in the wrong place: this field is '" + String.join("' or '", shown) + "'.");
        return true;
    }

    /** Looks for decisive names in a part of the body that is not known. */
    private void search(JsonNode unknown, String path) {
        if (unknown instanceof ObjectNode object) {
            object.properties().forEach(e -> {
                String at = at(path, e.getKey());
                if (!shape.isDecisive(e.getKey()) || !misplaced(e.getKey(), at)) {
                    search(e.getValue(), at);
                }
            });
        } else if (unknown instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                search(array.get(i), path + "[" + i + "]");
            }
        }
    }

    private void problem(String path, String message) {
        problems.add(new BadBodyException.Problem(path, message));
    }

    private static String at(String path, String name) {
        return path.isEmpty() ? clip(name) : path + "." + clip(name);
    }

    private static String clip(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "...";
    }
}
