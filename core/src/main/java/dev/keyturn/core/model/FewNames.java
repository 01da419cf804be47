package dev.keyturn.core.model;

import java.util.List;
import java.util.stream.Collectors;

/** The names of what a refusal is about, for its message: some clients show nothing but the message. */
public final class FewNames {
    /** A message names this many. */
    private static final int NAMED = 10;

    private FewNames() {}

    /**
     * {@code ('a', 'b' and 10 more)}.
     *
     * @param some the first of them, not empty
     * @param all how many there are
     */
    public static String of(List<ArmId> some, long all) {
        long named = Math.min(NAMED, some.size());
        String names =
                some.stream().limit(named).map(id -> "'" + id.name() + "'").collect(Collectors.joining(", "));
        return "(" + names + (all > named ? " and " + (all - named) + " more)" : ")");
    }
}
