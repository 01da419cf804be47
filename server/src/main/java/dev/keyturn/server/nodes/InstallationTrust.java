package dev.keyturn.server.nodes;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts a server of this installation and nobody else: its certificate is of the installation's CA, and for the
 * installation's domain. At which address it is reached is no part of that, because a node's certificate does not name
 * it.
 */
final class InstallationTrust extends X509ExtendedTrustManager {
    private static final int DNS = 2;

    private final X509TrustManager chain;
    private final String domain;

    private InstallationTrust(X509TrustManager chain, String domain) {
        this.chain = chain;
        this.domain = domain;
    }

    static SSLContext context(Path caFile, String domain) throws IOException {
        try (InputStream in = Files.newInputStream(caFile)) {
            Collection<? extends java.security.cert.Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int at = 0;
            for (java.security.cert.Certificate one : found) {
                store.setCertificateEntry("ca" + at++, one);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            X509TrustManager chain = Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new InstallationTrust(chain, domain)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the CA in " + caFile + " cannot be used: " + e.getMessage(), e);
        }
    }

    private void check(X509Certificate[] certificates, String type) throws CertificateException {
        chain.checkServerTrusted(certificates, type);
        Collection<List<?>> names = certificates[0].getSubjectAlternativeNames();
        if (names == null
                || names.stream().noneMatch(n -> n.get(0).equals(DNS) && domain.equalsIgnoreCase((String) n.get(1)))) {
            throw new CertificateException("the certificate is not for " + domain);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] certificates, String type, SSLEngine engine)
            throws CertificateException {
        check(certificates, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] certificates, String type, Socket socket)
            throws CertificateException {
        check(certificates, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] certificates, String type) throws CertificateException {
        check(certificates, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] certificates, String type) throws CertificateException {
        throw new CertificateException("no client is trusted by its certificate");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] certificates, String type, Socket socket)
            throws CertificateException {
        checkClientTrusted(certificates, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] certificates, String type, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(certificates, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chain.getAcceptedIssuers();
    }
}
