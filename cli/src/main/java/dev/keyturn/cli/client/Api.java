package dev.keyturn.cli.client;

import dev.keyturn.cli.CliException;
import dev.keyturn.json.Json;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The server's API as a client sees it. Every answer that is not a success is thrown as {@link RefusedException}.
 * Thread-safe.
 */
public final class Api implements AutoCloseable {
    static final String KEYS_VERSION = "7.5";
    private static final Duration FIRST_POLL = Duration.ofMillis(40);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

    private final ClientEnv env;
    private final Transport transport;
    private final SignIn signIn;

    public Api(ClientEnv env) {
        this.env = env;
        this.transport = new Transport(env);
        this.signIn = new SignIn(transport, env, Clock.systemUTC());
    }

    public ClientEnv env() {
        return env;
    }

    /** The object id of who is signed in, as the token says. */
    public String principal() {
        String payload = signIn.bearer(env.armResource()).split("\\.")[1];
        return Answer.text(Json.parseObject(Base64.getUrlDecoder().decode(payload)), "oid");
    }

    /** A request to Azure Resource Manager; {@code path} begins below the subscription with a slash. */
    public Answer arm(String method, String path, String version, Optional<ObjectNode> body) {
        return send(
                method, env.server() + "/subscriptions/" + env.subscription() + path, version, body, env.armResource());
    }

    /** A request to a path of ours that is below no subscription. */
    public Answer own(String method, String path, Optional<ObjectNode> body) {
        return send(method, env.server() + path, "2024-07-01", body, env.armResource());
    }

    /** A request to the keys of a vault or managed HSM; {@code host} with its port, {@code path} with a slash. */
    public Answer keys(String method, String host, String path, Optional<ObjectNode> body) {
        String resource = "https://" + host.substring(host.indexOf('.') + 1);
        return send(method, "https://" + host + path, KEYS_VERSION, body, resource);
    }

    /** Does the request and waits until its operation has ended; the answer is the resource as it is then. */
    public Answer armToEnd(String method, String path, String version, Optional<ObjectNode> body) {
        return armToEnd(method, path, version, body, _ -> {});
    }

    /** As above; {@code percent} hears how far the operation is, where the server says so. */
    public Answer armToEnd(String method, String path, String version, Optional<ObjectNode> body, IntConsumer percent) {
        Answer begun = arm(method, path, version, body);
        Optional<String> operation = begun.operation();
        if (operation.isEmpty()) {
            return begun;
        }
        await(operation.get(), percent);
        return method.equals("PUT") || method.equals("PATCH") ? arm("GET", path, version, Optional.empty()) : begun;
    }

    /** All elements of a list, over all its pages. */
    public List<JsonNode> list(String path, String version) {
        List<JsonNode> all = new ArrayList<>();
        Answer page = arm("GET", path, version, Optional.empty());
        while (true) {
            Answer.at(page.body(), "value").ifPresent(v -> v.forEach(all::add));
            String next = page.text("nextLink");
            if (next.isEmpty()) {
                return all;
            }
            page = sendTo("GET", next, Optional.empty(), env.armResource());
        }
    }

    /** Gives each element of a list at a path of ours, over all its pages. */
    public void ownPages(String path, Consumer<JsonNode> each) {
        Answer page = own("GET", path, Optional.empty());
        while (true) {
            Answer.at(page.body(), "value").ifPresent(v -> v.forEach(each));
            String next = page.text("nextLink");
            if (next.isEmpty()) {
                return;
            }
            page = sendTo("GET", next, Optional.empty(), env.armResource());
        }
    }

    /** What is at an address that needs no token. */
    public byte[] download(String url) {
        return transport.bytes(Transport.to(url).GET().build());
    }

    /** Asks again and again, once in a while, until there is an answer; empty where there is none within the limit. */
    public static <T> Optional<T> poll(Duration limit, Supplier<Optional<T>> ask) {
        long begin = System.nanoTime();
        Optional<T> answer = ask.get();
        while (answer.isEmpty() && System.nanoTime() - begin < limit.toNanos()) {
            pause(LONGEST_POLL.dividedBy(2));
            answer = ask.get();
        }
        return answer;
    }

    private void await(String operation, IntConsumer percent) {
        Duration wait = FIRST_POLL;
        while (true) {
            Answer poll = sendTo("GET", operation, Optional.empty(), env.armResource());
            Answer.at(poll.body(), "percentComplete").ifPresent(p -> percent.accept(p.intValue()));
            String status = poll.text("status");
            if (status.equals("Succeeded")) {
                return;
            }
            if (!status.equals("InProgress")) {
                JsonNode error = Answer.at(poll.body(), "error").orElseGet(Json::object);
                throw new RefusedException(poll.status(), RefusedException.Refusal.of(error));
            }
            pause(wait);
            wait = wait.multipliedBy(3).dividedBy(2);
            wait = wait.compareTo(LONGEST_POLL) > 0 ? LONGEST_POLL : wait;
        }
    }

    private Answer send(String method, String url, String version, Optional<ObjectNode> body, String resource) {
        String separator = url.contains("?") ? "&" : "?";
        return sendTo(method, url + separator + "api-version=" + version, body, resource);
    }

    private Answer sendTo(String method, String url, Optional<ObjectNode> body, String resource) {
        HttpRequest.Builder request = Transport.to(url).header("Authorization", signIn.bearer(resource));
        body.ifPresent(_ -> request.header("Content-Type", "application/json"));
        Answer answer = transport.send(request.method(
                        method,
                        body.map(b -> HttpRequest.BodyPublishers.ofByteArray(Json.bytes(b)))
                                .orElseGet(HttpRequest.BodyPublishers::noBody))
                .build());
        if (answer.status() >= 400) {
            throw Transport.refusal(method, url, answer);
        }
        return answer;
    }

    /** The one place where this client waits: between two polls, as the protocol asks. */
    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("interrupted", e);
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
