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
import dev.keyturn.core.oauth.ClientSignIns.Given;
import dev.keyturn.core.oauth.PublicClient;
import dev.keyturn.core.people.Person;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/** Signs tokens, with the claims that Azure's tokens for programs and for people have. Thread-safe. */
public final class Tokens {
    /** How long a token is valid, as Azure's. */
    public static final Duration LIFETIME = Duration.ofSeconds(3599);

    /** The value of {@code idtyp} in a person's token. */
    static final String USER = "user";
    /** The claim that names the sign-in of a person's client. */
    static final String SIGN_IN = "sid";

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
        return sign(begin(audience, issuer)
                .subject(principal.id().toString())
                .claim("oid", principal.id().toString())
                .claim("appid", principal.appId().toString())
                .claim("azp", principal.appId().toString())
                .claim("idtyp", "app"));
    }

    /** A token of a client in which a person is signed in; {@link #SIGN_IN} says by which sign-in. */
    Issued issue(Given given, PublicClient client, String audience, String issuer) {
        return sign(person(given.person(), begin(audience, issuer))
                .claim("appid", client.id())
                .claim("azp", client.id())
                .claim("idtyp", USER)
                .claim("scp", "user_impersonation")
                .claim("upn", given.person().name().text())
                .claim("unique_name", given.person().name().text())
                .claim(SIGN_IN, given.signIn()));
    }

    /** Tells the client who the person is (OpenID Connect Core, 2). Opens nothing: it has the client as its audience. */
    Issued identify(Given given, PublicClient client, Optional<String> nonce, String issuer) {
        JWTClaimsSet.Builder claims = person(given.person(), begin(client.id(), issuer))
                .claim("preferred_username", given.person().name().text())
                .claim("upn", given.person().name().text()) // what clients of the authority adfs read
                .claim("name", given.person().displayName())
                .claim("auth_time", given.authenticatedAt().getEpochSecond());
        nonce.ifPresent(n -> claims.claim("nonce", n));
        return sign(claims);
    }

    private static JWTClaimsSet.Builder person(Person person, JWTClaimsSet.Builder claims) {
        return claims.subject(person.id().toString()).claim("oid", person.id().toString());
    }

    private JWTClaimsSet.Builder begin(String audience, String issuer) {
        Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .claim("tid", tenant)
                .claim("ver", issuer.endsWith("/v2.0") ? "2.0" : "1.0");
    }

    private Issued sign(JWTClaimsSet.Builder builder) {
        RSAKey key = keys.current();
        JWTClaimsSet claims = builder.build();
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
        return new Issued(jwt.serialize(), claims.getExpirationTime().toInstant());
    }
}
