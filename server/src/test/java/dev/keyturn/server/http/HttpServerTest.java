package dev.keyturn.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import dev.keyturn.node.SettableClock;
import dev.keyturn.server.arm.ArmErrors;
import dev.keyturn.server.limits.Limits;
import dev.keyturn.server.tls.ServerCertificates;
import dev.keyturn.testing.Eventually;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener alone, spoken to byte by byte. */
class HttpServerTest implements Surface {
    private final SettableClock clock = new SettableClock(Instant.now().minus(Duration.ofDays(62)));
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private HttpServer server;
    private ServerCertificates certificates;
    private SSLContext trust;

    @Override
    public Response handle(Request request) {
        request.arrival().admit("somebody");
        return switch (request.path()) {
            case "/bug" -> throw new IllegalStateException("the secret is hunter2");
            case "/fields" ->
                throw new BadBodyException(List.of(
                        new BadBodyException.Problem("a", "'a' is required."),
                        new BadBodyException.Problem("b.c", "'b.c' must be a string.")));
            case "/slow" -> {
                entered.countDown();
                try {
                    assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                yield Response.ok(Json.object().put("slow", true));
            }
            default ->
                Response.ok(Json.object()
                        .put("path", request.path())
                        .put("authority", request.authority())
                        .put("length", request.body().length)
                        .put("virtual", Thread.currentThread().isVirtual()));
        };
    }

    @Override
    public Response refuse(Request request, DomainError error) {
        return ArmErrors.response(error);
    }

    @BeforeEach
    void start(@TempDir Path dir) throws Exception {
        certificates = new ServerCertificates(dir, "keyturn.localhost", clock, new SecureRandom());
        HttpServer.Identity identity = certificates.identity();
        server = HttpServer.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Duration.ofSeconds(10), Limits.defaults());
        server.start(_ -> this, identity);
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

    @AfterEach
    void stop() {
        released.countDown();
        server.close();
    }

    @Test
    void request_isReadAsSent_onAVirtualThread() throws Exception {
        String answer = say("POST //a%20b//c/ HTTP/1.1\r\nHost: V.Vault.Keyturn.localhost:9\r\nContent-Length: 3\r\n"
                + "Connection: close\r\n\r\nabc");
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("\"path\":\"/a b/c\"")
                .contains("\"authority\":\"v.vault.keyturn.localhost:9\"")
                .contains("\"length\":3")
                .contains("\"virtual\":true");
    }

    @Test
    void bug_tellsTheClientARequestIdAndNothingElse() throws Exception {
        String answer = say(get("/bug"));
        assertThat(answer).startsWith("HTTP/1.1 500").contains("InternalServerError");
        String id = answer.replaceAll("(?s).*x-ms-request-id: ([0-9a-f-]{36}).*", "$1");
        assertThat(answer.substring(answer.indexOf("\r\n\r\n"))).contains(id);
        assertThat(answer)
                .doesNotContain("hunter2")
                .doesNotContain("IllegalState")
                .doesNotContain("at dev.");
    }

    @Test
    void badBody_namesEveryField() throws Exception {
        assertThat(say(get("/fields")))
                .startsWith("HTTP/1.1 400")
                .contains("\"target\":\"a\"")
                .contains("\"target\":\"b.c\"");
    }

    @Test
    void endlessBody_isCutOffAtTheBound() throws Exception {
        StringBuilder request = new StringBuilder(
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        String chunk = "x".repeat(0x8000);
        for (int i = 0; i < HttpServer.MAX_BODY / 0x8000 + 1; i++) {
            request.append("8000\r\n").append(chunk).append("\r\n");
        }
        assertThat(say(request.append("0\r\n\r\n").toString())).startsWith("HTTP/1.1 413");
    }

    @Test
    void brokenBody_is400_andACutOneIsNobodysFault() throws Exception {
        String head = "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        assertThat(say(head + "zz\r\nabc\r\n0\r\n\r\n")).startsWith("HTTP/1.1 400");
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc"
                            .getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(say(get("/"))).startsWith("HTTP/1.1 200");
    }

    @Test
    void brokenRequests_areRefusedInJson() throws Exception {
        assertThat(say("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400").doesNotContain("<html");
        assertThat(say("GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(say("GET / HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .doesNotContain("<script>");
        assertThat(say("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 414")
                .contains("\"error\"");
    }

    @Test
    void headersThatDecide_areThereOnce() throws Exception {
        String end = "Connection: close\r\n\r\n";
        for (String header : List.of("If-Match", "If-None-Match", "Authorization", "Host")) {
            String other = header.toUpperCase(java.util.Locale.ROOT) + ": b\r\n";
            String host = header.equals("Host") ? "" : "Host: localhost\r\n";
            String twice = say("GET /ok HTTP/1.1\r\n" + host + header + ": a\r\n" + other + end);
            assertThat(twice).as(header).startsWith("HTTP/1.1 400").contains("\"error\"");
            if (!header.equals("Host")) {
                assertThat(twice).contains("InvalidHeaderValue", "more than once");
                assertThat(say("GET /ok HTTP/1.1\r\n" + host + header + ": a\r\n" + end))
                        .as(header)
                        .doesNotStartWith("HTTP/1.1 400");
            }
        }
        assertThat(say("GET /ok HTTP/1.1\r\nHost: localhost\r\nAccept: a\r\nAccept: b\r\n" + end))
                .doesNotStartWith("HTTP/1.1 400");
    }

    @Test
    void replace_showsTheNewCertificateToTheNextConnection_andKeepsOpenOnes() throws Exception {
        try (SSLSocket open = connect()) {
            X509Certificate first = peer(open);
            clock.advance(Duration.ofDays(61));
            server.replace(certificates.renewed().orElseThrow());

            open.getOutputStream().write(get("/").getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(open.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200");
            try (SSLSocket next = connect()) {
                assertThat(peer(next).getSerialNumber()).isNotEqualTo(first.getSerialNumber());
            }
        }
    }

    @Test
    void close_waitsForRequestsUnderWay() throws Exception {
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return say(get("/slow"));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close, Thread::startVirtualThread);
        awaitClosing();
        assertThat(answer).isNotDone();
        released.countDown();
        assertThat(answer.get(10, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200").contains("\"slow\":true");
        closing.get(10, TimeUnit.SECONDS);
    }

    private void awaitClosing() {
        Eventually.holds("it does not close", Duration.ofSeconds(10), () -> server.closing());
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    private SSLSocket connect() throws Exception {
        SSLSocket socket =
                (SSLSocket) trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    private static X509Certificate peer(SSLSocket socket) throws Exception {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private String say(String request) throws Exception {
        try (SSLSocket socket = connect()) {
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
            } catch (java.io.IOException e) {
                // the server may hang up on a request that it refuses before all of it was sent
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
