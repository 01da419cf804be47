package dev.keyturn.store.migrate;

import dev.keyturn.store.engine.BareDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is copied: every table that is not {@link LeftOut}, each after those that it refers to. Immutable.
 *
 * @param tables in the order in which they are copied
 */
record Plan(List<TableShape> tables) {
    Plan {
        tables = List.copyOf(tables);
    }

    /** @throws CopyException where the databases do not have the same tables, with each difference */
    static Plan of(BareDatabase from, BareDatabase to) throws SQLException, CopyException {
        return of(Catalogue.of(from), from.name(), Catalogue.of(to), to.name());
    }

    static Plan of(Map<String, TableShape> from, String fromName, Map<String, TableShape> to, String toName)
            throws CopyException {
        Map<String, TableShape> here = copied(from);
        Map<String, TableShape> there = copied(to);
        List<String> problems = new ArrayList<>();
        there.forEach((name, table) -> {
            TableShape other = here.get(name);
            if (other == null) {
                problems.add("The table " + name + " is in " + toName + " and not in " + fromName + ".");
            } else if (!other.equals(table)) {
                problems.add("The table " + name + " is another one in " + toName + " than in " + fromName + ": "
                        + table + ", and " + other + ".");
            } else {
                table.problem().ifPresent(problems::add);
            }
        });
        here.keySet().stream()
                .filter(name -> !there.containsKey(name))
                .forEach(name ->
                        problems.add("The table " + name + " is in " + fromName + " and not in " + toName + "."));
        if (!problems.isEmpty()) {
            throw new CopyException(problems);
        }
        return new Plan(ordered(there));
    }

    private static Map<String, TableShape> copied(Map<String, TableShape> all) {
        Map<String, TableShape> some = new TreeMap<>(all);
        some.keySet().removeAll(LeftOut.TABLES.keySet());
        return some;
    }

    private static List<TableShape> ordered(Map<String, TableShape> tables) throws CopyException {
        List<TableShape> order = new ArrayList<>();
        Map<String, TableShape> left = new TreeMap<>(tables);
        while (!left.isEmpty()) {
            List<TableShape> next = left.values().stream()
                    .filter(t -> t.references().stream().noneMatch(left::containsKey))
                    .toList();
            if (next.isEmpty()) {
                throw new CopyException("The tables " + String.join(", ", left.keySet())
                        + " refer to each other in a circle, so none of them can be copied first.");
            }
            order.addAll(next);
            next.forEach(t -> left.remove(t.name()));
        }
        return order;
    }
}
