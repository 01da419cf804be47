package dev.keyturn.server.identity.outside;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.keyturn.server.identity.outside.States.Pending;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the provider tells this server itself, for the code that came with a browser. Thread-safe. */
final class CodeExchange {
    private final ProviderConfig config;
    private final Outward outward;
    private final URI back;

    /** @param back where the provider sent the browser to */
    CodeExchange(ProviderConfig config, Outward outward, URI back) {
        this.config = config;
        this.outward = outward;
        this.back = back;
    }

    /** What the provider gives for the code. */
    OIDCTokenResponse redeem(OIDCProviderMetadata there, String code, Pending pending)
            throws NotProvenException, ProviderAwayException {
        AuthorizationCodeGrant grant =
                new AuthorizationCodeGrant(new AuthorizationCode(code), back, new CodeVerifier(pending.verifier()));
        HTTPRequest request = request(there, grant).toHTTPRequest();
        Map<String, String> headers = new HashMap<>();
        Optional.ofNullable(request.getAuthorization()).ifPresent(a -> headers.put("Authorization", a));
        Outward.Answer answer = outward.post(
                there.getTokenEndpointURI(),
                headers,
                Optional.ofNullable(request.getBody()).orElse(""));
        if (answer.status() >= 500) {
            throw new ProviderAwayException("its token endpoint answers " + answer.status());
        }
        try {
            HTTPResponse response = new HTTPResponse(answer.status());
            response.setContentType(answer.type());
            response.setBody(new String(answer.body(), StandardCharsets.UTF_8));
            TokenResponse parsed = OIDCTokenResponseParser.parse(response);
            if (!parsed.indicatesSuccess()) {
                throw new NotProvenException("the provider gives no token for the code: "
                        + plain(String.valueOf(
                                parsed.toErrorResponse().getErrorObject().getCode())));
            }
            return (OIDCTokenResponse) parsed.toSuccessResponse();
        } catch (ParseException | RuntimeException e) { // the library has both for what is not as it should be
            throw new NotProvenException(
                    "the answer of the provider's token endpoint is none, with status " + answer.status());
        }
    }

    private TokenRequest request(OIDCProviderMetadata there, AuthorizationCodeGrant grant) {
        ClientID client = new ClientID(config.client());
        if (config.secret().isEmpty()) {
            return new TokenRequest.Builder(there.getTokenEndpointURI(), client, grant).build();
        }
        Secret secret = config.secret().get().reveal(bytes -> new Secret(new String(bytes, StandardCharsets.UTF_8)));
        List<ClientAuthenticationMethod> ways = Optional.ofNullable(there.getTokenEndpointAuthMethods())
                .orElse(List.of(ClientAuthenticationMethod.CLIENT_SECRET_BASIC));
        boolean posted = !ways.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                && ways.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        return new TokenRequest.Builder(
                        there.getTokenEndpointURI(),
                        posted ? new ClientSecretPost(client, secret) : new ClientSecretBasic(client, secret),
                        grant)
                .build();
    }

    /** Many providers keep what is not about the sign-in itself for those who ask with the access token (Core, 5.3). */
    Said said(OIDCProviderMetadata there, JWTClaimsSet claims, AccessToken access)
            throws NotProvenException, ProviderAwayException {
        Said said = new Said(claims.getClaims());
        ProviderConfig.Claims wanted = config.claims();
        boolean whole = List.of(wanted.name(), wanted.displayName(), wanted.groups()).stream()
                .allMatch(said::has);
        Optional<URI> more = Optional.ofNullable(there.getUserInfoEndpointURI());
        if (whole || more.isEmpty()) {
            return said;
        }
        Outward.Answer answer = outward.get(more.get(), Map.of("Authorization", access.toAuthorizationHeader()));
        if (answer.status() != 200) {
            throw new ProviderAwayException("its userinfo endpoint answers " + answer.status());
        }
        Map<String, Object> told;
        try {
            told = JSONObjectUtils.parse(new String(answer.body(), StandardCharsets.UTF_8));
        } catch (java.text.ParseException e) {
            throw new NotProvenException("the provider's userinfo is no JSON object");
        }
        if (!claims.getSubject().equals(told.get("sub"))) {
            throw new NotProvenException("the provider's userinfo is about somebody else");
        }
        Map<String, Object> all = new HashMap<>(told);
        claims.getClaims().forEach((name, value) -> {
            if (value != null) {
                all.put(name, value);
            }
        });
        return new Said(all);
    }

    /** What somebody else wrote, for the log. */
    static String plain(String text) {
        return text.replaceAll("[^A-Za-z0-9_.-]", "?").substring(0, Math.min(text.length(), 60));
    }
}
