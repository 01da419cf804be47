package dev.keyturn.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Routes by method and path pattern ({@code /subscriptions/{subscription}/resourceGroups/{group}}). Literal segments
 * match in any case and win over variables; the earlier route wins among equals. A last segment of the form
 * <code>{name*}</code> takes the rest of the path. Built once, then read by many threads.
 */
public final class Routes {
    private record Route(String method, List<String> pattern, Handler handler) {}

    private final List<Route> routes = new ArrayList<>();

    /** What a lookup found. */
    public sealed interface Match {
        record Found(Handler handler, Map<String, String> variables) implements Match {}

        /** The path exists, with these methods. */
        record OtherMethods(List<String> allowed) implements Match {}

        record None() implements Match {}
    }

    public Routes add(String method, String pattern, Handler handler) {
        routes.add(new Route(method, segments(pattern), handler));
        return this;
    }

    /** All of them, in the order in which they were added. */
    public List<RoutePattern> patterns() {
        return routes.stream()
                .map(r -> new RoutePattern(r.method(), "/" + String.join("/", r.pattern())))
                .toList();
    }

    public Match match(String method, String path) {
        List<String> segments = segments(path);
        Optional<Match.Found> best = Optional.empty();
        int bestLiterals = -1;
        TreeSet<String> others = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> variables = matches(route.pattern(), segments);
            if (variables.isEmpty()) {
                continue;
            }
            if (!route.method().equals(method)) {
                others.add(route.method());
                continue;
            }
            int literals = literals(route.pattern());
            if (literals > bestLiterals) {
                best = Optional.of(new Match.Found(route.handler(), variables.get()));
                bestLiterals = literals;
            }
        }
        if (best.isPresent()) {
            return best.get();
        }
        if (method.equals("HEAD")) {
            return match("GET", path); // the listener leaves the body out
        }
        return others.isEmpty() ? new Match.None() : new Match.OtherMethods(List.copyOf(others));
    }

    private static int literals(List<String> pattern) {
        return (int) pattern.stream().filter(p -> !p.startsWith("{")).count();
    }

    private static Optional<Map<String, String>> matches(List<String> pattern, List<String> path) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String p = pattern.get(i);
            if (p.endsWith("*}")) {
                variables.put(p.substring(1, p.length() - 2), String.join("/", path.subList(i, path.size())));
                return Optional.of(variables);
            }
            if (i >= path.size()) {
                return Optional.empty();
            }
            if (p.startsWith("{")) {
                variables.put(p.substring(1, p.length() - 1), path.get(i));
            } else if (!p.toLowerCase(Locale.ROOT).equals(path.get(i).toLowerCase(Locale.ROOT))) {
                return Optional.empty();
            }
        }
        return pattern.size() == path.size() ? Optional.of(variables) : Optional.empty();
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/")).stream().filter(s -> !s.isEmpty()).toList();
    }
}
