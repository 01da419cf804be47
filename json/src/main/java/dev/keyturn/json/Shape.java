package dev.keyturn.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields that a body is known to have, by path ({@code properties.activeKey.keyUrl}; {@code []} stands for the
 * entries of an array: {@code properties.storageProfile.dataDisks[].lun}). From this one declaration follow the spelling
 * of names, what is misplaced, which text counts as a boolean or a number, what a PATCH may not take away, and what
 * {@link Fields} can be asked for (docs/bodies.md has the rules). Immutable and thread-safe.
 */
public final class Shape {
    /** What a field holds. */
    public enum Kind {
        TEXT,
        BOOL,
        INTEGER,
        /** An object whose fields are declared. */
        OBJECT,
        /** An array of such objects. */
        OBJECTS,
        /** An array of strings. */
        TEXTS,
        /** An object whose names are data (tags, ids): they are never renamed. */
        MAP,
        /** Anything: its content is not looked at, as of what only the server says. */
        ANY
    }

    /** Whose rules hold. */
    enum Dialect {
        /** Azure Resource Manager: booleans and whole numbers may also be written as text. */
        ARM,
        /** Vaults, HSMs, the directory: types as they are. */
        DATA
    }

    /** One declared field. */
    public record Field(String path, Kind kind) {}

    /** A field with what is declared below it; {@code fields} compares names without case. */
    record Node(String name, String path, Kind kind, Map<String, Node> fields) {}

    /** Words that so many objects have that one of them in an odd place says nothing. */
    private static final Set<String> COMMON = Set.of("id", "name", "type", "kind", "properties", "enabled", "value");

    private final Dialect dialect;
    private final Node root;
    private final List<Field> fields;
    private final Map<String, List<String>> places;
    private final Set<String> decisive;
    private final Set<String> lasting;

    private Shape(Builder from) {
        this.dialect = from.dialect;
        this.fields = List.copyOf(from.fields);
        this.root = frozen(from.root);
        this.decisive = Set.copyOf(from.decisive);
        this.lasting = Set.copyOf(from.lasting);
        Map<String, List<String>> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        collect(root, found);
        this.places = Collections.unmodifiableMap(found);
    }

    /** For the body of an ARM resource, which has a head (location, tags) and what the server says of it. */
    public static Builder resource() {
        return new Builder(Dialect.ARM)
                .any("id", "name", "type", "etag", "systemData", "properties.provisioningState")
                .text("location")
                .map("tags");
    }

    /** For any other body that is sent to ARM. */
    public static Builder arm() {
        return new Builder(Dialect.ARM);
    }

    /** For what is sent to vaults, managed HSMs and the directory. */
    public static Builder data() {
        return new Builder(Dialect.DATA);
    }

    /**
     * The body with every known name spelt as it is declared, and text that stands for a boolean or a number turned into
     * one where the dialect allows that. Fields that are not known stay as they are.
     *
     * @throws BadBodyException where one object has a name in two spellings, or a known name stands in the wrong place
     */
    public ObjectNode canonical(ObjectNode body) {
        List<BadBodyException.Problem> problems = new ArrayList<>();
        ObjectNode out = canonical(body, problems);
        if (!problems.isEmpty()) {
            throw new BadBodyException(problems);
        }
        return out;
    }

    ObjectNode canonical(ObjectNode body, List<BadBodyException.Problem> problems) {
        return new Canonical(this, problems, false).body(body);
    }

    /**
     * A document that an earlier version stored, which took names only as they are declared: a known field in another
     * spelling, or in the wrong place, had no effect and is left out.
     */
    public ObjectNode restored(ObjectNode document) {
        return new Canonical(this, new ArrayList<>(), true).body(document);
    }

    /** All fields, as they were declared; objects around them that nobody declared are not among them. */
    public List<Field> fields() {
        return fields;
    }

    Dialect dialect() {
        return dialect;
    }

    Node root() {
        return root;
    }

    /** Where a field of this name belongs; empty where its name alone says nothing. */
    List<String> places(String name) {
        return places.getOrDefault(name, List.of());
    }

    /** Whether a field of this name may not even stand in a part of the body that is not known. */
    boolean isDecisive(String name) {
        return decisive.contains(name.toLowerCase(Locale.ROOT));
    }

    boolean hasDecisive() {
        return !decisive.isEmpty();
    }

    /**
     * The patch, a canonical body, without the nulls for what always has a value: those take nothing away, and real
     * clients send them for fields that they do not mean.
     */
    public ObjectNode withoutLastingNulls(ObjectNode patch) {
        ObjectNode out = patch.deepCopy();
        for (String path : lasting) {
            int dot = path.lastIndexOf('.');
            JsonNode at = out;
            for (String part : dot < 0 ? new String[0] : path.substring(0, dot).split("\\.")) {
                at = at.path(part);
            }
            String name = path.substring(dot + 1);
            if (at instanceof ObjectNode object && object.path(name).isNull()) {
                object.remove(name);
            }
        }
        return out;
    }

    private void collect(Node node, Map<String, List<String>> found) {
        node.fields().values().forEach(f -> {
            boolean common = COMMON.contains(f.name().toLowerCase(Locale.ROOT)) && !isDecisive(f.name());
            if (f.kind() != Kind.ANY && !common) {
                found.computeIfAbsent(f.name(), _ -> new ArrayList<>()).add(f.path());
            }
            collect(f, found);
        });
    }

    private static Node frozen(Node node) {
        Map<String, Node> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        node.fields().forEach((name, field) -> fields.put(name, frozen(field)));
        return new Node(node.name(), node.path(), node.kind(), Collections.unmodifiableMap(fields));
    }

    /** Collects the fields of a shape. Not thread-safe. */
    public static final class Builder {
        private final Dialect dialect;
        private final Node root = new Node("", "", Kind.OBJECT, new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
        private final List<Field> fields = new ArrayList<>();
        private final Set<String> decisive = new HashSet<>();
        private final Set<String> lasting = new HashSet<>();

        private Builder(Dialect dialect) {
            this.dialect = dialect;
        }

        public Builder text(String... paths) {
            return add(Kind.TEXT, paths);
        }

        public Builder bool(String... paths) {
            return add(Kind.BOOL, paths);
        }

        public Builder integer(String... paths) {
            return add(Kind.INTEGER, paths);
        }

        public Builder texts(String... paths) {
            return add(Kind.TEXTS, paths);
        }

        public Builder map(String... paths) {
            return add(Kind.MAP, paths);
        }

        public Builder any(String... paths) {
            return add(Kind.ANY, paths);
        }

        /** Only where nothing below it is declared. */
        public Builder object(String... paths) {
            return add(Kind.OBJECT, paths);
        }

        /** Names of declared fields that may stand nowhere else at all, not even inside of what is not known. */
        public Builder decisive(String... names) {
            for (String name : names) {
                decisive.add(name.toLowerCase(Locale.ROOT));
            }
            return this;
        }

        /** Fields that always have a value: null in a PATCH leaves them as they are. */
        public Builder lasting(String... paths) {
            lasting.addAll(List.of(paths));
            return this;
        }

        public Shape build() {
            return new Shape(this);
        }

        private Builder add(Kind kind, String... paths) {
            for (String path : paths) {
                Node at = root;
                String[] parts = path.split("\\.");
                for (int i = 0; i < parts.length; i++) {
                    boolean last = i == parts.length - 1;
                    boolean list = parts[i].endsWith("[]");
                    String name = list ? parts[i].substring(0, parts[i].length() - 2) : parts[i];
                    Kind wanted = list ? Kind.OBJECTS : last ? kind : Kind.OBJECT;
                    Node next = at.fields().get(name);
                    if (next == null) {
                        String full = (at.path().isEmpty() ? "" : at.path() + (at.kind() == Kind.OBJECTS ? "[]." : "."))
                                + name;
                        next = new Node(name, full, wanted, new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
                        at.fields().put(name, next);
                        fields.add(new Field(full, wanted));
                    } else if (next.kind() != wanted || !next.name().equals(name)) {
                        throw new IllegalArgumentException(path + " is declared as two things");
                    }
                    at = next;
                }
            }
            return this;
        }
    }
}
