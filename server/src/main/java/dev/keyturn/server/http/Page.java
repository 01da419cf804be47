package dev.keyturn.server.http;

import dev.keyturn.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One page of a list as the request asks for it: so many entries at most, from behind {@code $skiptoken}. A list is read
 * with {@link #fetch} entries, one more than shown, so that the last page needs no next link.
 *
 * @param style how its API asks for pages and links to the next one
 */
public record Page(Optional<String> after, int size, PageStyle style) {
    /** How many entries are read at a time where not all of them are shown. */
    public static final int CHUNK = 500;

    /**
     * A page of a list of Azure Resource Manager.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} for a size or a token that is none
     */
    public static Page of(Request request) {
        return of(request, PageStyle.ARM);
    }

    /** A page of a list in that style; throws as {@link #of(Request)}. */
    public static Page of(Request request, PageStyle style) {
        return new Page(request.query("$skiptoken").map(SkipToken::position), style.size(request), style);
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
            Request request, List<T> fetched, Function<T, String> key, Function<T, ? extends JsonNode> render) {
        return answer(request, fetched, Optional.empty(), key, render);
    }

    /**
     * As the other; {@code further} is from where on the next page goes where fewer were fetched than asked for and there
     * may be more all the same. Such a page may be short, or empty.
     */
    public <T> Response answer(
            Request request,
            List<T> fetched,
            Optional<String> further,
            Function<T, String> key,
            Function<T, ? extends JsonNode> render) {
        ObjectNode body = Json.object();
        var value = body.putArray("value");
        List<T> shown = fetched.subList(0, Math.min(size, fetched.size()));
        shown.forEach(t -> value.add(render.apply(t)));
        Optional<String> next = fetched.size() > size ? Optional.of(key.apply(shown.getLast())) : further;
        next.ifPresent(n -> body.put("nextLink", style.next(request, size, SkipToken.of(n))));
        return Response.ok(body);
    }
}
