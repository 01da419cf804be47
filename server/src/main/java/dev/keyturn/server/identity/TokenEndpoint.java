package dev.keyturn.server.identity;

import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.Guid;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OAuth 2 token endpoint, in the words and codes of Azure's: client credentials (RFC 6749, section 4.4) here, what
 * people sign in with in {@link PersonGrants}. Serves both authorities and both versions: v2 asks with {@code scope}, v1
 * with {@code resource}.
 */
final class TokenEndpoint {
    private final Issuers issuers;
    private final Audiences audiences;
    private final Principals principals;
    private final Tokens tokens;
    private final ClientAssertions assertions;
    private final SignInLimits limits;
    private final OAuthErrors errors;
    private final PersonGrants people;

    TokenEndpoint(
            Issuers issuers,
            Audiences audiences,
            Principals principals,
            Tokens tokens,
            SignInLimits limits,
            OAuthErrors errors,
            PersonGrants people,
            Clock clock) {
        this.issuers = issuers;
        this.audiences = audiences;
        this.principals = principals;
        this.tokens = tokens;
        this.limits = limits;
        this.errors = errors;
        this.people = people;
        this.assertions = new ClientAssertions(issuers, principals, clock);
    }

    Response token(Request request, boolean v2) {
        String authority = request.variable("authority");
        String address = request.arrival().address();
        Optional<Duration> wait = limits.arrived(address);
        if (wait.isPresent()) {
            return tooMany(wait.get());
        }
        Map<String, String> form;
        try {
            form = request.form();
        } catch (DomainException e) {
            return errors.unread(e.error());
        }
        if (!issuers.isAuthority(authority)) {
            return errors.noTenant(authority);
        }
        String grant = form.getOrDefault("grant_type", "");
        if (people.has(grant)) {
            return people.token(grant, form, request, authority, v2);
        }
        if (!grant.equals("client_credentials")) {
            return grant.isEmpty()
                    ? error(400, "invalid_request", 900144, "The request body must contain the parameter 'grant_type'.")
                    : error(
                            400,
                            "unsupported_grant_type",
                            70003,
                            "The app requested an unsupported grant type; served here are client_credentials, "
                                    + String.join(", ", PersonGrants.SERVED) + ".");
        }
        Optional<String> audience = Stream.concat(
                        Stream.of(form.getOrDefault("scope", "").split(" ")),
                        Stream.of(form.getOrDefault("resource", "")))
                .flatMap(s -> audiences.requested(s).stream())
                .findFirst();
        if (audience.isEmpty()) {
            String asked = form.getOrDefault("scope", form.getOrDefault("resource", ""));
            return asked.isEmpty()
                    ? error(400, "invalid_request", 900144, "The request body must contain the parameter 'scope'.")
                    : error(
                            400,
                            "invalid_scope",
                            500011,
                            "The resource principal named '" + OAuthErrors.shortened(asked)
                                    + "' was not found in the tenant.");
        }
        Credentials given = credentials(form, request);
        wait = limits.wait(address, given.client());
        if (wait.isPresent()) {
            return tooMany(wait.get());
        }
        Optional<Principal> signedIn = signIn(form, given);
        if (signedIn.isEmpty()) {
            limits.refused(address, given.client());
        }
        return signedIn.map(p -> issued(p, audience.get(), request, authority, v2))
                .orElseGet(() -> refused(form));
    }

    /** Who says it is there, and with which secret; either may be empty. */
    private record Credentials(String client, String secret) {
        @Override
        public String toString() {
            return "Credentials[" + client + ", redacted]";
        }
    }

    private static Credentials credentials(Map<String, String> form, Request request) {
        Optional<String> basic = request.header("authorization")
                .filter(h -> h.regionMatches(true, 0, "basic ", 0, 6))
                .flatMap(h -> decoded(h.substring(6).strip()))
                .filter(b -> b.indexOf(':') > 0);
        if (basic.isPresent()) {
            int colon = basic.get().indexOf(':');
            return new Credentials(basic.get().substring(0, colon), basic.get().substring(colon + 1));
        }
        return new Credentials(form.getOrDefault("client_id", ""), form.getOrDefault("client_secret", ""));
    }

    private Optional<Principal> signIn(Map<String, String> form, Credentials given) {
        String assertion = form.getOrDefault("client_assertion", "");
        if (!assertion.isEmpty()) {
            return form.getOrDefault("client_assertion_type", "").equals(ClientAssertions.TYPE)
                    ? assertions.signIn(assertion, Optional.ofNullable(form.get("client_id")))
                    : Optional.empty();
        }
        return given.secret().isEmpty()
                ? Optional.empty()
                : Guid.parse(given.client()).flatMap(app -> principals.authenticate(app, given.secret()));
    }

    private Response issued(Principal principal, String audience, Request request, String authority, boolean v2) {
        Tokens.Issued token = tokens.issue(principal, audience, issuers.issuer(request.authority(), authority, v2));
        long seconds = Tokens.LIFETIME.toSeconds();
        ObjectNode body = Json.object()
                .put("token_type", "Bearer")
                .put("expires_in", seconds)
                .put("ext_expires_in", seconds);
        if (!v2) {
            long end = token.expiresAt().getEpochSecond();
            body.put("expires_on", Long.toString(end))
                    .put("not_before", Long.toString(end - seconds))
                    .put("resource", audience);
        }
        return Response.ok(body.put("access_token", token.text()));
    }

    private Response refused(Map<String, String> form) {
        if (form.containsKey("client_assertion")) {
            return error(
                    401,
                    "invalid_client",
                    700027,
                    "The client assertion is not signed by a certificate that is registered for the client, has expired,"
                            + " or is for another audience; its type must be '" + ClientAssertions.TYPE + "'.");
        }
        if (Guid.parse(form.getOrDefault("client_id", ""))
                        .flatMap(principals::findByAppId)
                        .isEmpty()
                && !form.getOrDefault("client_id", "").isEmpty()) {
            return error(
                    400,
                    "unauthorized_client",
                    700016,
                    "Application with identifier '" + OAuthErrors.shortened(form.getOrDefault("client_id", ""))
                            + "' was not found in the directory '" + issuers.tenant() + "'.");
        }
        return form.getOrDefault("client_secret", "").isEmpty()
                ? error(
                        401,
                        "invalid_client",
                        7000218,
                        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
                : error(401, "invalid_client", 7000215, "Invalid client secret provided.");
    }

    private Response tooMany(Duration wait) {
        return errors.tooMany(wait, "There were too many requests, or too many that were refused. Try again later.");
    }

    private Response error(int status, String error, int code, String description) {
        return errors.error(status, error, code, description);
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
