package dev.keyturn.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** HTTP/1.1 over TLS by hand, so that what is sent may be anything. One connection, opened again when it was closed. */
final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 50_000;

    private final int port;
    private final SSLSocketFactory factory;
    private Optional<Open> open = Optional.empty();

    private record Open(java.net.Socket socket, InputStream in) {}

    /** Header names are in lower case; each byte of the body is one character. */
    record Answer(int status, Map<String, String> headers, String body) {
        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    RawConnection(int port, Path caFile) throws IOException, GeneralSecurityException {
        this.port = port;
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (var in = Files.newInputStream(caFile)) {
            trust.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trust);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, managers.getTrustManagers(), null);
        factory = tls.getSocketFactory();
    }

    /** The answer; empty where the server hung up without one. */
    Optional<Answer> ask(byte[] request, boolean bodiless) throws IOException {
        boolean fresh = open.isEmpty();
        try {
            return Optional.of(once(request, bodiless));
        } catch (EOFException | java.net.SocketException | javax.net.ssl.SSLException e) {
            close();
            if (fresh) {
                return Optional.empty();
            }
        }
        try { // the server may have closed it after the answer before
            return Optional.of(once(request, bodiless));
        } catch (EOFException | java.net.SocketException | javax.net.ssl.SSLException e) {
            close();
            return Optional.empty();
        }
    }

    private Answer once(byte[] request, boolean bodiless) throws IOException {
        Open at = open.isPresent() ? open.get() : connect();
        open = Optional.of(at);
        at.socket().getOutputStream().write(request);
        at.socket().getOutputStream().flush();
        String[] first = line(at.in()).split(" ", 3);
        int status = Integer.parseInt(first[1]);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(at.in()); !line.isEmpty(); line = line(at.in())) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        boolean none = bodiless || status == 204 || status == 304;
        int length = none ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = at.in().readNBytes(length);
        if (headers.getOrDefault("connection", "").equalsIgnoreCase("close")
                || at.in().available() > 0) {
            close();
        }
        return new Answer(status, headers, new String(body, ISO_8859_1));
    }

    private Open connect() throws IOException {
        java.net.Socket socket = factory.createSocket("localhost", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new Open(socket, new BufferedInputStream(socket.getInputStream()));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                out.write(c);
            }
        }
        return out.toString(ISO_8859_1);
    }

    @Override
    public void close() {
        open.ifPresent(o -> {
            try {
                o.socket().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        open = Optional.empty();
    }
}
