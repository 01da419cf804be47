package dev.keyturn.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.http.Request;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Checks the tokens that {@link Tokens} signs: algorithm, signature, issuer, tenant, audience, time, principal. */
public final class TokenAuthentication implements Authentication {
    /** How far the clocks of two nodes may be apart. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final int LONGEST = 16 * 1024;
    private static final String SCHEME = "bearer ";

    private final SigningKeys keys;
    private final Issuers issuers;
    private final Principals principals;
    private final BiFunction<PrincipalId, String, Optional<Caller>> people;
    private final Clock clock;

    /** @param people who is signed in to a client, by the person's id and what the token names the sign-in by */
    public TokenAuthentication(
            SigningKeys keys,
            Issuers issuers,
            Principals principals,
            BiFunction<PrincipalId, String, Optional<Caller>> people,
            Clock clock) {
        this.keys = keys;
        this.issuers = issuers;
        this.principals = principals;
        this.people = people;
        this.clock = clock;
    }

    @Override
    public Caller authenticate(Request request, Predicate<String> audience) {
        String header = request.header("authorization").orElse("");
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refused(
                    MISSING, "Authentication failed. The 'Authorization' header is missing or has no bearer token.");
        }
        String text = header.substring(SCHEME.length()).strip();
        if (text.length() > LONGEST) {
            throw invalid("it is too long");
        }
        SignedJWT jwt;
        JWTClaimsSet claims;
        try {
            jwt = SignedJWT.parse(text);
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException | RuntimeException e) {
            // Anybody may send anything, and the library trips over some of it (a header that is null).
            throw invalid("it is not a signed JWT");
        }
        requireSignature(jwt);
        requireClaims(claims, audience);
        Caller caller = caller(claims);
        request.arrival().admit(caller.principal().toString());
        return caller;
    }

    private void requireSignature(SignedJWT jwt) {
        String kid = jwt.getHeader().getKeyID();
        if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm()) || kid == null) {
            throw invalid("it is not signed with RS256 under a named key");
        }
        RSAKey key = keys.find(kid).orElseThrow(() -> invalid("its signing key is not known here"));
        try {
            if (!jwt.verify(new RSASSAVerifier(key.toRSAPublicKey()))) {
                throw invalid("its signature is not right");
            }
        } catch (JOSEException e) {
            throw invalid("its signature cannot be checked");
        }
    }

    private void requireClaims(JWTClaimsSet claims, Predicate<String> audience) {
        if (!issuers.accepts(claims.getIssuer()) || !issuers.tenant().equals(claims.getClaim("tid"))) {
            throw invalid("it is from another issuer or tenant");
        }
        Instant now = clock.instant();
        Date end = claims.getExpirationTime();
        if (end == null || !now.isBefore(end.toInstant())) {
            throw refused(EXPIRED, "The access token has expired.");
        }
        Date begin = claims.getNotBeforeTime();
        if (begin != null && now.plus(SKEW).isBefore(begin.toInstant())) {
            throw invalid("it is not valid yet");
        }
        if (claims.getAudience().size() != 1
                || !audience.test(Audiences.plain(claims.getAudience().getFirst()))) {
            throw invalid("it was issued for another audience");
        }
    }

    /** A program that is there, or a person whose sign-in is: whatever ends that ends its tokens as well. */
    private Caller caller(JWTClaimsSet claims) {
        Optional<PrincipalId> id = Optional.ofNullable(claims.getSubject()).flatMap(PrincipalId::parse);
        if (Tokens.USER.equals(claims.getClaim("idtyp"))) {
            return id.flatMap(person -> claims.getClaim(Tokens.SIGN_IN) instanceof String signIn
                            ? people.apply(person, signIn)
                            : Optional.empty())
                    .orElseThrow(() -> invalid("its person is not signed in any more, so sign in again (az login)"));
        }
        return id.flatMap(principals::find)
                .map(TokenAuthentication::caller)
                .orElseThrow(() -> invalid("its principal does not exist any more"));
    }

    private static Caller caller(Principal principal) {
        return new Caller(principal.id(), principal.appId().toString());
    }

    private static RuntimeException invalid(String why) {
        return refused(INVALID, "The access token is invalid: " + why + ".");
    }

    private static RuntimeException refused(String code, String message) {
        return new DomainError.Unauthenticated(ErrorInfo.of(code, message)).asException();
    }
}
