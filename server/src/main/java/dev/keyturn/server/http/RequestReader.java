package dev.keyturn.server.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/** Turns the head of Jetty's request into ours. */
final class RequestReader {
    private static final Pattern AUTHORITY =
            Pattern.compile("([a-z0-9]([a-z0-9._-]{0,252})|\\[[0-9a-f:.]{2,45}\\])(:[0-9]{1,5})?");

    private RequestReader() {}

    /** The Host header in lower case; empty where it is none that could be meant for anybody. */
    static Optional<String> authority(org.eclipse.jetty.server.Request jetty) {
        String host = jetty.getHeaders().get(HttpHeader.HOST);
        String text = host != null ? host : jetty.getHttpURI().getAuthority();
        return Optional.ofNullable(text)
                .map(t -> t.toLowerCase(Locale.ROOT))
                .filter(t -> AUTHORITY.matcher(t).matches());
    }

    /** The host name of an authority, without its port. */
    static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    /**
     * The request, its body unread.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} where path or query are not well-formed
     */
    static Request head(org.eclipse.jetty.server.Request jetty, String authority, Arrival arrival) {
        String target = jetty.getHttpURI().getPathQuery();
        Target parsed = Target.parse(target == null ? "/" : target);
        Map<String, String> headers = new HashMap<>();
        for (HttpField field : jetty.getHeaders()) {
            String value = field.getValue();
            headers.put(field.getName().toLowerCase(Locale.ROOT), value == null ? "" : value);
        }
        return new Request(
                jetty.getMethod().toUpperCase(Locale.ROOT),
                authority,
                parsed.path(),
                parsed.query(),
                headers,
                arrival,
                Map.of());
    }
}
