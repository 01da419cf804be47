package dev.keyturn.server;

import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.json.Shape.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Every declared body of the server, found in its classes, and bodies made from the declarations. */
public final class Shapes {
    private Shapes() {}

    /** All shapes that are constants, by {@code Class.CONSTANT}. */
    public static Map<String, Shape> all() {
        Map<String, Shape> out = new TreeMap<>();
        try {
            Path root = Path.of(KeyturnServer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    String name = root.relativize(file).toString().replace('/', '.');
                    if (!name.endsWith("-info.class")) {
                        collect(Class.forName(name.substring(0, name.length() - ".class".length())), out);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return out;
    }

    private static void collect(Class<?> in, Map<String, Shape> out) throws IllegalAccessException {
        for (Field field : in.getDeclaredFields()) {
            if (field.getType() == Shape.class && Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                out.put(in.getSimpleName() + "." + field.getName(), (Shape) field.get(null));
            }
        }
    }

    /** A body with a value of the right kind for every declared field. */
    public static ObjectNode whole(Shape shape) {
        ObjectNode out = Json.object();
        for (Shape.Field field : shape.fields()) {
            List<String> path = steps(field.path());
            ObjectNode parent = (ObjectNode) walk(out, path.subList(0, path.size() - 1));
            String name = path.getLast();
            switch (field.kind()) {
                case TEXT -> parent.put(name, "text");
                case BOOL -> parent.put(name, true);
                case INTEGER -> parent.put(name, 7);
                case OBJECT -> parent.putObject(name);
                case OBJECTS -> parent.putArray(name).addObject();
                case TEXTS -> parent.putArray(name).add("text");
                case MAP -> parent.putObject(name).put("Name", "Value");
                case ANY -> parent.putObject(name).put("Own", 1);
            }
        }
        return out;
    }

    /** The names on the way to a field, and {@code 0} for the first entry of an array. */
    public static List<String> steps(String path) {
        List<String> out = new ArrayList<>();
        for (String part : path.split("\\.")) {
            boolean list = part.endsWith("[]");
            out.add(list ? part.substring(0, part.length() - 2) : part);
            if (list) {
                out.add("0");
            }
        }
        return out;
    }

    public static JsonNode walk(JsonNode from, List<String> steps) {
        JsonNode at = from;
        for (String step : steps) {
            at = at instanceof ArrayNode array ? array.path(Integer.parseInt(step)) : at.path(step);
        }
        return at;
    }

    /** The same name in other letters. */
    public static String otherCase(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals(name) ? name.toLowerCase(Locale.ROOT) : upper;
    }

    /** A copy whose field at the steps is written under another name. */
    public static ObjectNode renamed(ObjectNode body, List<String> steps, String name) {
        ObjectNode copy = body.deepCopy();
        ObjectNode parent = (ObjectNode) walk(copy, steps.subList(0, steps.size() - 1));
        JsonNode value = parent.get(steps.getLast());
        parent.remove(steps.getLast());
        parent.set(name, value);
        return copy;
    }

    /** A copy that has the field at the steps a second time, in other letters. */
    public static ObjectNode doubled(ObjectNode body, List<String> steps) {
        ObjectNode copy = body.deepCopy();
        ObjectNode parent = (ObjectNode) walk(copy, steps.subList(0, steps.size() - 1));
        parent.set(otherCase(steps.getLast()), parent.get(steps.getLast()));
        return copy;
    }

    /** Whether the field holds something that is read. */
    public static boolean isRead(Shape.Field field) {
        return field.kind() != Kind.ANY;
    }
}
