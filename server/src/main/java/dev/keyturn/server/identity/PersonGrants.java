package dev.keyturn.server.identity;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.oauth.Asked;
import dev.keyturn.core.oauth.ClientSignIns.Given;
import dev.keyturn.core.oauth.CodeSignIn.Redeemed;
import dev.keyturn.core.oauth.DeviceSignIn.Answer;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.core.oauth.PublicClient;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The token endpoint for clients in which people sign in. */
final class PersonGrants {
    private static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
    private static final String CODE = "authorization_code";
    private static final String REFRESH = "refresh_token";

    /** As openid-configuration tells them. */
    static final List<String> SERVED = List.of(CODE, DEVICE, REFRESH);

    private static final String NO_PASSWORDS =
            "A person's password is not taken here: a client that has it could do what"
                    + " the person can, for ever. Sign in with a browser or a device code (az login, or az login --use-device-code), or as a service"
                    + " principal (az login --service-principal -u CLIENT_ID -p CLIENT_SECRET -t TENANT_ID).";

    private final Issuers issuers;
    private final AskedScopes scopes;
    private final Tokens tokens;
    private final OAuth oauth;
    private final SignInLimits limits;
    private final OAuthErrors errors;

    PersonGrants(
            Issuers issuers, AskedScopes scopes, Tokens tokens, OAuth oauth, SignInLimits limits, OAuthErrors errors) {
        this.issuers = issuers;
        this.scopes = scopes;
        this.tokens = tokens;
        this.oauth = oauth;
        this.limits = limits;
        this.errors = errors;
    }

    /** {@code device_code} is what clients of the endpoint without v2.0 say. */
    boolean has(String grant) {
        return SERVED.contains(grant) || grant.equals("device_code") || grant.equals("password");
    }

    /** Where the answer goes, and for whom it is. */
    private record Wanted(Request request, String authority, boolean v2, PublicClient client, boolean clientInfo) {}

    Response token(String grant, Map<String, String> form, Request request, String authority, boolean v2) {
        if (grant.equals("password")) {
            return errors.error(400, "unauthorized_client", 7000014, NO_PASSWORDS);
        }
        Optional<PublicClient> client = PublicClient.find(form.getOrDefault("client_id", ""));
        if (client.isEmpty()) {
            return errors.noSuchClient(form.getOrDefault("client_id", ""));
        }
        if (form.containsKey("client_secret") || form.containsKey("client_assertion")) {
            return errors.error(
                    401,
                    "invalid_client",
                    700025,
                    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.");
        }
        Wanted wanted = new Wanted(
                request,
                authority,
                v2,
                client.get(),
                form.getOrDefault("client_info", "").equals("1"));
        return switch (grant) {
            case REFRESH -> refresh(form, wanted);
            case CODE -> code(form, wanted);
            default -> device(form, wanted);
        };
    }

    private Response device(Map<String, String> form, Wanted wanted) {
        // clients of Azure's send the code by both names, those of before 2019 by the second alone
        String code = form.getOrDefault("device_code", form.getOrDefault("code", ""));
        return switch (oauth.devices().poll(code, wanted.client())) {
            case Answer.Pending _ ->
                errors.error(
                        400,
                        "authorization_pending",
                        70016,
                        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
            case Answer.TooOften _ ->
                errors.error(
                        400,
                        "slow_down",
                        70016,
                        "Authorization is pending, and was asked for too soon. Poll more slowly.");
            case Answer.Refused _ ->
                errors.error(400, "access_denied", 70018, "The person did not allow the client to sign in.");
            case Answer.Expired _ ->
                errors.error(
                        400,
                        "expired_token",
                        70019,
                        "The device code is not good any more: it expired, was used, or is not one of this client's.");
            case Answer.Done done ->
                issued(
                        done.asked(),
                        done.given(),
                        Optional.empty(),
                        wanted,
                        done.asked().wantsRefresh());
        };
    }

    private Response code(Map<String, String> form, Wanted wanted) {
        String address = wanted.request().arrival().address();
        Optional<Redeemed> redeemed;
        try {
            redeemed = oauth.codes()
                    .redeem(
                            wanted.request().id(),
                            form.getOrDefault("code", ""),
                            wanted.client(),
                            form.getOrDefault("redirect_uri", ""),
                            form.getOrDefault("code_verifier", ""),
                            address);
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Unauthenticated)) {
                throw e;
            }
            redeemed = Optional.empty();
        }
        if (redeemed.isEmpty()) {
            limits.refused(address, wanted.client().id());
        }
        return redeemed.map(r -> issued(
                        r.asked(), r.given(), r.nonce(), wanted, r.asked().wantsRefresh()))
                .orElseGet(() -> errors.error(
                        400,
                        "invalid_grant",
                        70008,
                        "The authorization code is not good: it expired, was used, or does not belong to this client,"
                                + " 'redirect_uri' and 'code_verifier'."));
    }

    private Response refresh(Map<String, String> form, Wanted wanted) {
        AskedScopes.Read read = scopes.read(wanted.client(), form);
        if (read.asked().isEmpty()) {
            return errors.error(400, read.error(), read.code(), read.problem());
        }
        String address = wanted.request().arrival().address();
        Optional<Given> given;
        try {
            given = oauth.signIns()
                    .refresh(wanted.request().id(), form.getOrDefault("refresh_token", ""), wanted.client());
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Unauthenticated)) {
                throw e;
            }
            given = Optional.empty();
        }
        if (given.isEmpty()) {
            limits.refused(address, wanted.client().id());
        }
        // what it brought is used up, whatever it asks for now: without the next one it would be signed out as a thief
        return given.map(g -> issued(read.asked().get(), g, Optional.empty(), wanted, true))
                .orElseGet(() -> errors.error(
                        400,
                        "invalid_grant",
                        70008,
                        "The person is not signed in to this client any more. Sign in again, as with az login."));
    }

    private Response issued(Asked asked, Given given, Optional<String> nonce, Wanted wanted, boolean refresh) {
        String issuer = issuers.issuer(wanted.request().authority(), wanted.authority(), wanted.v2());
        Tokens.Issued token = tokens.issue(given, wanted.client(), asked.audience(), issuer);
        long seconds = Tokens.LIFETIME.toSeconds();
        ObjectNode body = Json.object()
                .put("token_type", "Bearer")
                .put("scope", asked.scope().isEmpty() ? "user_impersonation" : asked.scope())
                .put("expires_in", seconds)
                .put("ext_expires_in", seconds);
        if (!wanted.v2()) {
            long end = token.expiresAt().getEpochSecond();
            body.put("expires_on", Long.toString(end))
                    .put("not_before", Long.toString(end - seconds))
                    .put("resource", asked.audience());
        }
        body.put("access_token", token.text());
        if (refresh) {
            body.put("refresh_token", given.refresh());
        }
        if (asked.wantsId()) {
            body.put(
                    "id_token",
                    tokens.identify(given, wanted.client(), nonce, issuer).text());
        }
        if (wanted.clientInfo()) {
            body.put("client_info", clientInfo(given));
        }
        return Response.ok(body).with("Cache-Control", "no-store");
    }

    /** By which Azure's clients know the account again. */
    private String clientInfo(Given given) {
        ObjectNode info =
                Json.object().put("uid", given.person().id().toString()).put("utid", issuers.tenant());
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.text(info).getBytes(StandardCharsets.UTF_8));
    }
}
