package dev.keyturn.server.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.model.Guid;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/**
 * Signing in with a JWT of one's own (RFC 7523): signed by a certificate that is registered for the service principal,
 * from and about that client, for this token endpoint, short-lived.
 */
public final class ClientAssertions {
    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Issuers issuers;
    private final Principals principals;
    private final Clock clock;

    ClientAssertions(Issuers issuers, Principals principals, Clock clock) {
        this.issuers = issuers;
        this.principals = principals;
        this.clock = clock;
    }

    /** The service principal that the assertion is of; empty where anything about it is not right. */
    Optional<Principal> signIn(String assertion, Optional<String> clientId) {
        Optional<CertificateJwt> parsed = CertificateJwt.parse(assertion);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        CertificateJwt jwt = parsed.get();
        JWTClaimsSet claims = jwt.claims();
        Instant now = clock.instant();
        String client = claims.getSubject();
        if (client == null
                || !client.equals(claims.getIssuer())
                || clientId.filter(id -> !id.equalsIgnoreCase(client)).isPresent()
                || !current(claims, now)
                || claims.getAudience().stream().noneMatch(issuers::isTokenEndpoint)) {
            return Optional.empty();
        }
        return Guid.parse(client)
                .flatMap(principals::findByAppId)
                .filter(p -> !p.isManagedIdentity())
                .filter(p -> principals.certificates(p.id()).stream().anyMatch(c -> jwt.signedBy(c, now)));
    }

    /**
     * The certificate in {@code der}.
     *
     * @throws GeneralSecurityException where it is none, or its key is neither RSA of 2048 bits or more nor EC
     */
    public static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        boolean usable = certificate.getPublicKey() instanceof RSAPublicKey rsa
                ? rsa.getModulus().bitLength() >= 2048
                : certificate.getPublicKey() instanceof ECPublicKey;
        if (!usable) {
            throw new GeneralSecurityException("its key is neither RSA of 2048 bits or more nor EC");
        }
        return certificate;
    }

    private static boolean current(JWTClaimsSet claims, Instant now) {
        Date end = claims.getExpirationTime();
        Date begin = claims.getNotBeforeTime();
        return end != null
                && now.isBefore(end.toInstant())
                && end.toInstant().isBefore(now.plus(LONGEST).plus(SKEW))
                && (begin == null || !now.plus(SKEW).isBefore(begin.toInstant()));
    }
}
