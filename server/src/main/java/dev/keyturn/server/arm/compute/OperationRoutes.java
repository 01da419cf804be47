package dev.keyturn.server.arm.compute;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.operation.OperationsInSight;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ArmErrors;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/**
 * Polling: the address in {@code Azure-AsyncOperation} tells the status, the one in {@code Location} (the same with
 * {@code monitor}) answers 202 until the operation has ended, then 200 with its result, never 204. Who began an
 * operation or may read its resource may poll it; for anybody else it does not exist.
 */
public final class OperationRoutes {
    private final OperationsInSight operations;
    private final Map<String, BiFunction<Call, ArmId, Optional<ObjectNode>>> views;

    private OperationRoutes(
            OperationsInSight operations, Map<String, BiFunction<Call, ArmId, Optional<ObjectNode>>> views) {
        this.operations = operations;
        this.views = Map.copyOf(views);
    }

    /** {@code views} render the resource that an operation ended with, by its type. */
    public static void add(
            ArmRoutes routes,
            OperationsInSight operations,
            Map<String, BiFunction<Call, ArmId, Optional<ObjectNode>>> views) {
        OperationRoutes handlers = new OperationRoutes(operations, views);
        routes.add(
                "GET",
                "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/operations/{id}",
                handlers::poll);
    }

    private Response poll(Call call, Request request) {
        Operation operation = OperationId.parse(request.variable("id"))
                .flatMap(id -> operations.find(call, id))
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "NotFound",
                                "The operation '" + request.variable("id")
                                        + "' was not found. Operations can be polled for some days after their end."))
                        .asException());
        Response answer = request.query("monitor").isPresent()
                ? monitor(call, request, operation)
                : Response.ok(status(call, operation));
        return answer.with("Retry-After", LongRunning.RETRY_AFTER);
    }

    private ObjectNode status(Call call, Operation operation) {
        ObjectNode out = Json.object().put("name", operation.id().toString());
        out.put("startTime", operation.startedAt().toString());
        operation.endedAt().ifPresent(t -> out.put("endTime", t.toString()));
        out.put("status", operation.status().wire());
        boolean done = operation.status() == OperationStatus.SUCCEEDED;
        operation.percentComplete().ifPresent(p -> out.put("percentComplete", done ? 100 : p));
        output(call, operation).ifPresent(o -> out.putObject("properties").set("output", o));
        if (operation.running()) { // a client would take an error for the end
            operation.error().ifPresent(e -> out.putObject("properties").put("waitingFor", e.message()));
        } else {
            operation.error().ifPresent(e -> out.set("error", ArmErrors.body(e)));
        }
        return out;
    }

    private Response monitor(Call call, Request request, Operation operation) {
        return switch (operation.status()) {
            case IN_PROGRESS ->
                Response.empty(202)
                        .with(
                                "Location",
                                request.origin() + request.path() + "?monitor=true&api-version="
                                        + LongRunning.version(request));
            case SUCCEEDED -> output(call, operation).map(Response::ok).orElseGet(() -> Response.empty(200));
            case FAILED, CANCELED ->
                Response.json(
                        409,
                        Json.object()
                                .set(
                                        "error",
                                        ArmErrors.body(operation
                                                .error()
                                                .orElseGet(() ->
                                                        ErrorInfo.of("OperationFailed", "The operation failed.")))));
        };
    }

    /** The resource, where the operation made or changed one; actions and deletions have no output. */
    private Optional<ObjectNode> output(Call call, Operation operation) {
        if (operation.status() != OperationStatus.SUCCEEDED) {
            return Optional.empty();
        }
        boolean has = switch (operation.kind()) {
            case CREATE_VM,
                    UPDATE_VM,
                    CREATE_DISK,
                    UPDATE_DISK,
                    CREATE_DISK_SET,
                    UPDATE_DISK_SET,
                    ROTATE_DISK_SET,
                    VERIFY_DISK_SET -> true;
            case START_VM,
                    POWER_OFF_VM,
                    DEALLOCATE_VM,
                    RESTART_VM,
                    DELETE_VM,
                    DELETE_DISK,
                    DELETE_IMAGES,
                    UNPLUG_DISK,
                    DELETE_DISK_SET,
                    DELETE_GROUP -> false;
        };
        if (!has) {
            return Optional.empty();
        }
        return views.entrySet().stream()
                .filter(v -> operation.target().hasType(v.getKey()))
                .findFirst()
                .flatMap(v -> v.getValue().apply(call, operation.target()));
    }
}
