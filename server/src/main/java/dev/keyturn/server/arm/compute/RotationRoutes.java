package dev.keyturn.server.arm.compute;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.rotation.Blocker;
import dev.keyturn.core.rotation.Rotation;
import dev.keyturn.core.rotation.RotationService;
import dev.keyturn.core.verification.DeepVerification;
import dev.keyturn.server.arm.ArmErrors;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.wire.Fields;
import dev.keyturn.wire.Json;
import java.util.List;
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
    private final OperationService operations;
    private final ResourceGroupService groups;

    RotationRoutes(
            RotationService rotations,
            DeepVerification verification,
            DiskSetService sets,
            OperationService operations,
            ResourceGroupService groups) {
        this.rotations = rotations;
        this.verification = verification;
        this.sets = sets;
        this.operations = operations;
        this.groups = groups;
    }

    void add(ArmRoutes routes) {
        String type = DiskEncryptionSet.TYPE;
        // The answer is whether this caller's write would begin, so it takes the right to write. A verification reads
        // every image and unwraps as the set's identity, which is more than looking: an action of its own.
        routes.add("POST", DiskSetRoutes.ONE + "/preflight", type + "/write", this::preflight)
                .add("POST", DiskSetRoutes.ONE + "/verify", type + "/verify/action", this::verify)
                .add("GET", DiskSetRoutes.ONE + "/rotations", type + "/read", this::history)
                .add("GET", DiskSetRoutes.ONE + "/rotations/{id}", type + "/read", this::one);
    }

    private Response preflight(Call call, Request request) {
        DiskEncryptionSet set = sets.get(present(request));
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
        List<Blocker> blockers = rotations.preflight(set.id(), key.orElseThrow());
        ObjectNode out = Json.object().put("allowed", blockers.isEmpty());
        var list = out.putArray("blockers");
        blockers.forEach(b -> list.add(ArmErrors.body(b.info())));
        List<ErrorInfo> warnings = rotations.warnings(set.id(), key.orElseThrow());
        if (!warnings.isEmpty()) {
            var told = out.putArray("warnings");
            warnings.forEach(w -> told.add(ArmErrors.body(w)));
        }
        return Response.ok(out);
    }

    private Response verify(Call call, Request request) {
        DiskEncryptionSet set = sets.get(present(request));
        Operation operation = verification.begin(set.id(), call.caller().name());
        return LongRunning.action(request, operation, set.head().location());
    }

    private Response history(Call call, Request request) {
        DiskEncryptionSet set = sets.get(present(request));
        ObjectNode out = Json.object();
        var value = out.putArray("value");
        rotations.history(set.id(), HISTORY).forEach(r -> value.add(render(r)));
        return Response.ok(out);
    }

    private Response one(Call call, Request request) {
        DiskEncryptionSet set = sets.get(present(request));
        Rotation rotation = OperationId.parse(request.variable("id"))
                .flatMap(rotations::find)
                .filter(r -> r.set().equals(set.id()))
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "ResourceNotFound",
                                "Disk encryption set '" + set.id().name() + "' has no such rotation."))
                        .asException());
        ObjectNode out = render(rotation);
        var failures = out.putArray("failures");
        rotations.failures(rotation.id(), FAILURES).forEach(f -> {
            ObjectNode one = ArmErrors.body(f.reason());
            failures.add(one.put("artifact", f.artifact().toString()));
        });
        return Response.ok(out);
    }

    private ObjectNode render(Rotation rotation) {
        Optional<Operation> operation = operations.find(rotation.id());
        ObjectNode out = Json.object()
                .put("name", rotation.id().toString())
                .put("id", rotation.set() + "/rotations/" + rotation.id())
                .put("from", rotation.from().url())
                .put("to", rotation.to().url())
                .put("deep", rotation.deep())
                .put("requestedBy", rotation.requestedBy())
                .put("startTime", rotation.startedAt().toString());
        rotation.endedAt().ifPresent(t -> out.put("endTime", t.toString()));
        operation.ifPresent(o -> out.put("status", o.status().wire()));
        out.put("artifacts", rotation.total())
                .put("rewrapped", rotation.rewrapped())
                .put("failed", rotation.failed());
        operation.flatMap(Operation::error).ifPresent(e -> out.set("error", ArmErrors.body(e)));
        return out;
    }

    private ArmId present(Request request) {
        ArmId group = groups.get(ResourceNames.group(request)).id();
        return new ArmId(group.subscription(), group.resourceGroup(), DiskEncryptionSet.TYPE, request.variable("name"));
    }
}
