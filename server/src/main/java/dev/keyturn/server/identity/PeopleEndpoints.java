package dev.keyturn.server.identity;

import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Where people sign in elsewhere: the device code (RFC 8628) and the browser (RFC 6749, 4.1). Only programs sign in
 * here, so both answer the OAuth error that their clients show, with the sentence that says what to do.
 */
final class PeopleEndpoints {
    private static final String ERROR = "unauthorized_client";
    private static final int CODE = 7000014;
    private static final String TEXT = "Nobody signs in to this server as a person. Sign in as a service principal:"
            + " az login --service-principal -u CLIENT_ID -p CLIENT_SECRET -t TENANT_ID, with the values in client.env.";

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
        return issuers.isAuthority(authority) ? errors.error(400, ERROR, CODE, TEXT) : errors.noTenant(authority);
    }

    /** Back to the client that waits for its browser, which is a program on the same machine; to nobody else. */
    private Response browser(Request request) {
        Optional<URI> back = request.query("redirect_uri").flatMap(PeopleEndpoints::loopback);
        if (!issuers.isAuthority(request.variable("authority")) || back.isEmpty()) {
            return device(request);
        }
        StringBuilder to = new StringBuilder(back.get().toString()).append('?');
        Map<String, String> answer = Map.of("error", ERROR, "error_description", "AADSTS" + CODE + ": " + TEXT);
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
