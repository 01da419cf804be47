package dev.keyturn.server.arm;

import dev.keyturn.server.http.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Requests as the listener would hand them on. */
final class Requests {
    private Requests() {}

    /** {@code target} is a path with or without a query; the api-version is added. */
    static Request of(
            String authority, String caller, String method, String target, String body, Map<String, String> headers) {
        Map<String, String> query = new HashMap<>(Map.of("api-version", "2024-07-01"));
        String path = target;
        int mark = target.indexOf('?');
        if (mark >= 0) {
            path = target.substring(0, mark);
            for (String part : target.substring(mark + 1).split("&")) {
                String[] pair = part.split("=", 2);
                query.put(
                        URLDecoder.decode(pair[0], StandardCharsets.UTF_8).toLowerCase(Locale.ROOT),
                        URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            }
        }
        Map<String, String> all = new HashMap<>();
        headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
        all.put("authorization", caller);
        return new Request(
                method,
                authority,
                path.replaceAll("/+", "/"),
                query,
                all,
                body.getBytes(StandardCharsets.UTF_8),
                Map.of());
    }
}
