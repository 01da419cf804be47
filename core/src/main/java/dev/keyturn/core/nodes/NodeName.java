package dev.keyturn.core.nodes;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a node is called, in its leases, its row and its chain of audit records: no '/', which leases end it with. */
public record NodeName(String text) {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    public NodeName {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("no name of a node: " + text);
        }
    }

    /** Reads a name; what is wrong with it goes into {@code problems}. */
    public static Optional<NodeName> parse(String text, List<String> problems) {
        if (SHAPE.matcher(text).matches()) {
            return Optional.of(new NodeName(text));
        }
        problems.add("The name of a node has lower-case letters, digits and '-', 40 of them at most, and begins with"
                + " none of the last; '" + text + "' is none.");
        return Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
