package dev.keyturn.server.tls;

import dev.keyturn.server.data.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;

/** Certificates and their keys as pairs of files in a directory, {@code NAME.pem} and {@code NAME.key}. */
record PairFiles(Path directory) {
    /** The pair in the files; empty where they are missing or do not belong together (killed between the two). */
    Optional<Certificates.Pair> present(String name) throws IOException {
        Path certificateFile = directory.resolve(name + ".pem");
        Path keyFile = directory.resolve(name + ".key");
        if (!Files.exists(certificateFile) || !Files.exists(keyFile)) {
            return Optional.empty();
        }
        try {
            X509Certificate certificate = Pem.certificate(certificateFile);
            PrivateKey key = Pem.key(keyFile);
            return belong(certificate, key) ? Optional.of(new Certificates.Pair(certificate, key)) : Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    static boolean belong(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        byte[] probe = {1, 2, 3};
        var signature = java.security.Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey()); // of the key alone: a CA certificate is not for signing data
        signature.update(probe);
        return signature.verify(signed);
    }

    void save(String name, Certificates.Pair pair) throws IOException {
        PrivateFiles.write(
                directory.resolve(name + ".key"),
                Pem.of("PRIVATE KEY", pair.key().getEncoded()));
        saveCertificate(name, pair.certificate());
    }

    /** Without its key, and only where the file does not say so already. */
    void saveCertificate(String name, X509Certificate certificate) throws IOException {
        try {
            Path file = directory.resolve(name + ".pem");
            byte[] pem = Pem.of("CERTIFICATE", certificate.getEncoded());
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), pem)) {
                PrivateFiles.write(file, pem);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot encode the certificate", e);
        }
    }
}
