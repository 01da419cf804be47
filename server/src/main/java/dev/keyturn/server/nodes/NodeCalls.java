package dev.keyturn.server.nodes;

import dev.keyturn.core.host.ServedHost;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.host.remote.WireCall;
import dev.keyturn.node.NodeWire;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Key;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * Calls other nodes at the addresses that they wrote down, over TLS that only a server of this installation can answer.
 * Thread-safe.
 */
public final class NodeCalls implements NodeWire, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int NONCE = 16;

    private final LeaseOwner self;
    private final Key key;
    private final Path caFile;
    private final String domain;
    private final Clock clock;
    private final SecureRandom random;
    private Optional<Trusting> trusting = Optional.empty();

    /** A client that trusts the CA which was in the file at that time. */
    private record Trusting(FileTime since, HttpClient client) {}

    /**
     * @param key of {@link dev.keyturn.core.envelope.MacKey}, the same on all nodes
     * @param caFile whose servers are called; read again when it changes
     * @param domain the installation's, which each node's certificate is for
     */
    public NodeCalls(LeaseOwner self, Key key, Path caFile, String domain, Clock clock, SecureRandom random) {
        this.self = self;
        this.key = key;
        this.caFile = caFile;
        this.domain = domain;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void carry(ServedHost to, WireCall call, byte[] request, Consumer<byte[]> frames)
            throws IOException, InterruptedException {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        HttpRequest.Builder http = request(to, call)
                .header("Content-Type", Framing.TYPE)
                .POST(HttpRequest.BodyPublishers.fromPublisher(new Lent(request), request.length));
        NodeSeal.of(self, to.owner(), clock.instant(), nonce, request)
                .headers(key, to.name(), call.wire())
                .forEach(http::header);
        HttpResponse<InputStream> answer;
        try {
            answer = client().send(http.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IOException(where(to) + " cannot be reached: " + reason(e), e);
        }
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != 200
                    || !answer.headers().firstValue("content-type").orElse("").equals(Framing.TYPE)) {
                throw new IOException(where(to) + told(answer.statusCode()));
            }
            Framing.read(body, frames);
        }
    }

    private static HttpRequest.Builder request(ServedHost to, WireCall call) throws IOException {
        String path = NodeRoutes.PREFIX
                + URLEncoder.encode(to.name(), StandardCharsets.UTF_8).replace("+", "%20") + "/" + call.wire();
        try {
            return HttpRequest.newBuilder(URI.create("https://" + to.address() + path));
        } catch (IllegalArgumentException e) {
            throw new IOException(where(to) + " is at no address: '" + to.address() + "'", e);
        }
    }

    private static String where(ServedHost to) {
        return "node '" + to.owner().node() + "' at " + to.address();
    }

    private static String told(int status) {
        return status == 401
                ? " does not know this node: both need the same master key, and clocks that agree"
                : " answers with status " + status;
    }

    /** The innermost words there are. */
    private static String reason(IOException e) {
        String said = e.getClass().getSimpleName();
        for (Throwable at = e; at != null; at = at.getCause()) {
            String words = at.getMessage();
            said = words == null ? said : words;
        }
        return said;
    }

    private synchronized HttpClient client() throws IOException {
        FileTime since = Files.getLastModifiedTime(caFile);
        if (trusting.filter(t -> t.since().equals(since)).isEmpty()) {
            trusting.ifPresent(t -> t.client().shutdown());
            trusting = Optional.of(new Trusting(
                    since,
                    HttpClient.newBuilder()
                            .sslContext(InstallationTrust.context(caFile, domain))
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .proxy(HttpClient.Builder.NO_PROXY)
                            .connectTimeout(CONNECT)
                            .build()));
        }
        return trusting.orElseThrow().client();
    }

    @Override
    public synchronized void close() {
        trusting.ifPresent(t -> t.client().shutdownNow());
    }

    /** The very bytes, which are zeroed afterwards, and no copy of them. */
    private record Lent(byte[] body) implements Flow.Publisher<ByteBuffer> {
        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                private boolean sent;

                @Override
                public void request(long n) {
                    if (!sent) {
                        sent = true;
                        subscriber.onNext(ByteBuffer.wrap(body));
                        subscriber.onComplete();
                    }
                }

                @Override
                public void cancel() {
                    sent = true;
                }
            });
        }
    }
}
