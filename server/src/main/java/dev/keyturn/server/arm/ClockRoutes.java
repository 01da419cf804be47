package dev.keyturn.server.arm;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.installation.ServerClock;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Ours, beside Azure's API (docs/clock.md): what the clock says and how much time was seen to pass, and the
 * administrator's word that the clock is right.
 */
public final class ClockRoutes {
    static final Shape SHAPE = Shape.arm().text("time").build();

    private final ServerClock clock;

    private ClockRoutes(ServerClock clock) {
        this.clock = clock;
    }

    public static void add(ArmRoutes routes, ServerClock clock) {
        ClockRoutes it = new ClockRoutes(clock);
        routes.add("GET", "/keyturn/clock", (call, _) -> render(clock.status(call)))
                .add("POST", "/keyturn/clock/confirm", it::confirm);
    }

    private Response confirm(Call call, Request request) {
        clock.requireConfirm(call);
        Fields fields = Fields.of(request.json(), SHAPE);
        Optional<Instant> stated = instant(fields.requiredText("time"));
        if (fields.has("time") && stated.isEmpty()) {
            fields.problem(
                    "time", "'time' must be the present time by a clock that is right, such as 2026-03-01T10:00:00Z.");
        }
        fields.done();
        return render(clock.confirm(call, stated.orElseThrow()));
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
