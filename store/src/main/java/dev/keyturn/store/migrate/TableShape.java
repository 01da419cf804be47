package dev.keyturn.store.migrate;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A table as a database's catalogue tells of it. Immutable.
 *
 * @param types of the columns, by their names
 * @param key the primary key, in its order
 * @param references the tables that its rows refer to
 */
record TableShape(String name, Map<String, Optional<ColumnType>> types, List<String> key, Set<String> references) {
    TableShape {
        types = Collections.unmodifiableMap(new TreeMap<>(types));
        key = List.copyOf(key);
        references = Set.copyOf(references);
    }

    /** The columns in the order of their names, in which a row is read, written and summed. */
    List<String> columns() {
        return List.copyOf(types.keySet());
    }

    /** Of a column that {@link #problem} has nothing against. */
    ColumnType type(String column) {
        return types.getOrDefault(column, Optional.empty())
                .orElseThrow(() -> new IllegalStateException("column " + name + "." + column + " has no type"));
    }

    /** Why its rows cannot be copied; empty where they can. */
    Optional<String> problem() {
        String strange = types.entrySet().stream()
                .filter(e -> e.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        if (!strange.isEmpty()) {
            return Optional.of("The table " + name + " has columns of a type that is not copied: " + strange + ".");
        }
        return key.isEmpty()
                ? Optional.of("The table " + name + " has no primary key, so its rows have no order.")
                : Optional.empty();
    }

    /** Names in SQL: quoted, and the same in both databases. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    String orderBy() {
        return " ORDER BY " + key.stream().map(TableShape::quoted).collect(Collectors.joining(", "));
    }
}
