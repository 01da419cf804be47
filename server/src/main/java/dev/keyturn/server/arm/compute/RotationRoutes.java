package dev.keyturn.server.arm.compute;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.rotation.Rotation;
import dev.keyturn.core.rotation.RotationService;
import dev.keyturn.core.verification.DeepVerification;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ArmErrors;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ours, beside Azure's API: the dry run of a rotation ({@code POST .../preflight}), the proof that every artifact opens
 * ({@code POST .../verify}) and the history of rotations ({@code
 * GET .../rotations}, {@code GET .../rotations/{id}} with what could not be updated).
 */
final class RotationRoutes {
    private static final int HISTORY = 200;
    private static final int FAILURES = 1000;

    private final RotationService rotations;
    private final DeepVerification verification;
    private final DiskSetService sets;

    RotationRoutes(RotationService rotations, DeepVerification verification, DiskSetService sets) {
        this.rotations = rotations;
        this.verification = verification;
        this.sets = sets;
    }

    void add(ArmRoutes routes) {
        routes.add("POST", DiskSetRoutes.ONE + "/preflight", this::preflight)
                .add("POST", DiskSetRoutes.ONE + "/verify", this::verify)
                .add("GET", DiskSetRoutes.ONE + "/rotations", this::history)
                .add("GET", DiskSetRoutes.ONE + "/rotations/{id}", this::one);
    }

    private Response preflight(Call call, Request request) {
        ArmId set = sets.place(call, set(request));
        Fields fields = Fields.of(ResourceBody.of(request, DiskSetBody.SHAPE), DiskSetBody.SHAPE);
        fields.object("properties");
        fields.object("properties.activeKey");
        Optional<String> url = fields.text("properties.activeKey.keyUrl");
        Optional<KeyId> key = url.flatMap(KeyId::parse);
        if (!fields.has("properties.activeKey.keyUrl")) {
            fields.problem(
                    "properties.activeKey.keyUrl",
                    "'properties.activeKey.keyUrl' is required: the key version to rotate to.");
        } else if (url.isPresent() && key.isEmpty()) {
            fields.problem("properties.activeKey.keyUrl", "'properties.activeKey.keyUrl' must be " + KeyId.FORM + ".");
        }
        fields.done();
        RotationService.Forecast forecast = rotations.preflight(call, set, key.orElseThrow());
        ObjectNode out = Json.object().put("allowed", forecast.blockers().isEmpty());
        var list = out.putArray("blockers");
        forecast.blockers().forEach(b -> list.add(ArmErrors.body(b.info())));
        if (!forecast.warnings().isEmpty()) {
            var told = out.putArray("warnings");
            forecast.warnings().forEach(w -> told.add(ArmErrors.body(w)));
        }
        return Response.ok(out);
    }

    private Response verify(Call call, Request request) {
        Accepted<DiskEncryptionSet> accepted = verification.begin(call, set(request));
        return LongRunning.action(
                request, accepted.operation(), accepted.resource().head().location());
    }

    private Response history(Call call, Request request) {
        ObjectNode out = Json.object();
        var value = out.putArray("value");
        rotations.history(call, set(request), HISTORY).forEach(r -> value.add(render(r)));
        return Response.ok(out);
    }

    private Response one(Call call, Request request) {
        ArmId set = set(request);
        RotationService.Account account = OperationId.parse(request.variable("id"))
                .flatMap(id -> rotations.find(call, set, id, FAILURES))
                .orElseThrow(() -> none(sets.get(call, set)));
        ObjectNode out = render(account);
        var failures = out.putArray("failures");
        account.failures().forEach(f -> {
            ObjectNode one = ArmErrors.body(f.reason());
            failures.add(one.put("artifact", f.artifact().toString()));
        });
        return Response.ok(out);
    }

    private static DomainException none(DiskEncryptionSet set) {
        return new DomainError.NotFound(ErrorInfo.of(
                        "ResourceNotFound", "Disk encryption set '" + set.id().name() + "' has no such rotation."))
                .asException();
    }

    private static ObjectNode render(RotationService.Account account) {
        Rotation rotation = account.rotation();
        Optional<Operation> operation = account.operation();
        ObjectNode out = Json.object()
                .put("name", rotation.id().toString())
                .put("id", rotation.set() + "/rotations/" + rotation.id())
                .put("from", rotation.from().url())
                .put("to", rotation.to().url())
                .put("deep", rotation.deep())
                .put("requestedBy", rotation.requestedBy())
                .put("startTime", rotation.startedAt().toString());
        rotation.endedAt().ifPresent(t -> out.put("endTime", t.toString()));
        out.put("status", account.status().wire())
                .put("artifacts", rotation.total())
                .put("rewrapped", rotation.rewrapped())
                .put("failed", rotation.failed());
        operation.flatMap(Operation::error).ifPresent(e -> out.set("error", ArmErrors.body(e)));
        return out;
    }

    private static ArmId set(Request request) {
        return ResourceNames.resource(request, DiskEncryptionSet.TYPE);
    }
}
