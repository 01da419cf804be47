package dev.keyturn.server.arm;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.wire.Fields;
import dev.keyturn.wire.Json;
import dev.keyturn.wire.Shape;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Ours, beside Azure's API (docs/clock.md): what the clock says and how much time was seen to pass, and the
 * administrator's word that the clock is right.
 */
public final class ClockRoutes {
    static final String READ = "Keyturn.Server/clock/read";
    /** Ends retentions early where it is given wrongly, so it takes what Contributors do not have. */
    static final String CONFIRM = "Microsoft.Authorization/keyturnClock/write";

    static final Shape SHAPE = Shape.arm().text("time").build();

    private final SeenTime time;

    private ClockRoutes(SeenTime time) {
        this.time = time;
    }

    public static void add(ArmRoutes routes, SeenTime time, Access access, String subscription) {
        ClockRoutes it = new ClockRoutes(time);
        Scope scope = Scope.subscription(subscription);
        routes.addAsking("GET", "/keyturn/clock", READ, (call, _) -> {
                    access.require(call.caller(), READ, scope);
                    return render(it.time.status());
                })
                .addAsking("POST", "/keyturn/clock/confirm", CONFIRM, (call, request) -> {
                    access.require(call.caller(), CONFIRM, scope);
                    return it.confirm(call, request);
                });
    }

    private Response confirm(Call call, Request request) {
        Fields fields = Fields.of(request.json(), SHAPE);
        Optional<Instant> stated = instant(fields.requiredText("time"));
        if (fields.has("time") && stated.isEmpty()) {
            fields.problem(
                    "time", "'time' must be the present time by a clock that is right, such as 2026-03-01T10:00:00Z.");
        }
        fields.done();
        return render(time.confirm(stated.orElseThrow(), call.caller().name()));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Response render(SeenTime.Status status) {
        return Response.ok(Json.object()
                .put("clock", status.clock().toString())
                .put("seen", status.seen().toString())
                .put("aheadSeconds", status.ahead().toSeconds())
                .put("jumped", status.jumped()));
    }
}
