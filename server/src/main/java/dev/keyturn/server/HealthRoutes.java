package dev.keyturn.server;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.json.Json;
import dev.keyturn.node.Liveness;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /healthz}: the process is whole ({@link Liveness}); where it says no, only another start helps. {@code /readyz}:
 * it can do its work too, which begins with writing. Both need no token, so neither may cost anything: a write is tried
 * at most every {@code fresh}, however many ask.
 */
final class HealthRoutes {
    /** How long a check may take before "not ready" is the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(HealthRoutes.class);
    private final Transactions transactions;
    private final Settings settings;
    private final Clock clock;
    private final Liveness liveness;
    private final Supplier<Optional<String>> node;
    private final SharedCheck readiness;

    /**
     * @param fresh how old the state may be that {@code /readyz} tells
     * @param node why this node is not ready, as far as its place among others goes; costs nothing
     */
    HealthRoutes(
            Transactions transactions,
            Settings settings,
            Duration fresh,
            Clock clock,
            Liveness liveness,
            Supplier<Optional<String>> node) {
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
        this.liveness = liveness;
        this.node = node;
        this.readiness = new SharedCheck(this::check, fresh, PATIENCE, System::nanoTime, Thread::startVirtualThread);
    }

    void addTo(Routes routes) {
        routes.add("GET", "/healthz", this::healthy).add("GET", "/readyz", this::ready);
    }

    private Response healthy(Request request) {
        return broken().orElseGet(() -> Response.ok(Json.object().put("status", "ok")));
    }

    private Optional<Response> broken() {
        List<String> problems = liveness.problems();
        if (problems.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                Response.json(503, Json.object().put("status", "failing").put("reason", String.join(" ", problems))));
    }

    private Response ready(Request request) {
        Optional<Response> broken = broken();
        if (broken.isPresent()) {
            return broken.get();
        }
        return node.get()
                .or(readiness::problem)
                .map(reason -> Response.json(
                        503, Json.object().put("status", "not ready").put("reason", reason)))
                .orElseGet(() -> Response.ok(Json.object().put("status", "ready")));
    }

    /** What keeps the server from its work; run by {@link #readiness} alone. */
    private Optional<String> check() {
        try {
            transactions.run(tx ->
                    settings.put(tx, "last-readiness-check", clock.instant().toString()));
            return Optional.empty();
        } catch (RuntimeException e) {
            LOG.warn("not ready: {}", e.getMessage());
            return Optional.of("The database does not take writes.");
        }
    }
}
