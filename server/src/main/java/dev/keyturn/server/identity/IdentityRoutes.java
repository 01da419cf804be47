package dev.keyturn.server.identity;

import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.oauth.Asked;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.time.Clock;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client asks before it has a token: where to get one, under which keys, and the token itself. */
public final class IdentityRoutes {
    private final Issuers issuers;
    private final SigningKeys keys;
    private final TokenEndpoint endpoint;
    private final PeopleEndpoints people;

    public IdentityRoutes(
            Issuers issuers,
            Audiences audiences,
            Principals principals,
            SigningKeys keys,
            Tokens tokens,
            OAuth oauth,
            BrowserRequests requests,
            SignInLimits limits,
            Clock clock) {
        this.issuers = issuers;
        this.keys = keys;
        OAuthErrors errors = new OAuthErrors(issuers, clock);
        AskedScopes scopes = new AskedScopes(audiences, issuers.home() + "/arm");
        PersonGrants grants = new PersonGrants(issuers, scopes, tokens, oauth, limits, errors);
        this.endpoint = new TokenEndpoint(issuers, audiences, principals, tokens, limits, errors, grants, clock);
        this.people = new PeopleEndpoints(issuers, scopes, requests, oauth, limits, errors);
    }

    public void addTo(Routes routes) {
        people.addTo(routes);
        routes.add("POST", "/{authority}/oauth2/v2.0/token", r -> endpoint.token(r, true))
                .add("POST", "/{authority}/oauth2/token", r -> endpoint.token(r, false))
                .add("GET", "/{authority}/.well-known/openid-configuration", r -> configuration(r, false))
                .add("GET", "/{authority}/v2.0/.well-known/openid-configuration", r -> configuration(r, true))
                .add("GET", "/{authority}/discovery/keys", _ -> published())
                .add("GET", "/{authority}/discovery/v2.0/keys", _ -> published())
                .add("GET", "/common/discovery/instance", this::instance);
    }

    private Response configuration(Request request, boolean v2) {
        String authority = request.variable("authority");
        if (!issuers.isAuthority(authority)) {
            return Response.json(
                    400,
                    Json.object()
                            .put("error", "invalid_tenant")
                            .put("error_description", "AADSTS90002: The tenant is not this server's."));
        }
        String base = issuers.base(request.authority(), authority);
        String oauth = base + (v2 ? "/oauth2/v2.0/" : "/oauth2/");
        ObjectNode out = Json.object()
                .put("issuer", issuers.issuer(request.authority(), authority, v2))
                .put("authorization_endpoint", oauth + "authorize")
                .put("token_endpoint", oauth + "token")
                .put("device_authorization_endpoint", oauth + "devicecode")
                .put("jwks_uri", base + (v2 ? "/discovery/v2.0/keys" : "/discovery/keys"))
                .put("tenant_region_scope", "local");
        out.putArray("token_endpoint_auth_methods_supported")
                .add("none")
                .add("client_secret_post")
                .add("client_secret_basic")
                .add("private_key_jwt");
        ArrayNode grants = out.putArray("grant_types_supported").add("client_credentials");
        PersonGrants.SERVED.forEach(grants::add);
        out.putArray("response_types_supported").add("code");
        out.putArray("response_modes_supported").add("query").add("fragment").add("form_post");
        out.putArray("code_challenge_methods_supported").add("S256");
        out.putArray("prompt_values_supported")
                .add("none")
                .add("login")
                .add("consent")
                .add("select_account");
        out.putArray("subject_types_supported").add("public");
        ArrayNode scopes = out.putArray("scopes_supported");
        Asked.OPENID.stream().sorted().forEach(scopes::add);
        ArrayNode claims = out.putArray("claims_supported");
        List.of("sub", "oid", "tid", "name", "preferred_username", "upn", "auth_time", "nonce")
                .forEach(claims::add);
        out.putArray("id_token_signing_alg_values_supported").add("RS256");
        return Response.ok(out);
    }

    private Response published() {
        return Response.text(
                200, "application/json; charset=utf-8", keys.published().toString(true));
    }

    private Response instance(Request request) {
        String server = issuers.server(request.authority());
        String host = server.substring("https://".length());
        ObjectNode out = Json.object()
                .put(
                        "tenant_discovery_endpoint",
                        server + "/" + issuers.tenant() + "/v2.0/.well-known/openid-configuration")
                .put("api-version", "1.1");
        ObjectNode entry = out.putArray("metadata").addObject();
        entry.put("preferred_network", host)
                .put("preferred_cache", host)
                .putArray("aliases")
                .add(host);
        return Response.ok(out);
    }
}
