package dev.keyturn.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.server.limits.Limits;
import dev.keyturn.server.tls.ServerCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerWatchTest {
    private static final Duration OFTEN = Duration.ofMillis(1);
    /** Of a probe that gets no answer however long it waits. */
    private static final Duration SOON = Duration.ofMillis(50);

    private static final Duration LATE = Duration.ofSeconds(30);

    private final LinkedBlockingQueue<String> deaths = new LinkedBlockingQueue<>();
    private final VitalThreads vital = new VitalThreads(
            (thread, cause) -> deaths.add(thread + ": " + cause.getClass().getSimpleName()));

    @Test
    void listenerThatIsSilentForLong_endsTheProcess_andAnAnswerBetweenStartsTheCountAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        int once = ListenerWatch.MOST_SILENT; // one call before it would be over
        try (ListenerWatch watch = new ListenerWatch(() -> calls.incrementAndGet() == once, OFTEN, vital)) {
            watch.start();
            assertThat(deaths.poll(60, TimeUnit.SECONDS)).isEqualTo("listener watch: IllegalStateException");
            assertThat(calls).hasValue(once + ListenerWatch.MOST_SILENT);
            assertThat(watch.silent()).isEqualTo(ListenerWatch.MOST_SILENT);
        }
    }

    @Test
    void probe_isAnswered_byAServer_andByOneThatClosesAtOnce(@TempDir Path dir) throws Exception {
        ServerCertificates certificates =
                new ServerCertificates(dir, "keyturn.localhost", Clock.systemUTC(), new SecureRandom());
        HttpServer.Identity identity = certificates.identity();
        List<java.security.cert.Certificate> trusted = List.of(identity.keys().getCertificateChain("server"));
        InetSocketAddress any = new InetSocketAddress("0.0.0.0", 0);
        try (HttpServer server = HttpServer.bind(any, Duration.ofSeconds(2), Limits.defaults())) {
            server.start(
                    _ -> {
                        throw new IllegalStateException("nothing is asked");
                    },
                    identity);
            InetSocketAddress bound = new InetSocketAddress("0.0.0.0", server.port());
            assertThat(new ListenerProbe(bound, LATE).answers(trusted)).isTrue();
            assertThat(new ListenerProbe(bound, LATE).answers(List.of()))
                    .as("a handshake that fails")
                    .isTrue();

            server.handshakes()
                    .places
                    .free
                    .acquire(server.handshakes().places.free.availablePermits());
            assertThat(new ListenerProbe(bound, SOON).answers(trusted))
                    .as("handshakes hang")
                    .isFalse();
            server.handshakes().places.free.release();
        }
        try (ServerSocket full = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread closing = Thread.startVirtualThread(() -> {
                try (Socket socket = full.accept()) {
                    deaths.add("closed " + socket.isConnected());
                } catch (java.io.IOException e) {
                    deaths.add(e.toString());
                }
            });
            assertThat(new ListenerProbe((InetSocketAddress) full.getLocalSocketAddress(), LATE).answers(trusted))
                    .isTrue();
            closing.join();
            assertThat(deaths).containsExactly("closed true");
        }
    }

    @Test
    void probe_isNotAnswered_whereNobodyAccepts_orNobodyListens() throws Exception {
        InetSocketAddress gone;
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            gone = (InetSocketAddress) silent.getLocalSocketAddress();
            assertThat(new ListenerProbe(gone, SOON).answers(List.of())).isFalse();
        }
        assertThat(new ListenerProbe(gone, LATE).answers(List.of())).isFalse();
    }
}
