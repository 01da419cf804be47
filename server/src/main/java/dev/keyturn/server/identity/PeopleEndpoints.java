package dev.keyturn.server.identity;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.oauth.DeviceSignIn;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.core.oauth.PublicClient;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Where clients begin to sign a person in: the device code (RFC 8628) and the browser (RFC 6749, 4.1). */
final class PeopleEndpoints {
    /** Where people type the code. */
    private static final String PAGE = "/portal/device";

    private static final String NO_BROWSER = "The sign-in by a browser that a client opens is not served yet. Use the"
            + " device code: az login --use-device-code.";

    private final Issuers issuers;
    private final AskedScopes scopes;
    private final OAuth oauth;
    private final SignInLimits limits;
    private final OAuthErrors errors;

    PeopleEndpoints(Issuers issuers, AskedScopes scopes, OAuth oauth, SignInLimits limits, OAuthErrors errors) {
        this.issuers = issuers;
        this.scopes = scopes;
        this.oauth = oauth;
        this.limits = limits;
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
        String address = request.arrival().address();
        Optional<Duration> wait = limits.arrived(address);
        if (wait.isPresent()) {
            return errors.tooMany(wait.get(), "There were too many requests. Try again later.");
        }
        if (!issuers.isAuthority(authority)) {
            return errors.noTenant(authority);
        }
        Map<String, String> form;
        try {
            form = request.form();
        } catch (DomainException e) {
            return errors.unread(e.error());
        }
        Optional<PublicClient> client = PublicClient.find(form.getOrDefault("client_id", ""));
        if (client.isEmpty()) {
            return errors.noSuchClient(form.getOrDefault("client_id", ""));
        }
        AskedScopes.Read read = scopes.read(client.get(), form);
        if (read.asked().isEmpty()) {
            return errors.error(400, read.error(), read.code(), read.problem());
        }
        try {
            return begun(oauth.devices().begin(read.asked().get(), address), request);
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Throttled throttled) {
                return errors.tooMany(throttled.retryAfter(), throttled.info().message());
            }
            throw e;
        }
    }

    private Response begun(DeviceSignIn.Begun begun, Request request) {
        String page = issuers.server(request.authority()) + PAGE;
        return Response.ok(Json.object()
                        .put("user_code", begun.userCode())
                        .put("device_code", begun.deviceCode())
                        .put("verification_uri", page)
                        .put("verification_url", page) // the endpoint without v2.0 has it by this name
                        .put("expires_in", DeviceSignIn.LIFETIME.toSeconds())
                        .put("interval", DeviceSignIn.INTERVAL.toSeconds())
                        .put(
                                "message",
                                "To sign in, use a web browser to open the page " + page + " and enter the code "
                                        + begun.userCode() + " to authenticate."))
                .with("Cache-Control", "no-store");
    }

    /** Back to the client that waits for its browser, which is a program on the same machine; to nobody else. */
    private Response browser(Request request) {
        Optional<URI> back = request.query("redirect_uri").flatMap(PeopleEndpoints::loopback);
        String authority = request.variable("authority");
        if (!issuers.isAuthority(authority)) {
            return errors.noTenant(authority);
        }
        if (back.isEmpty()) {
            return errors.error(400, "unauthorized_client", 7000014, NO_BROWSER);
        }
        StringBuilder to = new StringBuilder(back.get().toString()).append('?');
        Map<String, String> answer =
                Map.of("error", "unauthorized_client", "error_description", OAuthErrors.described(7000014, NO_BROWSER));
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
