package dev.keyturn.server.keyvault;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.SkipToken;
import dev.keyturn.wire.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** A page of a list: {@code maxresults} of 1 to 25, and a {@code nextLink} while there is more. */
record KeyPage(int size, Optional<String> after) {
    private static final int MAX = 25;

    static KeyPage of(Request request) {
        int size = request.query("maxresults").map(KeyPage::size).orElse(MAX);
        return new KeyPage(size, request.query("$skiptoken").map(SkipToken::position));
    }

    /** One more than is shown, to know whether there is a next page. */
    int fetch() {
        return size + 1;
    }

    <T> Response answer(
            Request request, List<T> fetched, Function<T, String> position, Function<T, ObjectNode> render) {
        ObjectNode out = Json.object();
        var value = out.putArray("value");
        List<T> shown = fetched.subList(0, Math.min(size, fetched.size()));
        shown.forEach(t -> value.add(render.apply(t)));
        if (fetched.size() > size) {
            out.put("nextLink", next(request, position.apply(shown.getLast())));
        }
        return Response.ok(out);
    }

    private String next(Request request, String position) {
        return request.origin() + request.path() + "?api-version="
                + URLEncoder.encode(request.query("api-version").orElse(""), StandardCharsets.UTF_8) + "&$skiptoken="
                + SkipToken.of(position) + "&maxresults=" + size;
    }

    private static int size(String text) {
        if (!text.matches("[1-9][0-9]?") || Integer.parseInt(text) > MAX) {
            throw DomainError.invalid("maxresults", "'maxresults' must be a number from 1 to " + MAX + ".")
                    .asException();
        }
        return Integer.parseInt(text);
    }
}
