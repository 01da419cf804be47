package dev.keyturn.server.simulated;

import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import dev.keyturn.host.simulated.HostCall;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** A fault as JSON. A field that no fault has is refused: a misspelt one would hit more than was meant. */
final class FaultBody {
    static final Shape SHAPE = Shape.arm()
            .any("id")
            .text("kind", "vm", "disk", "artifact", "call")
            .integer("delayMs", "times")
            .build();

    private FaultBody() {}

    /** {@code id} comes from the path, or is the server's; one in the body is ignored. */
    static Fault read(ObjectNode body, String id) {
        Fields fields = Fields.of(body, SHAPE);
        fields.unknown()
                .forEach(name -> fields.problem(
                        name,
                        "'" + name + "' is not a field of a fault. They are: "
                                + SHAPE.fields().stream()
                                        .map(Shape.Field::path)
                                        .sorted()
                                        .collect(Collectors.joining(", "))
                                + "."));
        fields.requiredText("kind");
        Optional<FaultKind> kind = constant(fields, "kind", FaultKind.values(), FaultKind::wire, FaultKind::of);
        Optional<ArtifactKind> artifact =
                constant(fields, "artifact", ArtifactKind.values(), ArtifactKind::wire, FaultBody::artifact);
        Optional<HostCall> call = constant(fields, "call", HostCall.values(), HostCall::wire, HostCall::of);
        Optional<String> vm = name(fields, "vm");
        Optional<String> disk = name(fields, "disk");
        Optional<Duration> delay =
                fields.integer("delayMs", 1, Fault.LONGEST_DELAY.toMillis()).map(Duration::ofMillis);
        Optional<Long> times = fields.integer("times", 1, Integer.MAX_VALUE);
        fields.done();
        FaultKind known = kind.orElseThrow();
        for (Fault.Wrong wrong : Fault.check(id, known, vm, disk, artifact, call, delay, times)) {
            fields.problem(wrong.field(), wrong.message());
        }
        fields.done();
        return new Fault(id, known, vm, disk, artifact, call, delay, times);
    }

    static ObjectNode render(Fault fault) {
        ObjectNode out =
                Json.object().put("id", fault.id()).put("kind", fault.kind().wire());
        fault.vm().ifPresent(v -> out.put("vm", v));
        fault.disk().ifPresent(d -> out.put("disk", d));
        fault.artifact().ifPresent(a -> out.put("artifact", a.wire()));
        fault.call().ifPresent(c -> out.put("call", c.wire()));
        fault.delay().ifPresent(d -> out.put("delayMs", d.toMillis()));
        fault.times().ifPresent(t -> out.put("times", t));
        return out;
    }

    static <T> Optional<T> constant(
            Fields fields, String name, T[] all, Function<T, String> wire, Function<String, Optional<T>> parse) {
        Optional<String> text = fields.text(name).filter(t -> !t.isBlank());
        Optional<T> value = text.flatMap(parse);
        if (text.isPresent() && value.isEmpty()) {
            List<String> words = Arrays.stream(all).map(wire).toList();
            fields.problem(name, "'" + name + "' must be one of: " + String.join(", ", words) + ".");
        }
        return value;
    }

    /** A resource's name, or its full id. */
    private static Optional<String> name(Fields fields, String name) {
        Optional<String> text = fields.text(name);
        if (text.filter(t -> t.isBlank() || t.length() > 500).isPresent()) {
            fields.problem(name, "'" + name + "' must be a resource's name or its full id.");
        }
        return text;
    }

    private static Optional<ArtifactKind> artifact(String wire) {
        return Arrays.stream(ArtifactKind.values())
                .filter(k -> k.wire().equals(wire))
                .findFirst();
    }
}
