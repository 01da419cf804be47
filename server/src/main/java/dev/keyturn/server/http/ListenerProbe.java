package dev.keyturn.server.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Shakes hands with this server over its own address and hangs up. What it asks needs the thread that accepts, one that
 * selects, a virtual one, and a turn among the handshakes: what every request needs. Immutable.
 *
 * @param listen what the listener is bound to
 */
record ListenerProbe(InetSocketAddress listen, Duration timeout) {
    /**
     * Whether anything came back within the time, be it that the connection was closed at once (as one too many is), or
     * a handshake that fails. Only silence and a port that nobody listens at are none.
     */
    boolean answers(List<Certificate> trusted) {
        InetAddress address =
                listen.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : listen.getAddress();
        int millis = Math.toIntExact(timeout.toMillis());
        try (Socket below = new Socket()) {
            below.setSoTimeout(millis);
            below.connect(new InetSocketAddress(address, listen.getPort()), millis);
            try (SSLSocket socket = (SSLSocket)
                    tls(trusted).getSocketFactory().createSocket(below, "localhost", listen.getPort(), true)) {
                socket.startHandshake();
            }
            return true;
        } catch (InterruptedIOException
                | ConnectException
                | NoRouteToHostException e) { // a timeout is one of the first
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static SSLContext tls(List<Certificate> trusted) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate certificate : trusted) {
                store.setCertificateEntry("c" + store.size(), certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(store);
            SSLContext out = SSLContext.getInstance("TLS");
            out.init(null, managers.getTrustManagers(), null);
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS cannot be had", e);
        }
    }
}
