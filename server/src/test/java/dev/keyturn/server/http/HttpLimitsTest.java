package dev.keyturn.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.Errand;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ArmErrors;
import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import dev.keyturn.server.tls.ServerCertificates;
import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The listener with small limits and much time, and one that is strict about time, spoken to byte by byte. Below {@code /known} the caller is known. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpLimitsTest implements Surface {
    private static final int CONNECTIONS = 40;

    private final List<Socket> sockets = new ArrayList<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Map<Socket, Socket> plain = new HashMap<>();
    private volatile CountDownLatch released = new CountDownLatch(1);
    private HttpServer roomy;
    private HttpServer strict;
    private HttpServer rare;
    private HttpServer server;
    private SSLContext trust;

    @Override
    public Response handle(Request request) {
        if (request.path().equals("/guarded")) {
            throw new DomainError.Unauthenticated(ErrorInfo.of("AuthenticationFailed", "Who is it?")).asException();
        }
        if (request.path().startsWith("/known")) {
            request.arrival().admit(request.query("as").orElse("somebody"));
        }
        return switch (request.path()) {
            case "/known/wait" -> {
                try (Errand.Watch _ = Errand.current().orElseThrow().whenAbandoned(() -> events.add("hung up"))) {
                    events.add("waiting");
                    await();
                }
                yield Response.ok(Json.object().put("waited", true));
            }
            case "/known/watched" -> {
                try (Errand.Watch _ = Errand.current().orElseThrow().whenAbandoned(() -> events.add("hung up"))) {
                    events.add("watched");
                }
                yield Response.ok(Json.object().put("watched", true));
            }
            case "/large" -> Response.text(200, "text/plain", "x".repeat(8 << 20));
            default ->
                Response.ok(Json.object()
                        .put("address", request.arrival().address())
                        .put("length", request.body().length));
        };
    }

    private void await() {
        try {
            assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Response refuse(Request request, DomainError error) {
        return ArmErrors.response(error);
    }

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        ServerCertificates certificates =
                new ServerCertificates(dir, "keyturn.localhost", Clock.systemUTC(), new SecureRandom());
        Limits limits = Limits.defaults()
                .with(Limit.CONNECTIONS, CONNECTIONS)
                .with(Limit.CONNECTIONS_PER_ADDRESS, CONNECTIONS)
                .with(Limit.NEW_CONNECTIONS_PER_ADDRESS, 10_000_000)
                .with(Limit.HANDSHAKES, 1)
                .with(Limit.HEAD_SECONDS, 60)
                .with(Limit.GRACE_SECONDS, 60)
                .with(Limit.BYTES_PER_SECOND, 1 << 30)
                .with(Limit.BODY_MEMORY, 3 << 20)
                .with(Limit.BODY_MEMORY_PER_PRINCIPAL, 1 << 20)
                .with(Limit.OPEN_BODIES, 1)
                .with(Limit.REQUESTS_PER_PRINCIPAL, 2);
        roomy = listen(limits, certificates);
        strict = listen(limits.with(Limit.HEAD_SECONDS, 1).with(Limit.GRACE_SECONDS, 1), certificates);
        rare = listen(
                limits.with(Limit.CONNECTIONS_PER_ADDRESS, 3).with(Limit.NEW_CONNECTIONS_PER_ADDRESS, 1), certificates);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificates.caFile())) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(store);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
    }

    private HttpServer listen(Limits limits, ServerCertificates certificates) throws IOException {
        HttpServer out = HttpServer.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Duration.ofSeconds(10), limits);
        out.start(_ -> this, certificates.identity());
        return out;
    }

    @BeforeEach
    void again() {
        server = roomy;
        events.clear();
        released = new CountDownLatch(1);
    }

    @AfterEach
    void hangUp() throws IOException {
        released.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @AfterAll
    void stop() {
        released.countDown();
        roomy.close();
        strict.close();
        rare.close();
    }

    @Test
    void unauthenticatedRequest_isAnsweredFromItsHead_howeverLongItsBodySaysItIs() throws Exception {
        for (String more : List.of("Content-Length: 900000\r\n", "Transfer-Encoding: chunked\r\n")) {
            SSLSocket socket = send("POST /guarded HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
            assertThat(line(socket)).contains(" 401 ");
        }
    }

    @Test
    void unauthenticatedRequest_thatExpectsToBeAskedForItsBody_isNotAsked() throws Exception {
        SSLSocket socket = send(
                "POST /guarded HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\nExpect: 100-continue\r\n\r\n");
        assertThat(rest(socket)).startsWith("HTTP/1.1 401").doesNotContain("100 Continue");
    }

    @Test
    void knownCaller_thatExpectsToBeAskedForItsBody_isAsked() throws Exception {
        SSLSocket socket =
                send("POST /known HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        assertThat(line(socket)).contains(" 100 ");
        write(socket, "abc");
        assertThat(until(socket, "\"length\":3")).contains(" 200 ");
    }

    @Test
    void bodyOfACallerWithoutAToken_isSmall() throws Exception {
        assertThat(line(send(post("/", Arrival.OPEN_BODY + 1)))).contains(" 413 ");
        assertThat(line(send(post("/", Arrival.OPEN_BODY) + "x".repeat(Arrival.OPEN_BODY))))
                .contains(" 200 ");
        assertThat(line(send(post("/known", Arrival.OPEN_BODY + 1) + "x".repeat(Arrival.OPEN_BODY + 1))))
                .contains(" 200 ");
    }

    @Test
    void bodiesOfCallersWithoutAToken_areReadAFewAtATime() throws Exception {
        SSLSocket first = send(post("/", 2) + "x");
        String second;
        do { // until the first is being read
            second = line(send(post("/", 1) + "x"));
        } while (second.contains(" 200 "));
        assertThat(second).contains(" 503 ");
        assertThat(line(send(post("/known", 1) + "x"))).contains(" 200 ");
        write(first, "x");
        assertThat(line(first)).contains(" 200 ");
    }

    @Test
    void bodyThatTrickles_is408_andTheConnectionEnds() throws Exception {
        server = strict;
        SSLSocket socket = send(post("/known", 10) + "x");
        String answer = rest(socket);
        assertThat(answer).startsWith("HTTP/1.1 408").contains("RequestTimeout");
        assertThat(line(send(post("/known", 1) + "x"))).contains(" 200 ");
    }

    @Test
    void bodiesBeyondTheBudget_are503_untilThereIsRoomAgain() throws Exception {
        SSLSocket first = send(post("/known?as=ann", 900_000) + "x".repeat(899_999));
        send(post("/known?as=bob", 900_000) + "x".repeat(899_999));
        send(post("/known?as=cee", 900_000) + "x".repeat(899_999));
        String fourth;
        do { // until they have what they hold
            fourth = until(send(post("/known?as=dan", 600_000) + "x".repeat(600_000)), "\r\n\r\n");
        } while (fourth.contains(" 200 "));
        assertThat(fourth).startsWith("HTTP/1.1 503").contains("Retry-After: ");
        assertThat(line(send(post("/known?as=dan", 1000) + "x".repeat(1000))))
                .as("little fits")
                .contains(" 200 ");
        write(first, "x");
        assertThat(until(first, "\"length\":900000")).contains(" 200 ");
        assertThat(line(send(post("/known?as=dan", 600_000) + "x".repeat(600_000))))
                .contains(" 200 ");
    }

    @Test
    void bodiesOfOnePrincipalBeyondItsShare_are429_andThereIsRoomForAnothers() throws Exception {
        SSLSocket first = send(post("/known?as=ann", 900_000) + "x".repeat(899_999));
        String second;
        do { // until the first has what it holds
            second = until(send(post("/known?as=ann", 300_000) + "x".repeat(300_000)), "\r\n\r\n");
        } while (second.contains(" 200 "));
        assertThat(second).startsWith("HTTP/1.1 429").contains("Retry-After: 1");
        assertThat(line(send(post("/known?as=bob", 900_000) + "x".repeat(900_000))))
                .contains(" 200 ");
        write(first, "x");
        assertThat(until(first, "\"length\":900000")).contains(" 200 ");
        assertThat(line(send(post("/known?as=ann", 300_000) + "x".repeat(300_000))))
                .contains(" 200 ");
    }

    @Test
    void requestsOfOnePrincipalBeyondItsShare_are429_andAnothersAreNot() throws Exception {
        send(post("/known?as=ann", 2) + "x");
        send(post("/known?as=ann", 2) + "x");
        String third;
        do { // until both are being read
            third = until(send(post("/known?as=ann", 1) + "x"), "\r\n\r\n");
        } while (third.contains(" 200 "));
        assertThat(third).startsWith("HTTP/1.1 429").contains("Retry-After: 1");
        assertThat(line(send(post("/known?as=bob", 1) + "x"))).contains(" 200 ");
    }

    @Test
    void connectionBeyondTheBound_isClosedBeforeTheHandshake_untilAnotherEnds() throws Exception {
        SSLSocket first = send(post("/known", 1) + "x");
        Socket tooMany = new Socket();
        for (int i = 0; i < CONNECTIONS; i++) {
            tooMany = new Socket(InetAddress.getLoopbackAddress(), server.port());
            sockets.add(tooMany);
        }
        tooMany.setSoTimeout(10_000);
        assertThat(end(tooMany)).as("no handshake, no waiting").isTrue();
        assertThat(line(first)).contains(" 200 ");
        for (Socket socket : sockets) {
            socket.close();
        }
        assertThat(line(send(post("/known", 1) + "x"))).contains(" 200 ");
    }

    @Test
    void addressThatOpensConnectionsOneAfterAnother_isHungUpOnBeforeTheHandshake_andAnotherIsNot() throws Exception {
        server = rare;
        for (int i = 0; i < 3; i++) {
            try (SSLSocket socket = send(post("/known", 1) + "x")) {
                assertThat(line(socket)).contains(" 200 ");
            }
        }
        Socket tooSoon = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(tooSoon);
        tooSoon.setSoTimeout(10_000);
        assertThat(end(tooSoon)).as("no handshake, no waiting").isTrue();
        Socket other = new Socket();
        sockets.add(other);
        other.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
        other.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        other.setSoTimeout(10_000);
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(other, "localhost", server.port(), true);
        write(socket, post("/known", 1) + "x");
        assertThat(line(socket)).contains(" 200 ");
    }

    @Test
    void handshakesThatWaitForTheirTurn_keepNobodyWaiting_whoseConnectionIsOpen() throws Exception {
        SSLSocket open = send(post("/known", 1) + "x");
        assertThat(until(open, "\"length\":1}")).contains(" 200 ");
        List<SSLSocket> begun = new ArrayList<>();
        server.handshakes().places.free.acquire();
        try {
            for (int i = 0; i < CONNECTIONS / 2; i++) { // more than the listener has threads
                Socket below = new Socket(InetAddress.getLoopbackAddress(), server.port());
                sockets.add(below);
                below.setSoTimeout(10_000);
                SSLSocket socket =
                        (SSLSocket) trust.getSocketFactory().createSocket(below, "localhost", server.port(), true);
                begun.add(socket);
                Thread.startVirtualThread(() -> {
                    try {
                        socket.startHandshake();
                        events.add("shaken");
                    } catch (IOException e) {
                        events.add(e.toString());
                    }
                });
            }
            Eventually.holds(
                    "not all wait",
                    Duration.ofSeconds(10),
                    () -> server.handshakes().places.waiting() >= begun.size());
            write(open, post("/known", 1) + "x");
            assertThat(until(open, "\"length\":1}")).contains(" 200 ");
            assertThat(events).isEmpty();
        } finally {
            server.handshakes().places.free.release();
        }
        for (int i = 0; i < begun.size(); i++) {
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("shaken");
        }
    }

    @Test
    void clientThatComesAgain_resumesItsSession() throws Exception {
        SSLSocket first = send(post("/known", 1) + "x");
        assertThat(until(first, "\"length\":1}")).contains(" 200 ");
        long made = first.getSession().getCreationTime();
        for (int i = 0; i < 3; i++) {
            SSLSocket again = send(post("/known", 1) + "x");
            assertThat(until(again, "\"length\":1}")).contains(" 200 ");
            assertThat(again.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(again.getSession().getCreationTime()).isEqualTo(made);
        }
    }

    @Test
    void connectionThatSaysNothing_andOneThatIsSlowToSayIt_areClosed() throws Exception {
        server = strict;
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(silent);
        silent.setSoTimeout(10_000);
        SSLSocket slow = send("GET / HTTP/1.1\r\nHost: loc");
        assertThat(end(silent)).isTrue();
        assertThat(end(slow)).isTrue();
    }

    @Test
    void connectionOfAKnownCaller_mayBeSilentForLonger() throws Exception {
        server = strict;
        SSLSocket known = send(post("/known", 1) + "x");
        assertThat(until(known, "\"length\":1}")).contains("\"address\":\"127.0.0.1\"");
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(silent);
        silent.setSoTimeout(10_000);
        assertThat(end(silent)).as("the time of a stranger is over").isTrue();
        write(known, post("/known", 1) + "x");
        assertThat(line(known)).contains(" 200 ");
    }

    @Test
    void answerThatIsNotTaken_isGivenUp() throws Exception {
        server = strict;
        SSLSocket socket = send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(line(socket)).contains(" 200 ");
        Eventually.holds("it is kept open", Duration.ofSeconds(10), () -> server.connections() == 0);
    }

    @Test
    void hangUp_isNoticedWhileARequestWaits() throws Exception {
        SSLSocket socket = send("GET /known/wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("waiting");
        socket.close();
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("hung up");
    }

    @Test
    void abruptHangUp_isNoticedToo() throws Exception {
        SSLSocket socket = send("GET /known/wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("waiting");
        Socket below = Optional.ofNullable(plain.get(socket)).orElseThrow();
        below.setSoLinger(true, 0);
        below.close();
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("hung up");
    }

    @Test
    void requestThatFollowsAWaitingOne_isNoHangUp_andIsAnswered() throws Exception {
        SSLSocket socket = send("GET /known/wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("waiting");
        write(socket, post("/known", 1) + "x");
        assertThat(line(send(post("/known", 1) + "x"))).contains(" 200 ");
        released.countDown();
        assertThat(until(socket, "\"waited\":true}")).contains(" 200 ");
        assertThat(until(socket, "\"length\":1}")).contains(" 200 ");
        assertThat(events).isEmpty();
    }

    @Test
    void watch_losesNoRequestThatFollows() throws Exception {
        String get = "GET /known/watched HTTP/1.1\r\nHost: localhost\r\n\r\n";
        SSLSocket socket = send(get);
        assertThat(until(socket, "true}")).contains(" 200 ");
        write(socket, get + get + get);
        for (int i = 0; i < 3; i++) {
            assertThat(until(socket, "true}")).contains(" 200 ");
        }
        assertThat(events).hasSize(4).containsOnly("watched");
    }

    private static String post(String target, int length) {
        return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /** Tries again where a connection is refused: those that were closed may not have left yet. */
    private SSLSocket send(String request) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            Socket below = new Socket(InetAddress.getLoopbackAddress(), server.port());
            sockets.add(below);
            try {
                below.setSoTimeout(10_000);
                SSLSocket socket =
                        (SSLSocket) trust.getSocketFactory().createSocket(below, "localhost", server.port(), true);
                socket.startHandshake();
                plain.put(socket, below);
                write(socket, request);
                return socket;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private static void write(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    /** The next line of the answer. */
    private static String line(SSLSocket socket) throws IOException {
        return until(socket, "\r\n");
    }

    /** What comes up to and with {@code end}, and nothing of what is behind it. */
    private static String until(SSLSocket socket, String end) throws IOException {
        StringBuilder out = new StringBuilder();
        while (out.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the connection ended after '" + out + "'");
            }
            out.append((char) next);
        }
        return out.toString();
    }

    private static String rest(SSLSocket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    private static boolean end(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }
}
