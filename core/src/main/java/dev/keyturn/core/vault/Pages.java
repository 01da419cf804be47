package dev.keyturn.core.vault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads a paged query to its end. */
public final class Pages {
    private Pages() {}

    public static <T> List<T> all(
            int size, BiFunction<Optional<String>, Integer, List<T>> page, Function<T, String> position) {
        List<T> all = new ArrayList<>();
        Optional<String> after = Optional.empty();
        while (true) {
            List<T> next = page.apply(after, size);
            all.addAll(next);
            if (next.size() < size) {
                return all;
            }
            after = Optional.of(position.apply(next.getLast()));
        }
    }
}
