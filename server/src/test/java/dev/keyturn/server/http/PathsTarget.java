package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.server.fuzz.FuzzTarget;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Request targets and forms: refused, or taken apart so that the parts, put together again, are taken apart the same way. */
public final class PathsTarget implements FuzzTarget {
    private static final List<String> PATTERNS = List.of(
            "/subscriptions/{subscription}",
            "/subscriptions/{subscription}/resourceGroups/{group}",
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/disks/{name}",
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/{type}/{name}",
            "/keys/{name}",
            "/keys/{name}/{version}",
            "/keys/{name}/rotationpolicy",
            "/{scope*}");

    private final Routes routes = new Routes();

    public PathsTarget() {
        PATTERNS.forEach(p -> routes.add("GET", p, request -> {
            throw new IllegalStateException(request.path());
        }));
    }

    @Override
    public void run(byte[] input) {
        String text = FuzzTarget.text(input);
        Target target;
        try {
            Target.query(text);
            target = Target.parse(text);
        } catch (DomainException e) {
            FuzzTarget.require(e.error() instanceof DomainError.Invalid, "refused as " + e.error());
            return;
        }
        String path = target.path();
        FuzzTarget.require(path.startsWith("/"), "a path without a beginning");
        FuzzTarget.require(path.equals("/") || !path.endsWith("/"), "a slash at the end");
        FuzzTarget.require(!path.contains("//"), "two slashes");
        Stream<String> segments = Stream.of(path.split("/"));
        FuzzTarget.require(segments.noneMatch(s -> s.equals(".") || s.equals("..")), "a path that leads upwards");
        FuzzTarget.require(
                Stream.concat(
                                Stream.of(path),
                                target.query().entrySet().stream().map(e -> e.getKey() + e.getValue()))
                        .noneMatch(t -> t.chars().anyMatch(Character::isISOControl)),
                "a control character");
        Target again = Target.parse(path(path) + "?" + query(target.query()));
        FuzzTarget.require(again.equals(target), "put together again it is another: " + again);
        Routes.Match match = routes.match("GET", path);
        FuzzTarget.require(match instanceof Routes.Match.Found, "no route takes it");
        FuzzTarget.require(
                !(match instanceof Routes.Match.Found found)
                        || found.variables().values().stream().allMatch(v -> path.equals("/") || path.contains(v)),
                "a variable that the path does not have");
        FuzzTarget.require(
                routes.match("PUT", path.toLowerCase(Locale.ROOT)) instanceof Routes.Match.OtherMethods,
                "another method finds nothing at all");
    }

    private static String path(String path) {
        return path.equals("/")
                ? "/"
                : Stream.of(path.substring(1).split("/"))
                        .map(s -> "/" + encode(s).replace("+", "%20"))
                        .collect(Collectors.joining());
    }

    private static String query(Map<String, String> query) {
        return query.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public Set<String> words() {
        return Set.of(
                "/subscriptions/",
                "/resourceGroups/",
                "/providers/",
                "/keys/",
                "/rotationpolicy",
                "%2F",
                "%2e%2E",
                "%",
                "?api-version=",
                "api%2Dversion",
                "&$filter=",
                "%C4%B0",
                "+");
    }
}
