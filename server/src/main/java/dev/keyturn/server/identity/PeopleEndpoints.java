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
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Where clients begin to sign a person in: the device code (RFC 8628) and the browser (RFC 6749, 4.1). */
final class PeopleEndpoints {
    /** Where people type the code. */
    private static final String PAGE = "/portal/device";

    /** Where people say whether a client that opened their browser may sign in. */
    private static final String ALLOW = "/portal/authorize";

    private final Issuers issuers;
    private final AskedScopes scopes;
    private final BrowserRequests requests;
    private final OAuth oauth;
    private final SignInLimits limits;
    private final OAuthErrors errors;

    PeopleEndpoints(
            Issuers issuers,
            AskedScopes scopes,
            BrowserRequests requests,
            OAuth oauth,
            SignInLimits limits,
            OAuthErrors errors) {
        this.issuers = issuers;
        this.scopes = scopes;
        this.requests = requests;
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

    /**
     * To the page where the person decides. Nobody is signed in by coming here, whoever sent the browser. Where nobody may
     * be asked, back to the client at once.
     */
    private Response browser(Request request) {
        String authority = request.variable("authority");
        if (!issuers.isAuthority(authority)) {
            return errors.noTenant(authority);
        }
        BrowserRequest read;
        try {
            read = requests.read(request.query());
        } catch (DomainException e) {
            return errors.error(400, "invalid_request", 900144, e.error().info().message());
        }
        if (!read.silent()) {
            return Response.empty(303).with("Location", ALLOW + "?" + requests.arrived(request.query()));
        }
        BrowserRequest.Problem problem = read.problem().orElse(BrowserRequest.SILENT);
        return read.mode() == BrowserRequest.Mode.FORM_POST
                ? errors.error(400, problem.error(), 50058, problem.description())
                : Response.empty(303).with("Location", read.address(read.failed(problem)));
    }
}
