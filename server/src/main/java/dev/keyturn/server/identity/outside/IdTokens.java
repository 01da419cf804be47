package dev.keyturn.server.identity.outside;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import com.nimbusds.openid.connect.sdk.validators.AccessTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.InvalidHashException;
import dev.keyturn.core.outside.OutsideRefusal;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks an ID token as OpenID Connect Core 1.0, 3.1.3.7 wants it. Signed by a key of the provider's, with RSA of 2048 bits
 * or more or an elliptic curve: no other algorithm is taken, whatever the token says. Thread-safe.
 */
final class IdTokens {
    private static final Set<JWSAlgorithm> TAKEN = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** By so much the provider's clock may differ from this one. */
    static final Duration SKEW = Duration.ofMinutes(1);

    /** Since it is fetched at once, a token that is older was not made for this sign-in. */
    private static final Duration OLDEST = Duration.ofMinutes(10);

    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_SUBJECT = 255;
    private static final int MOST_KEYS = 8;

    private final ProviderConfig config;
    private final Provider provider;
    private final Clock clock;

    IdTokens(ProviderConfig config, Provider provider, Clock clock) {
        this.config = config;
        this.provider = provider;
        this.clock = clock;
    }

    /** @return what the token says, all of it checked that says for whom it is and when */
    JWTClaimsSet check(String token, States.Pending pending, AccessToken access)
            throws NotProvenException, ProviderAwayException {
        JWTClaimsSet claims;
        JWSHeader header;
        try {
            SignedJWT jwt = SignedJWT.parse(token); // refuses what is not signed
            header = jwt.getHeader();
            requireSigned(jwt);
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException e) {
            throw new NotProvenException("the ID token is no signed JWT");
        }
        requireFor(claims);
        requireNow(claims);
        require(
                pending.nonce().equals(claims.getClaim("nonce")),
                "the ID token's nonce is not the one of this sign-in");
        requireHash(claims, header.getAlgorithm(), access);
        return claims;
    }

    /**
     * When the person showed to the provider, within this sign-in, who it is, by the provider's {@code auth_time}; empty
     * where that says otherwise, or is not there.
     *
     * @throws NotProvenException where a sign-in of just now was asked for, and it is not so
     */
    Optional<Instant> shownAt(JWTClaimsSet claims, States.Pending pending) throws NotProvenException {
        Optional<Instant> at;
        try {
            at = Optional.ofNullable(claims.getDateClaim("auth_time"))
                    .map(Date::toInstant)
                    .filter(t -> !t.isBefore(pending.asked().minus(SKEW)))
                    .filter(t -> !t.isAfter(clock.instant().plus(SKEW)));
        } catch (ParseException e) {
            throw new NotProvenException("the ID token's auth_time is no time");
        }
        if (pending.again() && at.isEmpty()) {
            throw new NotProvenException(
                    OutsideRefusal.NOT_FRESH,
                    claims.getClaim("auth_time") == null
                            ? "the ID token has no auth_time, though max_age=0 asked for it (OpenID Connect Core 1.0, 2)"
                            : "the ID token's auth_time is not of this sign-in, which max_age=0 asked for",
                    Optional.of(claims.getSubject()));
        }
        return at;
    }

    private void requireSigned(SignedJWT jwt) throws NotProvenException, ProviderAwayException {
        JWSHeader header = jwt.getHeader();
        require(
                TAKEN.contains(header.getAlgorithm()),
                "the ID token is signed with " + header.getAlgorithm() + ", which is not taken");
        List<JWK> keys = provider.keys(header);
        require(!keys.isEmpty(), "the provider has no key that the ID token could be signed with");
        for (JWK key : keys.subList(0, Math.min(MOST_KEYS, keys.size()))) {
            if (signed(jwt, key)) {
                return;
            }
        }
        throw new NotProvenException("the ID token's signature is wrong");
    }

    private static boolean signed(SignedJWT jwt, JWK key) {
        try {
            if (!(key instanceof AsymmetricJWK pair)) {
                return false;
            }
            PublicKey open = pair.toPublicKey();
            if (open instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA) {
                return false;
            }
            return jwt.verify(new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(), open));
        } catch (JOSEException e) {
            return false;
        }
    }

    private void requireFor(JWTClaimsSet claims) throws NotProvenException {
        require(config.issuer().equals(claims.getIssuer()), "the ID token is of another issuer");
        require(
                claims.getAudience().contains(config.audience()),
                "the ID token is not for '" + config.audience() + "'");
        Object azp = claims.getClaim("azp");
        require(
                azp == null ? claims.getAudience().size() == 1 : config.client().equals(azp),
                "the ID token was given to another client");
        String subject = claims.getSubject();
        require(
                subject != null && !subject.isBlank() && subject.length() <= LONGEST_SUBJECT,
                "the ID token names no subject");
    }

    private void requireNow(JWTClaimsSet claims) throws NotProvenException {
        Instant now = clock.instant();
        Date over = claims.getExpirationTime();
        require(over != null && now.isBefore(over.toInstant().plus(SKEW)), "the ID token is over");
        Date made = claims.getIssueTime();
        require(
                made != null
                        && !made.toInstant().isAfter(now.plus(SKEW))
                        && !made.toInstant().isBefore(now.minus(OLDEST)),
                "the ID token was not made just now; the clocks of provider and server may differ");
        Date begin = claims.getNotBeforeTime();
        require(begin == null || !begin.toInstant().isAfter(now.plus(SKEW)), "the ID token is not good yet");
    }

    private static void requireHash(JWTClaimsSet claims, JWSAlgorithm algorithm, AccessToken access)
            throws NotProvenException {
        Object hash = claims.getClaim("at_hash");
        if (hash == null) {
            return;
        }
        try {
            AccessTokenValidator.validate(access, algorithm, new AccessTokenHash(hash.toString()));
        } catch (InvalidHashException | IllegalArgumentException e) {
            throw new NotProvenException("the ID token belongs to another access token");
        }
    }

    private static void require(boolean right, String wrong) throws NotProvenException {
        if (!right) {
            throw new NotProvenException(wrong);
        }
    }
}
