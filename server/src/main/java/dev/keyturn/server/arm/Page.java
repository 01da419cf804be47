package dev.keyturn.server.arm;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.SkipToken;
import dev.keyturn.wire.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One page of a list as the request asks for it: {@code $top} at most, from behind {@code $skiptoken}. A list is read
 * with {@link #fetch} entries, one more than shown, so that the last page needs no next link.
 */
public record Page(Optional<String> after, int size) {
    /** How many entries are read at a time where not all of them are shown. */
    public static final int CHUNK = 500;

    private static final int DEFAULT = 200;
    private static final int MAX = 1000;

    public static Page of(Request request) {
        return new Page(request.query("$skiptoken").map(SkipToken::position), size(request));
    }

    /** Reads chunks of {@link #CHUNK} until {@link #fetch} entries pass the test, or there is no more. */
    public <T> List<T> read(
            Function<Optional<String>, List<T>> chunkAfter, Function<T, String> key, Predicate<T> test) {
        List<T> found = new ArrayList<>();
        Optional<String> from = after;
        while (true) {
            List<T> chunk = chunkAfter.apply(from);
            for (T entry : chunk) {
                if (test.test(entry)) {
                    found.add(entry);
                    if (found.size() == fetch()) {
                        return found;
                    }
                }
            }
            if (chunk.size() < CHUNK) {
                return found;
            }
            from = Optional.of(key.apply(chunk.getLast()));
        }
    }

    public int fetch() {
        return size + 1;
    }

    /** {@code {value, nextLink?}}; {@code key} is what the next page's {@link #after} is. */
    public <T> Response answer(
            Request request, List<T> fetched, Function<T, String> key, Function<T, JsonNode> render) {
        ObjectNode body = Json.object();
        var value = body.putArray("value");
        List<T> shown = fetched.subList(0, Math.min(size, fetched.size()));
        shown.forEach(t -> value.add(render.apply(t)));
        if (fetched.size() > size) {
            body.put("nextLink", next(request, key.apply(shown.getLast())));
        }
        return Response.ok(body);
    }

    private static String next(Request request, String after) {
        StringBuilder link = new StringBuilder(request.origin());
        for (String segment : request.path().split("/")) {
            if (!segment.isEmpty()) {
                link.append('/').append(encode(segment));
            }
        }
        char separator = '?';
        for (var e : request.query().entrySet()) {
            if (!e.getKey().equals("$skiptoken")) {
                link.append(separator)
                        .append(encodeName(e.getKey()))
                        .append('=')
                        .append(encode(e.getValue()));
                separator = '&';
            }
        }
        return link.append(separator)
                .append("$skiptoken=")
                .append(SkipToken.of(after))
                .toString();
    }

    private static String encodeName(String name) {
        return name.startsWith("$") ? "$" + encode(name.substring(1)) : encode(name);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static int size(Request request) {
        Optional<String> top = request.query("$top");
        if (top.isEmpty()) {
            return DEFAULT;
        }
        String text = top.get().strip();
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw DomainError.invalid("$top", "'$top' must be a whole number from 1 on, not '" + clip(text) + "'.")
                    .asException();
        }
        return Math.min(MAX, Integer.parseInt(text));
    }

    private static String clip(String text) {
        return text.length() <= 30 ? text : text.substring(0, 30) + "...";
    }
}
