package dev.keyturn.server;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.wire.Json;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /healthz}: the process answers. {@code /readyz}: it can do its work, which begins with writing. */
final class HealthRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HealthRoutes.class);
    private final Transactions transactions;
    private final Settings settings;
    private final Clock clock;

    HealthRoutes(Transactions transactions, Settings settings, Clock clock) {
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.add("GET", "/healthz", _ -> Response.ok(Json.object().put("status", "ok")))
                .add("GET", "/readyz", this::ready);
    }

    private Response ready(Request request) {
        try {
            transactions.run(tx ->
                    settings.put(tx, "last-readiness-check", clock.instant().toString()));
            return Response.ok(Json.object().put("status", "ready"));
        } catch (RuntimeException e) {
            LOG.warn("not ready: {}", e.getMessage());
            return Response.json(
                    503, Json.object().put("status", "not ready").put("reason", "The database does not take writes."));
        }
    }
}
