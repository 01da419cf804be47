package dev.keyturn.server.simulated;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmStore;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /keyturn/simulatedHost/faults} and {@code /keyturn/simulatedHost/events} (docs/simulated-host.md). What a
 * caller needs there, {@link Rehearsals} asks.
 */
public final class SimulatedHostRoutes {
    private static final String FAULTS = "/keyturn/simulatedHost/faults";
    private static final String ONE = FAULTS + "/{id}";

    private static final Shape EVENT_BODY = Shape.arm().text("event", "vm").build();

    private final SimulatedHost host;
    private final Rehearsals rehearsals;

    private SimulatedHostRoutes(SimulatedHost host, Rehearsals rehearsals) {
        this.host = host;
        this.rehearsals = rehearsals;
    }

    /** What happens to a VM on its host without the server's doing. */
    private enum Event {
        GUEST_SHUTDOWN("guestShutdown"),
        START_OUTSIDE("startOutside");

        private final String wire;

        Event(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }

        static Optional<Event> of(String wire) {
            return java.util.Arrays.stream(values())
                    .filter(e -> e.wire.equals(wire))
                    .findFirst();
        }
    }

    public static void add(
            ArmRoutes routes,
            SimulatedHost host,
            Faults faults,
            Transactions transactions,
            VmStore vms,
            Doors doors,
            String subscription) {
        Rehearsals rehearsals = new Rehearsals(
                faults, new VmNames(transactions, vms, subscription), doors, Scope.subscription(subscription));
        var it = new SimulatedHostRoutes(host, rehearsals);
        routes.add("GET", FAULTS, (call, _) -> it.list(call))
                .add("POST", FAULTS, it::post)
                .add("DELETE", FAULTS, (call, _) -> it.clear(call))
                .add("GET", ONE, it::get)
                .add("PUT", ONE, it::put)
                .add("DELETE", ONE, it::delete)
                .add("POST", "/keyturn/simulatedHost/events", it::event);
    }

    private Response list(Call call) {
        ObjectNode out = Json.object()
                .put("host", host.info().name())
                .put("label", host.info().label());
        ArrayNode value = out.putArray("value");
        rehearsals.all(call).forEach(f -> value.add(FaultBody.render(f)));
        return Response.ok(out);
    }

    private Response get(Call call, Request request) {
        return Response.ok(FaultBody.render(rehearsals
                .find(call, request.variable("id"))
                .orElseThrow(() -> Rehearsals.unknown(request.variable("id")))));
    }

    private Response post(Call call, Request request) {
        rehearsals.requireWrite(call);
        Fault fault = FaultBody.read(request.json(), "fault-" + UUID.randomUUID());
        rehearsals.put(call, fault);
        return Response.json(201, FaultBody.render(fault))
                .with("Location", request.origin() + FAULTS + "/" + fault.id());
    }

    private Response put(Call call, Request request) {
        rehearsals.requireWrite(call);
        Fault fault = FaultBody.read(request.json(), request.variable("id"));
        return Response.json(rehearsals.put(call, fault) ? 201 : 200, FaultBody.render(fault));
    }

    private Response delete(Call call, Request request) {
        rehearsals.remove(call, request.variable("id"));
        return Response.empty(204);
    }

    private Response clear(Call call) {
        rehearsals.clear(call);
        return Response.empty(204);
    }

    private Response event(Call call, Request request) {
        rehearsals.requireEvent(call);
        Fields fields = Fields.of(request.json(), EVENT_BODY);
        fields.requiredText("event");
        Optional<Event> event = FaultBody.constant(fields, "event", Event.values(), Event::wire, Event::of);
        String name = fields.requiredText("vm");
        fields.done();
        ConfidentialVm vm = rehearsals.event(call, name, id -> happens(event.orElseThrow(), id));
        return Response.ok(Json.object()
                .put("event", event.orElseThrow().wire())
                .put("vm", vm.id().toString()));
    }

    private void happens(Event event, UUID vm) {
        switch (event) {
            case GUEST_SHUTDOWN -> host.guestShutdown(vm);
            case START_OUTSIDE -> host.startOutside(vm);
        }
    }
}
