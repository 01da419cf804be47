package dev.keyturn.server;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Self-signed certificates, as clients make them for themselves. */
final class TestCertificates {
    private TestCertificates() {}

    static KeyPair rsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    /** Good for thirty days from an hour ago; DER. */
    static byte[] of(KeyPair keys) throws Exception {
        Instant now = Instant.now();
        return of(keys, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(30)));
    }

    static byte[] of(KeyPair keys, Instant from, Instant to) throws Exception {
        X500Name name = new X500Name("CN=robot");
        String algorithm = keys.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        return new JcaX509v3CertificateBuilder(
                        name, BigInteger.ONE, Date.from(from), Date.from(to), name, keys.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
                .getEncoded();
    }
}
