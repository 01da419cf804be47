package dev.keyturn.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.SettableClock;
import dev.keyturn.server.http.HttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCertificatesTest {
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
