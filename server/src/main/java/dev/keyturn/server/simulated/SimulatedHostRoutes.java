package dev.keyturn.server.simulated;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmStore;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.server.arm.ArmHandler;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.wire.Fields;
import dev.keyturn.wire.Json;
import dev.keyturn.wire.Shape;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /keyturn/simulatedHost/faults} and {@code /keyturn/simulatedHost/events} (docs/simulated-host.md). A caller
 * needs {@value #READ}, {@value #WRITE} or {@value #EVENT} on the subscription, which its owner has.
 */
public final class SimulatedHostRoutes {
    static final String READ = "Keyturn.SimulatedHost/faults/read";
    static final String WRITE = "Keyturn.SimulatedHost/faults/write";
    static final String EVENT = "Keyturn.SimulatedHost/events/action";
    private static final String FAULTS = "/keyturn/simulatedHost/faults";
    private static final String ONE = FAULTS + "/{id}";

    private static final Shape EVENT_BODY = Shape.arm().text("event", "vm").build();

    private final SimulatedHost host;
    private final Faults faults;
    private final VmNames vms;

    private SimulatedHostRoutes(SimulatedHost host, Faults faults, VmNames vms) {
        this.host = host;
        this.faults = faults;
        this.vms = vms;
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
            Access access,
            String subscription) {
        var it = new SimulatedHostRoutes(host, faults, new VmNames(transactions, vms, subscription));
        Scope scope = Scope.subscription(subscription);
        BiFunction<String, Answerer, ArmHandler> guarded = (action, answer) -> (Call call, Request request) -> {
            access.require(call.caller(), action, scope);
            return answer.to(request);
        };
        routes.addAsking("GET", FAULTS, READ, guarded.apply(READ, _ -> it.list()))
                .addAsking("POST", FAULTS, WRITE, guarded.apply(WRITE, it::post))
                .addAsking("DELETE", FAULTS, WRITE, guarded.apply(WRITE, _ -> it.clear()))
                .addAsking("GET", ONE, READ, guarded.apply(READ, it::get))
                .addAsking("PUT", ONE, WRITE, guarded.apply(WRITE, it::put))
                .addAsking("DELETE", ONE, WRITE, guarded.apply(WRITE, it::delete))
                .addAsking("POST", "/keyturn/simulatedHost/events", EVENT, guarded.apply(EVENT, it::event));
    }

    private interface Answerer {
        Response to(Request request);
    }

    private Response list() {
        ObjectNode out = Json.object()
                .put("host", host.info().name())
                .put("label", host.info().label());
        ArrayNode value = out.putArray("value");
        faults.all().forEach(f -> value.add(FaultBody.render(f)));
        return Response.ok(out);
    }

    private Response get(Request request) {
        return Response.ok(FaultBody.render(faults.find(request.variable("id")).orElseThrow(() -> unknown(request))));
    }

    private Response post(Request request) {
        Fault fault = FaultBody.read(request.json(), "fault-" + UUID.randomUUID());
        faults.put(fault);
        return Response.json(201, FaultBody.render(fault))
                .with("Location", request.origin() + FAULTS + "/" + fault.id());
    }

    private Response put(Request request) {
        Fault fault = FaultBody.read(request.json(), request.variable("id"));
        return Response.json(faults.put(fault) ? 201 : 200, FaultBody.render(fault));
    }

    private Response delete(Request request) {
        if (!faults.remove(request.variable("id"))) {
            throw unknown(request);
        }
        return Response.empty(204);
    }

    private Response clear() {
        faults.clear();
        return Response.empty(204);
    }

    private Response event(Request request) {
        Fields fields = Fields.of(request.json(), EVENT_BODY);
        fields.requiredText("event");
        Optional<Event> event = FaultBody.constant(fields, "event", Event.values(), Event::wire, Event::of);
        String name = fields.requiredText("vm");
        fields.done();
        ConfidentialVm vm = vms.find(name);
        switch (event.orElseThrow()) {
            case GUEST_SHUTDOWN -> host.guestShutdown(vm.vmId());
            case START_OUTSIDE -> host.startOutside(vm.vmId());
        }
        return Response.ok(Json.object()
                .put("event", event.orElseThrow().wire())
                .put("vm", vm.id().toString()));
    }

    private static RuntimeException unknown(Request request) {
        return new DomainError.NotFound(
                        ErrorInfo.of("FaultNotFound", "There is no fault '" + request.variable("id") + "'."))
                .asException();
    }
}
