package dev.keyturn.store.migrate;

import java.util.List;
import java.util.stream.IntStream;

/** Pairs the sums of both sides. */
final class Compared {
    private Compared() {}

    /** Both in the order of one plan. */
    static List<TableResult> of(List<TableSum> from, List<TableSum> to) {
        return IntStream.range(0, from.size())
                .mapToObj(i -> new TableResult(from.get(i), to.get(i)))
                .toList();
    }
}
