package dev.keyturn.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.core.identity.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Signs tokens, with the claims that Azure's tokens for programs have. Thread-safe. */
public final class Tokens {
    /** How long a token is valid, as Azure's. */
    public static final Duration LIFETIME = Duration.ofSeconds(3599);

    private final SigningKeys keys;
    private final String tenant;
    private final Clock clock;

    public Tokens(SigningKeys keys, String tenant, Clock clock) {
        this.keys = keys;
        this.tenant = tenant;
        this.clock = clock;
    }

    /** A signed token, and when it ends. */
    record Issued(String text, Instant expiresAt) {
        @Override
        public String toString() {
            return "Issued[redacted, until " + expiresAt + "]";
        }
    }

    Issued issue(Principal principal, String audience, String issuer) {
        Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        Instant end = now.plus(LIFETIME);
        RSAKey key = keys.current();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(end))
                .subject(principal.id().toString())
                .claim("oid", principal.id().toString())
                .claim("appid", principal.appId().toString())
                .claim("azp", principal.appId().toString())
                .claim("idtyp", "app")
                .claim("tid", tenant)
                .claim("ver", issuer.endsWith("/v2.0") ? "2.0" : "1.0")
                .build();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build(),
                claims);
        try {
            jwt.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot sign a token", e);
        }
        return new Issued(jwt.serialize(), end);
    }
}
