package dev.keyturn.cli.audit;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.ChainHash;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the lines of an export hold (docs/audit.md): JSON to records and checkpoints. */
final class ExportLines {
    static final String FORMAT = "keyturn-audit-export-1";

    private ExportLines() {}

    /** @throws RuntimeException where a field is missing or is not of its kind */
    static AuditRecord record(ObjectNode json) {
        return new AuditRecord(
                text(json, "node"),
                number(json, "sequence"),
                Instant.parse(text(json, "at")),
                Call.Door.valueOf(text(json, "door")),
                new PrincipalId(UUID.fromString(text(json, "caller"))),
                text(json, "callerName"),
                text(json, "action"),
                text(json, "scope"),
                optional(json, "target"),
                Outcome.valueOf(text(json, "outcome")),
                optional(json, "code"),
                UUID.fromString(text(json, "correlation")),
                optional(json, "clientRequest"),
                optional(json, "operation").map(UUID::fromString),
                new ChainHash(text(json, "hash")));
    }

    /** @throws RuntimeException where a field is missing or is not of its kind */
    static Checkpoint checkpoint(ObjectNode json) {
        return new Checkpoint(
                text(json, "node"),
                number(json, "number"),
                number(json, "sequence"),
                Instant.parse(text(json, "at")),
                new ChainHash(text(json, "hash")),
                new ChainHash(text(json, "before")),
                text(json, "keyId"),
                Base64.getDecoder().decode(text(json, "signature")));
    }

    static String text(JsonNode json, String field) {
        return optional(json, field).orElseThrow(() -> new IllegalArgumentException("it has no text '" + field + "'"));
    }

    static Optional<String> optional(JsonNode json, String field) {
        return Optional.ofNullable(json.get(field)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    static long number(JsonNode json, String field) {
        return Optional.ofNullable(json.get(field))
                .filter(JsonNode::isIntegralNumber)
                .map(JsonNode::longValue)
                .orElseThrow(() -> new IllegalArgumentException("it has no number '" + field + "'"));
    }
}
