package dev.keyturn.server.portal.operations;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationsInSight;
import dev.keyturn.core.operation.OperationsInSight.Ended;
import dev.keyturn.core.operation.OperationsInSight.Place;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Askers;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The list of operations, which the header's drawer shows the beginning of. */
public final class OperationPages {
    private static final int RUNNING = 200;
    private static final int ENDED = 25;
    private static final int STEPS = 5;

    private final Entry entry;
    private final OperationsInSight operations;

    public OperationPages(Entry entry, OperationsInSight operations) {
        this.entry = entry;
        this.operations = operations;
    }

    public void addTo(Routes routes) {
        entry.page(routes, Links.OPERATIONS, this::show);
    }

    private Response show(Visitor visitor) {
        Request request = visitor.request();
        Optional<String> before = request.query("before").filter(b -> !b.isEmpty());
        List<Operation> running = operations.running(visitor.call(), RUNNING + 1);
        Ended ended = operations.ended(visitor.call(), before.map(OperationPages::place), ENDED);
        List<Operation> shown = running.stream().limit(RUNNING).toList();
        Askers askers = entry.askers(Stream.concat(shown.stream(), ended.operations().stream())
                .map(Operation::requestedBy)
                .toList());
        OperationListPage page = new OperationListPage(
                before.isPresent()
                        ? List.of()
                        : shown.stream().map(o -> OperationLine.of(o, askers)).toList(),
                running.size() > RUNNING,
                ended.operations().stream()
                        .map(o -> OperationLine.of(o, askers))
                        .toList(),
                Links.OPERATIONS + before.map(b -> "?before=" + Links.part(b)).orElse(""),
                before.isEmpty(),
                ended.further().map(p -> Links.OPERATIONS + "?before=" + text(p)),
                OperationsInSight.MOST);
        List<Step> steps = Stream.concat(shown.stream(), ended.operations().stream())
                .limit(STEPS)
                .map(o -> step(request, o))
                .toList();
        return entry.html()
                .page(
                        200,
                        "operations",
                        entry.frame(visitor, "Operations", Links.OPERATIONS, Optional.empty())
                                .with(steps)
                                .alone(
                                        "Once there is an operation, the call that asks how far it is stands here. No call"
                                                + " lists all of them."),
                        page);
    }

    private static Step step(Request request, Operation operation) {
        ArmId target = operation.target();
        return Step.arm(
                request,
                "Ask how far " + operation.kind() + " of " + target.name() + " is",
                "GET",
                "/subscriptions/" + target.subscription() + "/providers/Microsoft.Compute/locations/local/operations/"
                        + operation.id(),
                Step.VMS);
    }

    private static String text(Place place) {
        return place.endedAt().toEpochMilli() + "_" + place.id();
    }

    private static Place place(String text) {
        int bar = text.indexOf('_');
        if (bar > 0 && bar < 16 && text.substring(0, bar).matches("-?[0-9]{1,15}")) {
            Optional<OperationId> id = OperationId.parse(text.substring(bar + 1));
            if (id.isPresent()) {
                return new Place(Instant.ofEpochMilli(Long.parseLong(text.substring(0, bar))), id.get());
            }
        }
        throw DomainError.invalid("before", "'before' must be one that a link of this list has.")
                .asException();
    }
}
