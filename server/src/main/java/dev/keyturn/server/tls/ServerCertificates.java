package dev.keyturn.server.tls;

import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.server.http.HttpServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.PBEParameterSpec;

/**
 * The server's own CA and certificate, in the data directory: {@code ca.pem} (what clients trust), {@code ca.key},
 * {@code server.pem}, {@code server.key}, all for the owner alone. The CA is kept as long as it lasts, so that clients
 * need to be told once; the server certificate is renewed when a third of its life is left, and when the domain
 * changed. A CA may speak for its own domain and this machine alone, so another domain takes another CA; one that an
 * earlier version made without that bound is kept until its end like any other. Nodes of one installation have one CA, in
 * their database, and each a certificate of its own. Thread-safe.
 */
public final class ServerCertificates {
    static final Duration RENEW_BEFORE = Certificates.SERVER_LIFE.dividedBy(3);
    static final Duration RENEW_CA_BEFORE = Certificates.SERVER_LIFE.multipliedBy(2);

    private final PairFiles files;
    private final Authority authority;
    private final String domain;
    private final Clock clock;
    private final ServerTime time;
    private final SecureRandom random;
    private final Certificates certificates;
    private volatile Lives lives = new Lives(Instant.MAX, Instant.MAX, Instant.MAX);

    public ServerCertificates(Path dir, String domain, Clock clock, SecureRandom random) {
        this(dir, domain, clock, ServerTime.of(clock), random);
    }

    /** @param time what ends the CA: a clock that jumps does not make every client be told a new one */
    public ServerCertificates(Path dir, String domain, Clock clock, ServerTime time, SecureRandom random) {
        this(new PairFiles(dir), new FileAuthority(new PairFiles(dir)), domain, clock, time, random);
    }

    /** With the CA that all nodes of an installation have, kept in their database under their master key. */
    public static ServerCertificates shared(
            Path dir, String domain, Clock clock, ServerTime time, SecureRandom random, Kept kept) {
        PairFiles files = new PairFiles(dir);
        return new ServerCertificates(
                files,
                new SharedAuthority(kept.transactions(), kept.settings(), kept.master(), files),
                domain,
                clock,
                time,
                random);
    }

    /** Where a CA is kept for several nodes, and under which key. */
    public record Kept(Transactions transactions, Settings settings, PlatformKey master) {}

    private ServerCertificates(
            PairFiles files, Authority authority, String domain, Clock clock, ServerTime time, SecureRandom random) {
        this.files = files;
        this.authority = authority;
        this.time = time;
        this.domain = domain;
        this.clock = clock;
        this.random = random;
        this.certificates = new Certificates(random);
    }

    /**
     * How long what is shown now lasts. Without a certificate that was made or read yet, for ever.
     *
     * @param renewal from when on the server's certificate is to be renewed, which happens by itself
     * @param end when clients refuse the server's certificate
     * @param newAuthority from when on there is to be another CA, which clients must be told
     */
    public record Lives(Instant renewal, Instant end, Instant newAuthority) {}

    /** Of the certificates that are shown now. */
    public Lives lives() {
        return lives;
    }

    /** What clients must trust. */
    public Path caFile() {
        return files.directory().resolve(FileAuthority.NAME + ".pem");
    }

    /** The identity to show now, made where there is none or the present one is due. */
    public synchronized HttpServer.Identity identity() throws IOException {
        Certificates.Pair issuer =
                authority.current(this::serves, () -> certificates.authority(domain, clock.instant()));
        Optional<Certificates.Pair> server = files.present("server").filter(p -> fits(p, issuer));
        if (server.isEmpty()) {
            server = Optional.of(certificates.server(issuer, domain, clock.instant()));
            files.save("server", server.get());
        }
        Instant end = server.get().certificate().getNotAfter().toInstant();
        lives = new Lives(
                end.minus(RENEW_BEFORE),
                end,
                issuer.certificate().getNotAfter().toInstant().minus(RENEW_CA_BEFORE));
        return identity(server.get(), issuer);
    }

    /** A new identity where the present certificate is due; the caller shows it. */
    public synchronized Optional<HttpServer.Identity> renewed() throws IOException {
        Optional<Certificates.Pair> issuer = authority.present();
        boolean current = issuer.filter(this::serves).isPresent()
                && files.present("server").filter(p -> fits(p, issuer.get())).isPresent();
        return current ? Optional.empty() : Optional.of(identity());
    }

    private boolean serves(Certificates.Pair authority) {
        return lasts(authority, time.reached(), RENEW_CA_BEFORE)
                && Certificates.permits(authority.certificate(), domain);
    }

    private boolean fits(Certificates.Pair server, Certificates.Pair authority) {
        try {
            server.certificate().verify(authority.certificate().getPublicKey());
            Collection<List<?>> names = server.certificate().getSubjectAlternativeNames();
            return lasts(server, clock.instant(), RENEW_BEFORE)
                    && hasBegun(server)
                    && names != null
                    && names.stream().anyMatch(n -> domain.equals(n.get(1)));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean lasts(Certificates.Pair pair, Instant now, Duration atLeast) {
        return now.plus(atLeast).isBefore(pair.certificate().getNotAfter().toInstant());
    }

    /**
     * Asked of the server's certificate alone. A clock that is behind at boot must not make a new CA: every client would
     * have to be told anew.
     */
    private boolean hasBegun(Certificates.Pair pair) {
        return !clock.instant().isBefore(pair.certificate().getNotBefore().toInstant());
    }

    private HttpServer.Identity identity(Certificates.Pair server, Certificates.Pair authority) throws IOException {
        try {
            byte[] bytes = new byte[24];
            random.nextBytes(bytes);
            String password = Base64.getEncoder().encodeToString(bytes);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            // Java wants the key under a password. It stays in memory, so the derivation need not be slow.
            keys.setEntry(
                    "server",
                    new KeyStore.PrivateKeyEntry(
                            server.key(), new Certificate[] {server.certificate(), authority.certificate()}),
                    new KeyStore.PasswordProtection(
                            password.toCharArray(), "PBEWithHmacSHA256AndAES_256", new PBEParameterSpec(bytes, 1)));
            return new HttpServer.Identity(keys, password);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot hold the certificate", e);
        }
    }
}
