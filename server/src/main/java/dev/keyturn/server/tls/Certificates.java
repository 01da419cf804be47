package dev.keyturn.server.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the CA's and the server's certificates: P-256, SHA-256, what every TLS library accepts. */
final class Certificates {
    static final Duration CA_LIFE = Duration.ofDays(3650);
    /** Below the 398 days that some clients allow a server certificate at most. */
    static final Duration SERVER_LIFE = Duration.ofDays(90);

    private static final Duration BACKDATED = Duration.ofHours(1);
    private static final int SERIAL_BITS = 128;

    private final SecureRandom random;

    Certificates(SecureRandom random) {
        this.random = random;
    }

    /** A certificate and its private key. */
    record Pair(X509Certificate certificate, java.security.PrivateKey key) {
        @Override
        public String toString() {
            return "Pair[" + certificate.getSubjectX500Principal() + "]";
        }
    }

    Pair authority(String domain, Instant now) {
        KeyPair keys = generate();
        X500Name name = name("Keyturn CA of " + domain);
        return sign(name, keys, name, keys, now, CA_LIFE, (builder, ids) -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.nameConstraints, true, permitted(domain));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(keys.getPublic()));
        });
    }

    Pair server(Pair authority, String domain, Instant now) {
        KeyPair keys = generate();
        KeyPair issuer = new KeyPair(authority.certificate().getPublicKey(), authority.key());
        X500Name issuerName = X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded());
        return sign(name(domain), keys, issuerName, issuer, now, SERVER_LIFE, (builder, ids) -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(authority.certificate()));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(keys.getPublic()));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(names(domain).toArray(GeneralName[]::new)));
        });
    }

    /**
     * What this CA may speak for (RFC 5280, 4.2.1.10): its own domain and what is below it, and this machine. Who trusts
     * it, and loses its key to somebody, is not deceived about any other host.
     */
    private static NameConstraints permitted(String domain) {
        return new NameConstraints(
                new GeneralSubtree[] {
                    new GeneralSubtree(dns(domain)),
                    new GeneralSubtree(dns("localhost")),
                    new GeneralSubtree(new GeneralName(GeneralName.iPAddress, "127.0.0.0/8")),
                    new GeneralSubtree(new GeneralName(GeneralName.iPAddress, "::1/128"))
                },
                null);
    }

    /** Whether a CA may speak for the domain; one from before there were constraints may speak for any. */
    static boolean permits(X509Certificate authority, String domain) {
        byte[] extension = authority.getExtensionValue(Extension.nameConstraints.getId());
        if (extension == null) {
            return true;
        }
        NameConstraints constraints = NameConstraints.getInstance(
                ASN1OctetString.getInstance(extension).getOctets());
        return Stream.of(constraints.getPermittedSubtrees())
                .map(GeneralSubtree::getBase)
                .filter(n -> n.getTagNo() == GeneralName.dNSName)
                .anyMatch(n -> n.getName().toString().equalsIgnoreCase(domain));
    }

    /** All names the server answers to; one wildcard for each kind of host. */
    private static List<GeneralName> names(String domain) {
        return List.of(
                dns(domain),
                dns("*." + domain),
                dns("*.vault." + domain),
                dns("*.managedhsm." + domain),
                dns("localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                new GeneralName(GeneralName.iPAddress, "::1"));
    }

    private static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    private static X500Name name(String commonName) {
        int longest = 64; // the bound of X.520 on a common name
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName.substring(0, Math.min(longest, commonName.length())))
                .build();
    }

    private KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    private interface Extensions {
        void add(X509v3CertificateBuilder builder, JcaX509ExtensionUtils ids)
                throws CertIOException, GeneralSecurityException;
    }

    private Pair sign(
            X500Name subject,
            KeyPair keys,
            X500Name issuer,
            KeyPair issuerKeys,
            Instant now,
            Duration life,
            Extensions extensions) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(life)),
                    subject,
                    keys.getPublic());
            extensions.add(builder, new JcaX509ExtensionUtils());
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate());
            return new Pair(new JcaX509CertificateConverter().getCertificate(builder.build(signer)), keys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }
}
