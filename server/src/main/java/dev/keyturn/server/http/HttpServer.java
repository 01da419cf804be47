package dev.keyturn.server.http;

import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS listener: the only place, with its package, that knows Jetty. Bound first, so that the port is known (and a
 * taken one reported) before anything is built on it, then started with its surfaces. Requests run on virtual threads
 * and may block.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    /** The largest body that is read, of a caller that is known. */
    public static final int MAX_BODY = 1 << 20;

    private static final Duration SWEEP = Duration.ofMillis(500);
    private static final Duration PROBE = Duration.ofSeconds(10);

    private final Server server;
    private final ServerConnector connector;
    private final SslContextFactory.Server tls;
    private final Duration drain;
    private final Gates gates;
    private final Connections connections;
    private final Handshakes handshakes;
    private final Streams streams = new Streams();
    private volatile List<Certificate> shown = List.of();
    private volatile Optional<ListenerWatch> watch = Optional.empty();

    private HttpServer(
            Server server,
            ServerConnector connector,
            SslContextFactory.Server tls,
            Duration drain,
            Gates gates,
            Connections connections,
            Handshakes handshakes) {
        this.server = server;
        this.connector = connector;
        this.tls = tls;
        this.drain = drain;
        this.gates = gates;
        this.connections = connections;
        this.handshakes = handshakes;
    }

    /** A key store whose one key pair the server shows, and the password that guards it. */
    public record Identity(KeyStore keys, String password) {
        @Override
        public String toString() {
            return "Identity[redacted]";
        }
    }

    /**
     * Takes the port, without answering yet.
     *
     * @param drain how long {@link #close} waits for requests that are under way
     * @param limits what is bounded, as docs/limits.md says
     * @throws IOException where the address cannot be had
     */
    public static HttpServer bind(InetSocketAddress address, Duration drain, Limits limits) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("http");
        threads.setVirtualThreadsExecutor(
                task -> Thread.ofVirtual().name("request").start(task));
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setUriCompliance(UriCompliance.UNSAFE); // Target is stricter, and must see // and escapes as sent
        http.addCustomizer(new SecureRequestCustomizer(false)); // routing is by Host; SNI may be missing or an address
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyManagerFactoryAlgorithm("SunX509"); // PKIX runs PBKDF2 at every handshake
        tls.setSniRequired(false);
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        Gates gates = new Gates(limits, System::nanoTime);
        Handshakes handshakes = new Handshakes(tls, plain, gates);
        ServerConnector connector = new ServerConnector(server, handshakes, plain);
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(limits.seconds(Limit.IDLE_SECONDS).toMillis());
        Connections connections = new Connections(gates);
        connector.addBean(connections);
        connector.open();
        server.addConnector(connector);
        return new HttpServer(server, connector, tls, drain, gates, connections, handshakes);
    }

    public int port() {
        return connector.getLocalPort();
    }

    /** How many connections are open. */
    int connections() {
        return connections.count();
    }

    /** What handshakes take turns with. */
    Handshakes handshakes() {
        return handshakes;
    }

    /** Whether {@link #close} has begun. */
    boolean closing() {
        return server.isStopping() || server.isStopped();
    }

    public void start(Surfaces surfaces, Identity identity) {
        show(tls, identity);
        server.setHandler(new GracefulHandler(new Exchange(surfaces, gates, connections, streams)));
        server.setErrorHandler(new PlainErrors());
        server.setStopTimeout(drain.toMillis());
        try {
            server.start();
            sweep();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTPS listener does not start", e);
        }
    }

    /** Calls this listener from time to time from now on; where it answers nothing for long the process ends. */
    public void watch(VitalThreads vital) {
        ListenerProbe probe =
                new ListenerProbe(new InetSocketAddress(Objects.requireNonNull(connector.getHost()), port()), PROBE);
        ListenerWatch made = new ListenerWatch(
                () -> {
                    long before = handshakes.places.done();
                    // a call that waits for its turn behind others that get theirs is no silence
                    return probe.answers(shown) || handshakes.places.isCrowdedSince(before);
                },
                ListenerWatch.PAUSE,
                vital);
        watch = Optional.of(made);
        made.start();
    }

    /** How many of those calls in a row got no answer. */
    public int silent() {
        return watch.map(ListenerWatch::silent).orElse(0);
    }

    /** Shows another certificate from the next handshake on; connections that are open stay. */
    public void replace(Identity identity) {
        try {
            tls.reload(_ -> show(tls, identity));
        } catch (Exception e) {
            throw new IllegalStateException("the new certificate cannot be used", e);
        }
    }

    /** Stops accepting, waits for requests under way, closes. */
    @Override
    public void close() {
        watch.ifPresent(ListenerWatch::close);
        streams.close(); // they would be waited for
        try {
            server.stop();
            connector.close();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTPS listener does not stop", e);
        }
    }

    private void sweep() {
        try {
            connections.sweep(connector.getConnectedEndPoints());
        } catch (RuntimeException e) {
            LOG.warn("connections could not be looked through and are again in {}", SWEEP, e);
        } finally {
            if (!closing()) {
                server.getScheduler().schedule(this::sweep, SWEEP.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void show(SslContextFactory.Server tls, Identity identity) {
        try {
            KeyStore keys = identity.keys();
            String alias = keys.aliases().nextElement();
            shown = List.of(Objects.requireNonNull(keys.getCertificateChain(alias)));
        } catch (KeyStoreException e) {
            throw new IllegalStateException("the certificate cannot be read", e);
        }
        tls.setKeyStore(identity.keys());
        tls.setKeyStorePassword(identity.password());
        tls.setKeyManagerPassword(identity.password());
    }
}
