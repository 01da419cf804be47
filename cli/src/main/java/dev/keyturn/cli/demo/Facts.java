package dev.keyturn.cli.demo;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.RefusedException;
import dev.keyturn.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a step came to, as JSON. */
final class Facts {
    private Facts() {}

    static ObjectNode of(RefusedException e) {
        ObjectNode out = Json.object()
                .put("status", e.httpStatus())
                .put("code", e.refusal().code())
                .put("message", e.refusal().message());
        ArrayNode details = out.putArray("details");
        e.refusal()
                .details()
                .forEach(d -> details.addObject()
                        .put("code", d.code())
                        .put("message", d.message())
                        .put("target", d.target()));
        return out;
    }

    static ArrayNode texts(List<String> texts) {
        ArrayNode out = Json.array();
        texts.forEach(out::add);
        return out;
    }

    /** The resources that a preflight's blockers are about. */
    static List<String> blockers(Answer preflight) {
        List<String> targets = new ArrayList<>();
        Answer.at(preflight.body(), "blockers").ifPresent(b -> b.forEach(x -> targets.add(Answer.text(x, "target"))));
        return targets;
    }

    static ObjectNode artifacts(Map<String, List<Estate.Artifact>> fleet) {
        ObjectNode out = Json.object();
        ArrayNode all = out.putArray("vms");
        fleet.forEach((vm, artifacts) -> {
            ArrayNode list = all.addObject().put("vm", vm).putArray("artifacts");
            artifacts.forEach(a -> list.addObject().put("kind", a.kind()).put("keyUrl", a.keyUrl()));
        });
        return out;
    }
}
