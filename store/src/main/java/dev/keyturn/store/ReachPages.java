package dev.keyturn.store;

import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.store.engine.SqlTx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Pages of what a reach covers, in the order of keys. Each group, and each single resource, is a range of keys: the ranges
 * are read in their order, some of them with one statement, and of each no more than the page needs. So a page costs what
 * it shows and what the ranges before it that are empty take to find that out, however much else there is.
 *
 * @param select with the head {@code resource r}, and without a condition
 * @param from the tables that the conditions are about, the head among them
 * @param where conditions of them
 * @param values of the conditions' marks
 */
record ReachPages<T>(String select, SqlTx.RowReader<T> reader, String from, String where, List<Object> values) {
    /** How many ranges a statement asks about: few forms, so that each stays prepared. */
    private static final int SOME = 4;

    private static final int MANY = 32;

    /** Keys from the first to before the last. */
    private record Range(String from, String to) {
        static final Range EMPTY = new Range("", "");
    }

    ReachPages {
        values = List.copyOf(values);
    }

    List<T> page(SqlTx tx, String subscription, Reach reach, Optional<String> after, int limit) {
        List<Range> ranges = ranges(subscription, reach, after);
        List<T> found = new ArrayList<>();
        for (int at = 0; at < ranges.size() && found.size() < limit; ) {
            int rest = ranges.size() - at;
            int taken = at == 0 && rest > SOME ? SOME : Math.min(rest, MANY);
            found.addAll(page(tx, ranges.subList(at, at + taken), limit - found.size()));
            at += taken;
        }
        return found;
    }

    private List<T> page(SqlTx tx, List<Range> ranges, int limit) {
        List<Object> arguments = new ArrayList<>();
        if (ranges.size() == 1) {
            add(arguments, ranges.getFirst(), limit);
            return tx.list(select + condition(), reader, arguments.toArray());
        }
        int forms = ranges.size() <= SOME ? SOME : MANY;
        for (int i = 0; i < forms; i++) {
            add(arguments, i < ranges.size() ? ranges.get(i) : Range.EMPTY, limit);
        }
        arguments.add(limit);
        String one = "SELECT * FROM (SELECT r.id AS id, r.arm_key AS arm_key FROM " + from + condition() + ") p";
        return tx.list(
                select + " WHERE r.id IN (SELECT u.id FROM ("
                        + String.join(" UNION ALL ", Collections.nCopies(forms, one))
                        + ") u ORDER BY u.arm_key LIMIT ?) ORDER BY r.arm_key",
                reader,
                arguments.toArray());
    }

    private String condition() {
        return " WHERE " + where + " AND r.arm_key >= ? AND r.arm_key < ? ORDER BY r.arm_key LIMIT ?";
    }

    private void add(Collection<Object> arguments, Range range, int limit) {
        arguments.addAll(values);
        arguments.addAll(List.of(range.from(), range.to(), limit));
    }

    /** What of the reach is behind the key, in order. No character of an id comes before a blank. */
    private static List<Range> ranges(String subscription, Reach reach, Optional<String> after) {
        String start = after.map(key -> key + ' ').orElse("");
        Stream<Range> groups = reach.places().stream()
                .map(group -> Heads.prefix(subscription, group))
                .map(prefix -> new Range(prefix, Heads.end(prefix)));
        Stream<Range> single = reach.single().stream().map(id -> new Range(id.key(), id.key() + ' '));
        return Stream.concat(groups, single)
                .filter(range -> range.to().compareTo(start) > 0)
                .map(range -> range.from().compareTo(start) < 0 ? new Range(start, range.to()) : range)
                .sorted(Comparator.comparing(Range::from))
                .toList();
    }
}
