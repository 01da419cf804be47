package dev.keyturn.server.tls;

import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.tx.Transactions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One setting for all nodes, "certificate:key", the key under the master key; {@code ca.pem} of each is a copy. Of two
 * that make a CA at once the first counts, for both. A directory that had a CA of its own before its installation was
 * moved to a shared database brings it along: clients are told nothing new.
 */
record SharedAuthority(Transactions transactions, Settings settings, PlatformKey master, PairFiles files)
        implements Authority {
    static final String SETTING = "certificate-authority";

    @Override
    public Optional<Certificates.Pair> present() throws IOException {
        Optional<Certificates.Pair> kept =
                transactions.read(tx -> settings.find(tx, SETTING)).map(this::parsed);
        if (kept.isPresent()) {
            files.saveCertificate(FileAuthority.NAME, kept.get().certificate());
        }
        return kept;
    }

    @Override
    public Certificates.Pair current(Predicate<Certificates.Pair> serves, Supplier<Certificates.Pair> make)
            throws IOException {
        Optional<Certificates.Pair> kept = present();
        if (kept.filter(serves).isPresent()) {
            return kept.get();
        }
        Optional<Certificates.Pair> own =
                kept.isEmpty() ? files.present(FileAuthority.NAME).filter(serves) : Optional.empty();
        keep(kept, own.isPresent() ? own.get() : make.get());
        return present().orElseThrow();
    }

    private void keep(Optional<Certificates.Pair> seen, Certificates.Pair made) {
        String text = text(made);
        Optional<String> before = seen.map(SharedAuthority::certificate);
        transactions.run(tx -> {
            Optional<String> now = settings.find(tx, SETTING).map(t -> t.substring(0, t.indexOf(':')));
            if (now.equals(before)) { // else another node was quicker
                settings.put(tx, SETTING, text);
            }
        });
    }

    private String text(Certificates.Pair pair) {
        try (SecretBytes key = SecretBytes.adopt(pair.key().getEncoded())) {
            return certificate(pair) + ":" + Base64.getEncoder().encodeToString(master.seal(key, SETTING));
        }
    }

    private static String certificate(Certificates.Pair pair) {
        try {
            return Base64.getEncoder().encodeToString(pair.certificate().getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a CA's certificate cannot be encoded", e);
        }
    }

    /** Another CA in its place would be one that no client knows: damage is told, not mended. */
    private Certificates.Pair parsed(String text) {
        try {
            int colon = text.indexOf(':');
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(text.substring(0, colon))));
            PrivateKey key;
            try (SecretBytes opened = master.open(Base64.getDecoder().decode(text.substring(colon + 1)), SETTING)) {
                key = opened.reveal(SharedAuthority::key);
            }
            if (PairFiles.belong(certificate, key)) {
                return new Certificates.Pair(certificate, key);
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalStateException("the setting '" + SETTING + "' of the database is damaged", e);
        }
        throw new IllegalStateException(
                "the setting '" + SETTING + "' of the database was altered: certificate and key are of two CAs");
    }

    private static PrivateKey key(byte[] encoded) {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the CA's key cannot be read", e);
        }
    }
}
