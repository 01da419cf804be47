package dev.keyturn.server.arm;

import java.util.List;
import java.util.Optional;

/**
 * A path of ARM, read by position: {@code [/subscriptions/S[/resourceGroups/G]]}, then any number of
 * {@code /providers/NAMESPACE{/TYPE/NAME}}. So a group or a resource may have any name, {@code providers} too.
 *
 * @param segments without empty ones
 * @param pairs where the last namespace's types and names begin, alternating; 0 where there is no namespace
 */
record ArmPath(List<String> segments, int pairs) {
    private static final String PROVIDERS = "providers";

    static ArmPath of(String path) {
        List<String> segments =
                List.of(path.split("/")).stream().filter(s -> !s.isEmpty()).toList();
        int at = is(segments, 0, "subscriptions") ? is(segments, 2, "resourceGroups") ? 4 : 2 : 0;
        int pairs = 0;
        while (is(segments, at, PROVIDERS)) {
            pairs = Math.min(segments.size(), at + 2);
            at = pairs;
            while (at < segments.size() && !is(segments, at, PROVIDERS)) {
                at += 2;
            }
        }
        return new ArmPath(segments, pairs);
    }

    /**
     * The subscription, group or resource that is acted at: without an action ({@code .../start}) or the type of a list
     * behind it.
     */
    String scope() {
        int end = segments.size() - (segments.size() - pairs) % 2;
        if (end == pairs && pairs > 0) {
            end = pairs - 2; // a list of a whole namespace or type is asked of what is above it
        }
        return "/" + String.join("/", segments.subList(0, end));
    }

    Optional<String> namespace() {
        return pairs > 0 && pairs <= segments.size() && !is(segments, pairs - 1, PROVIDERS)
                ? Optional.of(segments.get(pairs - 1))
                : Optional.empty();
    }

    /** The first type behind the namespace; empty where there is none. */
    String type() {
        return pairs < segments.size() ? segments.get(pairs) : "";
    }

    private static boolean is(List<String> segments, int at, String word) {
        return at < segments.size() && segments.get(at).equalsIgnoreCase(word);
    }
}
