package dev.keyturn.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads ids by position, whatever the names in them are. */
final class ArmIdParser {
    private static final String PROVIDERS = "providers";
    private static final String SUBSCRIPTIONS = "subscriptions";
    private static final String GROUPS = "resourceGroups";

    /** Characters of a segment that a problem repeats. */
    private static final int SHOWN = 100;

    private ArmIdParser() {}

    static Optional<ArmId> parse(String text) {
        if (!text.startsWith("/")) {
            return Optional.empty();
        }
        ArmId.Prefix longest = longest(text);
        return longest.rest().isEmpty() ? Optional.of(longest.id()) : Optional.empty();
    }

    static Optional<String> problem(String text) {
        if (!text.startsWith("/")) {
            return Optional.of("it does not begin with '/'");
        }
        ArmId.Prefix longest = longest(text);
        return longest.rest().isEmpty() ? Optional.empty() : Optional.of(problem(longest));
    }

    static ArmId.Prefix longest(String path) {
        List<String> segments = segments(path);
        ArmRoot root = root(segments);
        int at = switch (root) {
            case ArmRoot.Tenant _ -> 0;
            case ArmRoot.Subscription _ -> 2;
            case ArmRoot.Group _ -> 4;
        };
        List<ArmProvider> providers = new ArrayList<>(2);
        while (isProviders(segments, at)
                && at + 3 < segments.size()
                && !isRoot(segments.get(at + 1), segments.get(at + 2))) {
            String namespace = segments.get(at + 1);
            List<ArmProvider.Level> levels = new ArrayList<>(2);
            at += 2;
            do {
                levels.add(new ArmProvider.Level(segments.get(at), segments.get(at + 1)));
                at += 2;
            } while (at + 1 < segments.size() && !isProviders(segments, at));
            providers.add(new ArmProvider(namespace, levels));
        }
        ArmId id = root instanceof ArmRoot.Tenant && providers.isEmpty() ? ArmId.TENANT : new ArmId(root, providers);
        return new ArmId.Prefix(id, segments.subList(at, segments.size()));
    }

    static boolean isProviders(String segment) {
        return segment.equalsIgnoreCase(PROVIDERS);
    }

    /** Tenants, subscriptions and groups are what ids begin with; as resources of a provider they would be two ids. */
    static boolean isRoot(String namespace, String type) {
        return namespace.equalsIgnoreCase("Microsoft.Resources")
                && (type.equalsIgnoreCase(GROUPS)
                        || type.equalsIgnoreCase(SUBSCRIPTIONS)
                        || type.equalsIgnoreCase("tenants"));
    }

    /** @throws IllegalArgumentException where it is none */
    static void requireSegment(String what, String text) {
        if (text.isEmpty() || text.indexOf('/') >= 0) {
            throw new IllegalArgumentException("the " + what
                    + " of an id must be at least one character, and none a slash, unlike '" + text + "'");
        }
    }

    private static String problem(ArmId.Prefix longest) {
        List<String> rest = longest.rest().stream()
                .map(s -> s.length() <= SHOWN ? s : s.substring(0, SHOWN) + "...")
                .toList();
        String first = rest.getFirst();
        boolean provided = !longest.id().providers().isEmpty();
        if (isProviders(first)) {
            return switch (rest.size()) {
                case 1 -> "there is no namespace behind '" + first + "' at its end";
                case 2 -> "there is no type and name behind the namespace '" + rest.get(1) + "'";
                case 3 -> "there is no name behind the type '" + rest.get(1) + "/" + rest.get(2) + "'";
                default ->
                    "a " + rest.get(1) + "/" + rest.get(2) + " is no resource of a provider: a group's id is"
                            + " /subscriptions/S/resourceGroups/G";
            };
        }
        if (provided) {
            return "there is no name behind the type '" + first + "' at its end";
        }
        return switch (longest.id().root()) {
            case ArmRoot.Tenant _ ->
                first.equalsIgnoreCase(SUBSCRIPTIONS)
                        ? "there is no id behind '" + first + "'"
                        : "it begins with '" + first + "', not with 'subscriptions' or 'providers'";
            case ArmRoot.Subscription _ ->
                first.equalsIgnoreCase(GROUPS)
                        ? "there is no name behind '" + first + "'"
                        : "behind the subscription is '" + first + "', not 'resourceGroups' or 'providers'";
            case ArmRoot.Group _ -> "behind the resource group is '" + first + "', not 'providers'";
        };
    }

    private static ArmRoot root(List<String> segments) {
        if (segments.size() < 2 || !segments.get(0).equalsIgnoreCase(SUBSCRIPTIONS)) {
            return new ArmRoot.Tenant();
        }
        return segments.size() >= 4 && segments.get(2).equalsIgnoreCase(GROUPS)
                ? new ArmRoot.Group(segments.get(1), segments.get(3))
                : new ArmRoot.Subscription(segments.get(1));
    }

    private static boolean isProviders(List<String> segments, int at) {
        return at < segments.size() && isProviders(segments.get(at));
    }

    private static List<String> segments(String text) {
        List<String> out = new ArrayList<>(8);
        int from = 0;
        while (from < text.length()) {
            int slash = text.indexOf('/', from);
            int end = slash < 0 ? text.length() : slash;
            if (end > from) {
                out.add(text.substring(from, end));
            }
            from = end + 1;
        }
        return out;
    }
}
