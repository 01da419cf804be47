package dev.keyturn.server.portal.frame;

import dev.keyturn.server.http.Request;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The portal's two cookies. Their {@code __Host-} names make browsers hold them to this host, to TLS and to the whole
 * path (RFC 6265bis, section 4.1.3.2).
 */
public final class Cookies {
    /** Of somebody who is signed in. */
    public static final String SESSION = "__Host-keyturn";
    /** Of a browser that is shown the form to sign in with. */
    public static final String FORM = "__Host-keyturn-form";

    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final String GUARDS = "; Path=/; Secure; HttpOnly; SameSite=Lax";

    private Cookies() {}

    /** The cookie of this name as the server gave it; empty where there is none, or something else. */
    public static Optional<String> of(Request request, String name) {
        for (String pair : request.header("cookie").orElse("").split(";")) {
            int eq = pair.indexOf('=');
            if (eq > 0 && pair.substring(0, eq).strip().equals(name)) {
                String value = pair.substring(eq + 1).strip();
                return Optional.of(value).filter(v -> VALUE.matcher(v).matches());
            }
        }
        return Optional.empty();
    }

    /** What {@code Set-Cookie} says; it goes when the browser is closed. */
    public static String give(String name, String value) {
        return name + "=" + value + GUARDS;
    }

    public static String take(String name) {
        return name + "=; Max-Age=0" + GUARDS;
    }
}
