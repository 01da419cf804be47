package dev.keyturn.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.core.identity.ClientCertificate;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Optional;

/** A JWT that a client signed itself, with the private key of a certificate of its own. Nothing in it is proved by parsing. */
record CertificateJwt(SignedJWT jwt, JWTClaimsSet claims) {
    private static final int MOST_CHARACTERS = 16 * 1024;

    /** Empty for what is no signed JWT, or too long to be one. */
    static Optional<CertificateJwt> parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        try {
            SignedJWT jwt = SignedJWT.parse(text);
            return Optional.of(new CertificateJwt(jwt, jwt.getJWTClaimsSet()));
        } catch (ParseException | RuntimeException e) {
            // Anybody may send anything, and the library trips over some of it (a header that is null).
            return Optional.empty();
        }
    }

    /** Whether it is signed with the key of this certificate, and the certificate is good at {@code now}. */
    boolean signedBy(ClientCertificate registered, Instant now) {
        try {
            X509Certificate certificate = ClientAssertions.certificate(registered.der());
            if (now.isBefore(certificate.getNotBefore().toInstant())
                    || now.isAfter(certificate.getNotAfter().toInstant())) {
                return false;
            }
            JWSVerifier verifier = switch (certificate.getPublicKey()) {
                case RSAPublicKey rsa -> new RSASSAVerifier(rsa);
                case ECPublicKey ec -> new ECDSAVerifier(ec);
                default -> throw new GeneralSecurityException("no such keys are registered");
            };
            return verifier.supportedJWSAlgorithms().contains(jwt.getHeader().getAlgorithm()) && jwt.verify(verifier);
        } catch (GeneralSecurityException | JOSEException e) {
            return false;
        }
    }
}
