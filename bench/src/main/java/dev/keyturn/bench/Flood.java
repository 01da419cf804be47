package dev.keyturn.bench;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.cli.client.Trust;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import tools.jackson.databind.node.ObjectNode;

/**
 * What clients without good intentions do to one server on the loopback address, bounded in count and time: they come
 * from loopback addresses other than an ordinary client's, as strangers and as a principal that may make keys in one
 * vault. Thread-safe.
 */
public final class Flood implements AutoCloseable {
    private static final int BODY = 1 << 20;
    private static final int FORM = 16 << 10;

    private final ClientEnv env;
    private final String group;
    private final String vault;
    private final SSLContext tls;
    private final HttpClient client;
    private final String armToken;
    private final String vaultToken;
    private final List<Socket> held = new ArrayList<>();

    /** @param group a resource group with a vault {@code <group>-kv}, to which the principal gets access */
    public static Flood of(Api administrator, String group) throws IOException, InterruptedException {
        return new Flood(administrator, group);
    }

    private Flood(Api administrator, String group) throws IOException, InterruptedException {
        env = administrator.env();
        this.group = group;
        vault = group + "-kv";
        tls = Trust.in(env.caFile());
        client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        String graph = token(env.clientId(), env.clientSecret(), env.server() + "/graph");
        ObjectNode made = post(graph, "/graph/v1.0/applications", "{\"displayName\":\"flood\"}");
        String id = Answer.text(made, "id");
        String secret = Answer.text(
                post(graph, "/graph/v1.0/applications/" + id + "/addPassword", "{\"passwordCredential\":{}}"),
                "secretText");
        String path = "/resourceGroups/" + group;
        grant(administrator, path, "b24988ac-6180-42a0-ab88-20f7382dd24c", id);
        grant(
                administrator,
                path + "/providers/Microsoft.KeyVault/vaults/" + vault,
                "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
                id);
        SecretBytes own = SecretBytes.adopt(secret.getBytes(StandardCharsets.UTF_8));
        String appId = Answer.text(made, "appId");
        armToken = token(appId, own, env.server() + "/arm");
        String host = env.vaultHost(vault);
        vaultToken = token(appId, own, "https://" + host.substring(host.indexOf('.') + 1));
    }

    /** Holds one byte back on so many connections: a third as strangers at a vault, at the token endpoint, a third known. */
    public int hold(int count) {
        int held = 0;
        for (int i = 0; i < count; i++) {
            try {
                Socket socket = switch (i % 3) {
                    case 0 ->
                        send(
                                2,
                                head("POST", env.vaultHost(vault), "/keys/x/create?api-version=7.5", "", BODY),
                                BODY - 1);
                    case 1 -> send(2, head("POST", server(), "/adfs/oauth2/token", "", FORM), FORM - 1);
                    default ->
                        send(
                                2,
                                head(
                                        "PUT",
                                        server(),
                                        "/subscriptions/" + env.subscription() + "/resourceGroups/" + group
                                                + "?api-version=2022-09-01",
                                        armToken,
                                        BODY),
                                BODY - 1);
                };
                synchronized (this.held) {
                    this.held.add(socket);
                }
                held++;
            } catch (IOException e) {
                // refused, which is what it is about
            }
        }
        return held;
    }

    /** Asks for keys that take long and hangs up at once. */
    public void abandonKeys(int count) {
        byte[] body = "{\"kty\":\"RSA\",\"key_size\":4096}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < count; i++) {
            String head = head(
                    "POST",
                    env.vaultHost(vault),
                    "/keys/flood" + i + "/create?api-version=7.5",
                    vaultToken,
                    body.length);
            try (Socket socket = send(4, head, 0)) {
                socket.getOutputStream().write(body);
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // refused
            }
        }
    }

    /** As many requests without a token as fit, up to {@code perSecond}, over a few connections; how many were answered. */
    public int strangers(int perSecond, Duration time) throws InterruptedException {
        int connections = 8;
        AtomicInteger answered = new AtomicInteger();
        long end = System.nanoTime() + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            long step = 1_000_000_000L * connections / perSecond;
            threads.add(Thread.ofPlatform().start(() -> ask(step, end, answered)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return answered.get();
    }

    /**
     * Shakes hands in full and hangs up, again and again, from so many addresses, one connection at a time from each; how
     * many handshakes were done.
     */
    public int handshakes(int addresses, Duration time) throws InterruptedException {
        AtomicInteger done = new AtomicInteger();
        long end = System.nanoTime() + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < addresses; i++) {
            int from = 10 + i;
            threads.add(Thread.ofPlatform().start(() -> {
                while (System.nanoTime() < end) {
                    try (SSLSocket socket = connect(from)) {
                        socket.getSession().invalidate(); // so that the next is a full one too
                        done.incrementAndGet();
                    } catch (IOException e) {
                        // refused, which is what it is about
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return done.get();
    }

    private void ask(long step, long end, AtomicInteger answered) {
        List<String> requests = List.of(
                head("GET", env.vaultHost(vault), "/keys?api-version=7.5", "", 0),
                head("GET", server(), "/readyz", "", 0),
                head("GET", server(), "/subscriptions?api-version=2022-12-01", "bad", 0),
                head("POST", server(), "/adfs/oauth2/token", "", 0));
        long next = System.nanoTime();
        int n = 0;
        while (System.nanoTime() < end) {
            try (SSLSocket socket = connect(3)) {
                while (System.nanoTime() < end) {
                    socket.getOutputStream()
                            .write(requests.get(n++ % requests.size()).getBytes(StandardCharsets.US_ASCII));
                    readAnswer(socket);
                    answered.incrementAndGet();
                    next = Math.max(next + step, System.nanoTime() - step);
                    java.util.concurrent.locks.LockSupport.parkNanos(next - System.nanoTime());
                }
            } catch (IOException e) {
                // hung up on; the next connection goes on
            }
        }
    }

    private static void readAnswer(SSLSocket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("ended");
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ") + "content-length: ".length();
        socket.getInputStream().readNBytes(Integer.parseInt(lower.substring(at, lower.indexOf('\r', at))));
    }

    private Socket send(int from, String head, int bytes) throws IOException {
        SSLSocket socket = connect(from);
        try {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[bytes]);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // the answer came first
        }
        return socket;
    }

    private SSLSocket connect(int from) throws IOException {
        Socket below = new Socket();
        below.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) from}), 0));
        below.connect(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                env.server().getPort()));
        below.setSoTimeout(20_000);
        SSLSocket socket = (SSLSocket)
                tls.getSocketFactory().createSocket(below, env.server().getHost(), below.getPort(), true);
        socket.startHandshake();
        return socket;
    }

    private String server() {
        return env.server().getAuthority();
    }

    private static String head(String method, String host, String target, String token, int length) {
        return method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\n"
                + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "Content-Length: " + length
                + "\r\n\r\n";
    }

    private static void grant(Api administrator, String scope, String role, String principal) {
        administrator.arm(
                "PUT",
                scope + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                "2022-04-01",
                Optional.of(Json.parseObject("""
                {"properties":{"roleDefinitionId":"/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s",
                "principalId":"%s","principalType":"ServicePrincipal"}}""".formatted(administrator.env().subscription(), role, principal))));
    }

    private String token(String id, SecretBytes secret, String resource) throws IOException, InterruptedException {
        String form = secret.reveal(bytes -> "grant_type=client_credentials&client_id=" + id + "&client_secret="
                + URLEncoder.encode(new String(bytes, StandardCharsets.UTF_8), StandardCharsets.UTF_8) + "&scope="
                + URLEncoder.encode(resource + "/.default", StandardCharsets.UTF_8));
        return Answer.text(
                send(HttpRequest.newBuilder(URI.create(env.server() + "/" + env.tenant() + "/oauth2/v2.0/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))),
                "access_token");
    }

    private ObjectNode post(String token, String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(env.server() + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private ObjectNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                client.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 300) {
            throw new IOException("the server answered " + answer.statusCode() + " "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return Json.parseObject(answer.body());
    }

    /** Lets go of the connections that are held. */
    @Override
    public void close() {
        synchronized (held) {
            for (Socket socket : held) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // gone already
                }
            }
            held.clear();
        }
        client.shutdownNow();
    }
}
