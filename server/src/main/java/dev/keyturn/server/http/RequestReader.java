package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/** Turns the head of Jetty's request into ours. */
final class RequestReader {
    private static final Pattern AUTHORITY =
            Pattern.compile("([a-z0-9]([a-z0-9._-]{0,252})|\\[[0-9a-f:.]{2,45}\\])(:[0-9]{1,5})?");
    /** Headers that decide something, so that which of two counts must not be a matter of luck. */
    private static final Set<String> ONCE = Set.of("authorization", "host", "if-match", "if-none-match");

    private RequestReader() {}

    /** The Host header in lower case; empty where it is none that could be meant for anybody. */
    static Optional<String> authority(org.eclipse.jetty.server.Request jetty) {
        String host = jetty.getHeaders().get(HttpHeader.HOST);
        String text = host != null ? host : jetty.getHttpURI().getAuthority();
        return Optional.ofNullable(text)
                .map(t -> t.toLowerCase(Locale.ROOT))
                .filter(t -> AUTHORITY.matcher(t).matches());
    }

    /**
     * The request, its body unread.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} where path or query are not well-formed
     */
    static Request head(org.eclipse.jetty.server.Request jetty, UUID id, String authority, Arrival arrival) {
        String target = jetty.getHttpURI().getPathQuery();
        Target parsed = Target.parse(target == null ? "/" : target);
        Map<String, String> headers = new HashMap<>();
        for (HttpField field : jetty.getHeaders()) {
            String value = field.getValue();
            String name = field.getName().toLowerCase(Locale.ROOT);
            String other = headers.put(name, value == null ? "" : value);
            if (other != null && ONCE.contains(name)) {
                throw new DomainError.Invalid(ErrorInfo.at(
                                field.getName(),
                                "InvalidHeaderValue",
                                "The header " + field.getName() + " is there more than once. Send it once."))
                        .asException();
            }
        }
        return new Request(
                id,
                jetty.getMethod().toUpperCase(Locale.ROOT),
                authority,
                parsed.path(),
                parsed.query(),
                headers,
                arrival,
                Map.of());
    }
}
