package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;

/** Turns Jetty's request into ours, in two steps: the head always, the body only when the head made sense. */
final class RequestReader {
    private static final Pattern AUTHORITY =
            Pattern.compile("([a-z0-9]([a-z0-9._-]{0,252})|\\[[0-9a-f:.]{2,45}\\])(:[0-9]{1,5})?");
    private final int maxBody;

    RequestReader(int maxBody) {
        this.maxBody = maxBody;
    }

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
     * The request without its body.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} where path or query are not well-formed
     */
    static Request head(org.eclipse.jetty.server.Request jetty, String authority) {
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
                new byte[0],
                Map.of());
    }

    /** @throws dev.keyturn.core.model.DomainException {@code TooLarge} past the bound; no more than that is read */
    byte[] body(org.eclipse.jetty.server.Request jetty) {
        if (jetty.getLength() > maxBody) {
            throw tooLarge();
        }
        try (InputStream in = Content.Source.asInputStream(jetty)) {
            byte[] body = in.readNBytes(maxBody + 1);
            if (body.length > maxBody) {
                throw tooLarge();
            }
            return body;
        } catch (IOException e) {
            // cut off, stalled, or broken chunks; where nobody is left to read the answer it is dropped
            throw new DomainError.Invalid(ErrorInfo.of(
                            "InvalidRequestContent", "The request body ended early or is not well-formed HTTP."))
                    .asException();
        }
    }

    private RuntimeException tooLarge() {
        return new DomainError.TooLarge(
                        ErrorInfo.of("RequestEntityTooLarge", "The request body is larger than " + maxBody + " bytes."))
                .asException();
    }
}
