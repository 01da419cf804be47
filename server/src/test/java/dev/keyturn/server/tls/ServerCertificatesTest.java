package dev.keyturn.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.keyturn.node.SettableClock;
import dev.keyturn.server.http.HttpServer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCertificatesTest {
    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    @TempDir
    Path dir;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void identity_namesEveryHostOfTheServer() throws Exception {
        X509Certificate shown = shown(certificates("keyturn.localhost").identity());
        assertThat(shown.getSubjectAlternativeNames().stream()
                        .map(n -> String.valueOf(n.get(1)))
                        .toList())
                .contains(
                        "keyturn.localhost",
                        "*.keyturn.localhost",
                        "*.vault.keyturn.localhost",
                        "*.managedhsm.keyturn.localhost",
                        "localhost",
                        "127.0.0.1",
                        "0:0:0:0:0:0:0:1");
        shown.verify(Pem.certificate(dir.resolve("ca.pem")).getPublicKey());
    }

    @Test
    void identity_atTheNextStart_isTheSame() throws Exception {
        X509Certificate first = shown(certificates("a.test").identity());
        assertThat(shown(certificates("a.test").identity())).isEqualTo(first);
        assertThat(certificates("a.test").renewed()).isEmpty();
    }

    @Test
    void renewed_whenAThirdOfItsLifeIsLeft_underTheSameCa() throws Exception {
        ServerCertificates certificates = certificates("a.test");
        X509Certificate first = shown(certificates.identity());
        byte[] ca = Files.readAllBytes(certificates.caFile());

        clock.advance(Duration.ofDays(59));
        assertThat(certificates.renewed()).isEmpty();
        clock.advance(Duration.ofDays(2));
        X509Certificate second = shown(certificates.renewed().orElseThrow());

        assertThat(second.getNotAfter()).isAfter(first.getNotAfter());
        assertThat(Files.readAllBytes(certificates.caFile())).isEqualTo(ca);
        assertThat(certificates.renewed()).isEmpty();
    }

    @Test
    void identity_whileTheClockIsBehind_keepsTheCa() throws Exception {
        ServerCertificates certificates = certificates("a.test");
        certificates.identity();
        byte[] ca = Files.readAllBytes(certificates.caFile());

        clock.advance(Duration.ofDays(-1_000));
        X509Certificate shown = shown(certificates("a.test").identity());

        assertThat(Files.readAllBytes(certificates.caFile())).isEqualTo(ca);
        assertThat(shown.getNotBefore().toInstant()).isBefore(clock.instant());
    }

    @Test
    void identity_longAfterExpiry_isMadeAnew() throws Exception {
        shown(certificates("a.test").identity());
        clock.advance(Duration.ofDays(400));
        X509Certificate shown = shown(certificates("a.test").identity());
        assertThat(shown.getNotAfter().toInstant()).isAfter(clock.instant());
    }

    @Test
    void identity_ofAnotherDomain_isMadeAnew() throws Exception {
        shown(certificates("a.test").identity());
        assertThat(certificates("b.test").renewed()).isPresent();
        assertThat(shown(certificates("b.test").identity())
                        .getSubjectX500Principal()
                        .getName())
                .contains("b.test");
    }

    @Test
    void identity_afterAKillBetweenKeyAndCertificate_isMadeAnew() throws Exception {
        X509Certificate first = shown(certificates("a.test").identity());
        Path other = Files.createDirectory(dir.resolve("other"));
        shown(new ServerCertificates(other, "a.test", clock, new SecureRandom()).identity());
        Files.copy(
                other.resolve("server.key"),
                dir.resolve("server.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        X509Certificate second = shown(certificates("a.test").identity());

        assertThat(second).isNotEqualTo(first);
        second.verify(Pem.certificate(dir.resolve("ca.pem")).getPublicKey());
    }

    @Test
    void ca_speaksForItsOwnDomainAndThisMachineAlone() throws Exception {
        Certificates made = new Certificates(new SecureRandom());
        Certificates.Pair ca = made.authority("a.test", clock.instant());
        assertThat(ca.certificate().getCriticalExtensionOIDs()).contains(NAME_CONSTRAINTS);
        requirePermitted(ca, made.server(ca, "a.test", clock.instant()));
        requirePermitted(ca, made.server(ca, "deeper.a.test", clock.instant()));
        for (String other : List.of("bank.example", "xa.test", "test")) {
            Certificates.Pair rogue = made.server(ca, other, clock.instant());
            assertThatThrownBy(() -> requirePermitted(ca, rogue))
                    .as(other)
                    .isInstanceOf(NameConstraintValidatorException.class);
        }
    }

    @Test
    void openssl_acceptsTheServersCertificate_andNoneForAnotherDomain() throws Exception {
        assumeThat(Path.of("/usr/bin/openssl")).exists();
        certificates("a.test").identity();
        assertThat(openssl("server.pem")).contains("server.pem: OK");
        Certificates.Pair ca =
                new Certificates.Pair(Pem.certificate(dir.resolve("ca.pem")), Pem.key(dir.resolve("ca.key")));
        Files.write(
                dir.resolve("rogue.pem"),
                Pem.of(
                        "CERTIFICATE",
                        new Certificates(new SecureRandom())
                                .server(ca, "bank.example", clock.instant())
                                .certificate()
                                .getEncoded()));
        assertThat(openssl("rogue.pem")).contains("permitted subtree violation");
    }

    @Test
    void caWithoutConstraints_ofAnEarlierVersion_isKept() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        X500Name name = new X500Name("CN=Keyturn CA of a.test");
        byte[] old = new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(clock.instant()),
                        Date.from(clock.instant().plus(Duration.ofDays(3_000))),
                        name,
                        keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
        Files.write(dir.resolve("ca.pem"), Pem.of("CERTIFICATE", old));
        Files.write(
                dir.resolve("ca.key"), Pem.of("PRIVATE KEY", keys.getPrivate().getEncoded()));
        byte[] before = Files.readAllBytes(dir.resolve("ca.pem"));
        X509Certificate shown = shown(certificates("a.test").identity());
        assertThat(Files.readAllBytes(dir.resolve("ca.pem"))).isEqualTo(before);
        shown.verify(Pem.certificate(dir.resolve("ca.pem")).getPublicKey());
        assertThat(shown(certificates("b.test").identity())
                        .getSubjectX500Principal()
                        .getName())
                .contains("b.test");
        assertThat(Files.readAllBytes(dir.resolve("ca.pem"))).isEqualTo(before);
    }

    private String openssl(String certificate) throws Exception {
        Process process = new ProcessBuilder(
                        "/usr/bin/openssl",
                        "verify",
                        "-attime",
                        Long.toString(clock.instant().getEpochSecond()),
                        "-CAfile",
                        dir.resolve("ca.pem").toString(),
                        dir.resolve(certificate).toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** As RFC 5280, 6.1.4 (g) has it; the JDK does not look at the constraints of an anchor. */
    private static void requirePermitted(Certificates.Pair ca, Certificates.Pair shown)
            throws NameConstraintValidatorException {
        PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
        byte[] permitted = extension(ca.certificate(), Extension.nameConstraints);
        NameConstraints constraints = NameConstraints.getInstance(permitted);
        validator.intersectPermittedSubtree(constraints.getPermittedSubtrees());
        byte[] shownNames = extension(shown.certificate(), Extension.subjectAlternativeName);
        GeneralNames names = GeneralNames.getInstance(shownNames);
        for (GeneralName name : names.getNames()) {
            validator.checkPermitted(name);
        }
    }

    private static byte[] extension(X509Certificate certificate, ASN1ObjectIdentifier id) {
        byte[] wrapped = certificate.getExtensionValue(id.getId());
        ASN1OctetString octets = ASN1OctetString.getInstance(wrapped);
        return octets.getOctets();
    }

    private ServerCertificates certificates(String domain) {
        return new ServerCertificates(dir, domain, clock, new SecureRandom());
    }

    private static X509Certificate shown(HttpServer.Identity identity) throws Exception {
        var chain = List.of(identity.keys().getCertificateChain("server"));
        assertThat(chain).hasSize(2);
        assertThat(identity.toString()).doesNotContain(identity.password());
        return (X509Certificate) chain.getFirst();
    }
}
