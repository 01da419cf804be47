package dev.keyturn.server.http;

import dev.keyturn.server.limits.Limit;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS whose handshakes are computed a few at once, in the order in which they come: who opens connections without end
 * takes no more than that many processors from those whose connection is open. A handshake that waits for its client
 * takes no place. Thread-safe.
 */
final class Handshakes extends SslConnectionFactory {
    final HandshakePlaces places;

    Handshakes(SslContextFactory.Server tls, HttpConnectionFactory http, Gates gates) {
        super(tls, http.getProtocol());
        places = new HandshakePlaces(gates.limits.count(Limit.HANDSHAKES));
    }

    @Override
    protected SslConnection newSslConnection(Connector connector, EndPoint end, SSLEngine engine) {
        return super.newSslConnection(connector, end, new TakingTurns(engine, places));
    }
}
