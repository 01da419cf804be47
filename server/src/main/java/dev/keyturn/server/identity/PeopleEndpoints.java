package dev.keyturn.server.identity;

import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Where people sign in elsewhere: the device code (RFC 8628) and the browser (RFC 6749, 4.1). Only programs sign in here.
 *
 * <p>Azure's clients show the error of a token request as a sentence, but end with a stack trace where no device code is
 * given out. So there is one, its message says what to do, and the client's first question for the token brings the
 * error ({@link OAuthErrors#noPerson}). The code is the same for all and is worth nothing.
 */
final class PeopleEndpoints {
    private static final String NO_CODE = "none";
    /** Seconds, of the code and until it is asked for again. No client asks twice. */
    private static final int EXPIRES_IN = 60;

    private static final int INTERVAL = 1;

    private final Issuers issuers;
    private final OAuthErrors errors;

    PeopleEndpoints(Issuers issuers, OAuthErrors errors) {
        this.issuers = issuers;
        this.errors = errors;
    }

    void addTo(Routes routes) {
        for (String version : new String[] {"/oauth2/", "/oauth2/v2.0/"}) {
            routes.add("POST", "/{authority}" + version + "devicecode", this::device)
                    .add("GET", "/{authority}" + version + "authorize", this::browser);
        }
    }

    private Response device(Request request) {
        String authority = request.variable("authority");
        if (!issuers.isAuthority(authority)) {
            return errors.noTenant(authority);
        }
        String server = issuers.server(request.authority());
        return Response.ok(Json.object()
                .put("user_code", NO_CODE)
                .put("device_code", NO_CODE)
                .put("verification_uri", server + "/")
                .put("verification_url", server + "/") // the endpoint without v2.0 has it by this name
                .put("expires_in", EXPIRES_IN)
                .put("interval", INTERVAL)
                .put("message", OAuthErrors.NO_PERSON));
    }

    /** Back to the client that waits for its browser, which is a program on the same machine; to nobody else. */
    private Response browser(Request request) {
        Optional<URI> back = request.query("redirect_uri").flatMap(PeopleEndpoints::loopback);
        String authority = request.variable("authority");
        if (!issuers.isAuthority(authority)) {
            return errors.noTenant(authority);
        }
        if (back.isEmpty()) {
            return errors.noPerson();
        }
        StringBuilder to = new StringBuilder(back.get().toString()).append('?');
        Map<String, String> answer = Map.of(
                "error",
                OAuthErrors.NO_PERSON_ERROR,
                "error_description",
                OAuthErrors.described(OAuthErrors.NO_PERSON_CODE, OAuthErrors.NO_PERSON));
        answer.forEach((name, value) ->
                to.append(name).append('=').append(encode(value)).append('&'));
        request.query("state")
                .ifPresent(state -> to.append("state=").append(encode(state)).append('&'));
        return Response.empty(302).with("Location", to.substring(0, to.length() - 1));
    }

    private static Optional<URI> loopback(String text) {
        try {
            URI uri = URI.create(text);
            String host = Optional.ofNullable(uri.getHost()).orElse("");
            boolean own = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
            boolean plain = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            return Optional.of(uri).filter(u -> own && plain && "http".equals(u.getScheme()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
