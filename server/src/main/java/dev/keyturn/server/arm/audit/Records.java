package dev.keyturn.server.arm.audit;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.json.Json;
import java.util.Base64;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Records and checkpoints with every field that their hashes are over (docs/audit.md). */
final class Records {
    private Records() {}

    static ObjectNode render(AuditRecord r) {
        ObjectNode out = Json.object()
                .put("node", r.node())
                .put("sequence", r.sequence())
                .put("at", r.at().toString())
                .put("door", r.door().name())
                .put("caller", r.caller().toString())
                .put("callerName", r.callerName())
                .put("action", r.action())
                .put("scope", r.scope());
        r.target().ifPresent(t -> out.put("target", t));
        out.put("outcome", r.outcome().name());
        r.code().ifPresent(c -> out.put("code", c));
        out.put("correlation", r.correlation().toString());
        r.clientRequest().ifPresent(c -> out.put("clientRequest", c));
        r.operation().ifPresent(o -> out.put("operation", o.toString()));
        return out.put("hash", r.hash().hex());
    }

    static ObjectNode render(Checkpoint c) {
        return Json.object()
                .put("node", c.node())
                .put("number", c.number())
                .put("sequence", c.sequence())
                .put("at", c.at().toString())
                .put("hash", c.hash().hex())
                .put("before", c.before().hex())
                .put("keyId", c.keyId())
                .put("signature", Base64.getEncoder().encodeToString(c.signature()));
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
