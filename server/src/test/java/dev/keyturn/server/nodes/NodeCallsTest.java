package dev.keyturn.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.host.ServedHost;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseLostException;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.host.remote.HostEndpoint;
import dev.keyturn.host.remote.RemoteHost;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.host.simulated.SqlFaultStore;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.node.SettableClock;
import dev.keyturn.node.TalkativeHost;
import dev.keyturn.server.arm.ArmErrors;
import dev.keyturn.server.http.HttpServer;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.http.Surface;
import dev.keyturn.server.limits.Limits;
import dev.keyturn.server.tls.ServerCertificates;
import dev.keyturn.store.TestDatabase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that calls another one over TLS, and what others get who try. */
final class NodeCallsTest implements Surface {
    static {
        // read once by the client's classes, whichever test uses them first
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    private static final String DOMAIN = "keyturn.localhost";
    private static final LeaseOwner N1 = new LeaseOwner("n1", UUID.randomUUID());
    private static final LeaseOwner N2 = new LeaseOwner("n2", UUID.randomUUID());
    private static final SecretKeySpec KEY = key(1);

    @TempDir
    private Path directory = Path.of("");

    private final SettableClock clock = new SettableClock(Instant.now());
    private final Routes routes = new Routes();
    private final List<Integer> percents = new ArrayList<>();
    private TestDatabase database;
    private TalkativeHost host;
    private HttpServer server;
    private NodeCalls calls;

    private static SecretKeySpec key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    @Override
    public Response handle(Request request) {
        if (routes.match(request.method(), request.path()) instanceof Routes.Match.Found found) {
            return found.handler().handle(request.with(found.variables()));
        }
        return Response.empty(404);
    }

    @Override
    public Response refuse(Request request, DomainError error) {
        return ArmErrors.response(error);
    }

    @BeforeEach
    void start() throws Exception {
        database = TestDatabase.in(Files.createDirectory(directory.resolve("db")), SimulatedTables.MIGRATIONS);
        host = new TalkativeHost(new SimulatedHost(
                "h2",
                Duration.ofSeconds(5),
                database.transactions(),
                new SqlSimulatedMachines(),
                new Faults(database.transactions(), new SqlFaultStore()),
                database.stores().vms(),
                database.stores().artifacts()));
        HostEndpoint endpoint = new HostEndpoint(host, new VitalThreads((_, _) -> {}));
        new NodeRoutes(N2, KEY, clock, name -> name.equals("h2") ? Optional.of(endpoint) : Optional.empty())
                .addTo(routes);
        Path tls = Files.createDirectory(directory.resolve("tls"));
        ServerCertificates certificates = new ServerCertificates(tls, DOMAIN, clock, new SecureRandom());
        HttpServer.Identity identity = certificates.identity();
        server = HttpServer.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Duration.ofSeconds(2), Limits.defaults());
        server.start(_ -> this, identity);
        calls = calls(KEY, DOMAIN);
    }

    @AfterEach
    void stop() {
        calls.close();
        server.close();
        database.close();
    }

    private NodeCalls calls(SecretKeySpec key, String domain) {
        return new NodeCalls(N1, key, directory.resolve("tls/ca.pem"), domain, clock, new SecureRandom());
    }

    private VmHost remote(NodeCalls by) {
        return remote(by, UnaryOperator.identity());
    }

    private VmHost remote(NodeCalls by, UnaryOperator<ServedHost> changed) {
        ServedHost row = changed.apply(
                new ServedHost(host.info(), host.patience(), N2, "127.0.0.1:" + server.port(), clock.instant()));
        return new RemoteHost(
                row.info(), row.patience(), (_, call, request, frames) -> by.carry(row, call, request, frames));
    }

    private static String refused(Runnable call) {
        DomainException e = catchThrowableOfType(DomainException.class, call::run);
        assertThat(e).isNotNull();
        assertThat(e.error()).isInstanceOf(DomainError.Unavailable.class);
        return e.error().info().message();
    }

    @Test
    void questionsAndOrders_goToTheOwner_andItsRefusalsComeBack() {
        VmHost remote = remote(calls);
        UUID vm = UUID.randomUUID();
        assertThat(remote.power(vm)).isEmpty();
        remote.provision(new Fence(5), Optional.of(vm), List.of(), percents::add);
        assertThat(remote.power(vm)).isPresent();
        assertThat(host.power(vm)).isPresent();
        remote.stop(new Fence(6), vm, Duration.ZERO);
        assertThatThrownBy(() -> remote.stop(new Fence(1), vm, Duration.ZERO)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void longOrder_tellsHowFarItIs_whileItIsCarriedOut() {
        CountDownLatch heard = new CountDownLatch(1);
        host.whileFilling = progress -> {
            progress.at(40);
            try {
                heard.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        remote(calls).provision(new Fence(5), Optional.of(UUID.randomUUID()), List.of(), percent -> {
            percents.add(percent);
            heard.countDown();
        });
        assertThat(percents).contains(40);
    }

    @Test
    void nodeWithoutTheInstallationsKey_isNotLetIn() {
        try (NodeCalls stranger = calls(key(2), DOMAIN)) {
            assertThat(refused(() -> remote(stranger).active()))
                    .contains("node 'n2' at 127.0.0.1", "the same master key");
        }
    }

    @Test
    void serverOfAnotherDomain_isNotCalled_evenAtTheRightAddress() {
        try (NodeCalls misled = calls(KEY, "other.localhost")) {
            assertThat(refused(() -> remote(misled).active())).contains("the certificate is not for other.localhost");
        }
    }

    @Test
    void serverOfAnotherInstallation_isNotCalled() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        var _ = new ServerCertificates(other, DOMAIN, clock, new SecureRandom()).identity();
        try (NodeCalls misled = new NodeCalls(N1, KEY, other.resolve("ca.pem"), DOMAIN, clock, new SecureRandom())) {
            assertThat(refused(() -> remote(misled).active())).contains("cannot be reached");
        }
    }

    @Test
    void callMeantForAnotherStartOfTheNode_orAnotherHost_isNotCarriedOut() {
        LeaseOwner earlier = new LeaseOwner("n2", UUID.randomUUID());
        assertThat(refused(() -> remote(
                                calls, h -> new ServedHost(h.info(), h.patience(), earlier, h.address(), h.liveUntil()))
                        .active()))
                .contains("not served by the node that was asked");
        var renamed = new HostInfo("h3", "x", "y");
        assertThat(refused(() -> remote(
                                calls,
                                h -> new ServedHost(renamed, h.patience(), h.owner(), h.address(), h.liveUntil()))
                        .active()))
                .contains("'h3' is not served");
    }

    @Test
    void nobodyAtTheAddress_orNoAddress_isUnavailable_inWords() {
        String there = "127.0.0.1:" + server.port();
        VmHost gone = remote(calls);
        server.close();
        assertThat(refused(gone::active))
                .contains("The host 'h2' is served by another node, which does not answer: node 'n2' at " + there);
        for (String none : List.of("", "127.0.0.1:-2", "a b:1")) {
            VmHost nowhere = remote(calls, h -> new ServedHost(h.info(), h.patience(), h.owner(), none, h.liveUntil()));
            assertThat(refused(nowhere::active)).contains("'n2'", "'" + none + "'");
        }
    }

    @Test
    void whoHasNoSeal_learnsNothing_whateverIsAskedFor() throws Exception {
        byte[] body = {1};
        NodeSeal seal = NodeSeal.of(N1, N2, clock.instant(), new byte[16], body);
        Map<String, String> good = seal.headers(KEY, "h2", "active");
        List<HttpResponse<String>> answers = new ArrayList<>();
        answers.add(post("h2", "active", Map.of(), body));
        answers.add(post("h3", "active", Map.of(), body));
        answers.add(post("h2", "nothing", seal.headers(key(2), "h2", "nothing"), body));
        answers.add(post("h2", "stop", good, body));
        answers.add(post("h3", "active", good, body));
        answers.add(post("h2", "active", changed(good, "keyturn-node-at", "1"), body));
        answers.add(post("h2", "active", changed(good, "keyturn-node-mac", "zz"), body));
        answers.add(post("h2", "active", changed(good, "keyturn-node-from", "n9/" + new UUID(0, 0)), body));
        assertThat(answers).allSatisfy(a -> {
            assertThat(a.statusCode()).isEqualTo(401);
            assertThat(a.body()).isEqualTo(answers.getFirst().body());
        });
        assertThat(post("h2", "active", good, body).statusCode()).isEqualTo(200);
    }

    @Test
    void sealIsGoodOnce_inTime_andForItsBodyAlone() throws Exception {
        byte[] body = {1};
        Map<String, String> once = sealed(1, clock.instant(), body);
        assertThat(post("h2", "active", once, body).statusCode()).isEqualTo(200);
        assertThat(post("h2", "active", once, body).statusCode()).isEqualTo(401);
        assertThat(post("h2", "active", sealed(2, clock.instant(), body), new byte[] {2})
                        .statusCode())
                .isEqualTo(401);
        for (int seconds : new int[] {-61, 61}) {
            assertThat(post("h2", "active", sealed(3, clock.instant().plusSeconds(seconds), body), body)
                            .statusCode())
                    .isEqualTo(401);
        }
        clock.advance(Duration.ofSeconds(61));
        assertThat(post("h2", "active", once, body).statusCode())
                .as("long after, when it is remembered no more")
                .isEqualTo(401);
    }

    private static Map<String, String> sealed(int nonce, Instant at, byte[] body) {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) nonce;
        return NodeSeal.of(N1, N2, at, bytes, body).headers(KEY, "h2", "active");
    }

    private static Map<String, String> changed(Map<String, String> headers, String name, String value) {
        Map<String, String> other = new TreeMap<>(headers);
        other.put(name, value);
        return other;
    }

    private HttpResponse<String> post(String name, String call, Map<String, String> headers, byte[] body)
            throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(InstallationTrust.context(directory.resolve("tls/ca.pem"), DOMAIN))
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("https://127.0.0.1:" + server.port() + NodeRoutes.PREFIX + name + "/" + call))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            headers.forEach(request::header);
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
        }
    }
}
