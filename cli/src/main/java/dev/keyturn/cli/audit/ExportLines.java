package dev.keyturn.cli.audit;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.ChainHash;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the lines of an export hold (docs/audit.md): JSON to records and checkpoints. */
final class ExportLines {
    static final String FORMAT = "keyturn-audit-export-1";

    private ExportLines() {}

    /** @throws RuntimeException where it is not, to the letter, what a server writes of a record */
    static AuditRecord record(ObjectNode json) {
        AuditRecord read = new AuditRecord(
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
        same(json, Json.object(read.fields()));
        return read;
    }

    /** @throws RuntimeException where it is not, to the letter, what a server writes of a checkpoint */
    static Checkpoint checkpoint(ObjectNode json) {
        Checkpoint read = new Checkpoint(
                text(json, "node"),
                number(json, "number"),
                number(json, "sequence"),
                Instant.parse(text(json, "at")),
                new ChainHash(text(json, "hash")),
                new ChainHash(text(json, "before")),
                text(json, "keyId"),
                Base64.getDecoder().decode(text(json, "signature")));
        same(json, Json.object(read.fields()));
        return read;
    }

    /** Hashes are over what was read; so nothing may be there that reading passes over or writes in another way. */
    private static void same(ObjectNode found, ObjectNode written) {
        ObjectNode expected = Json.parseObject(Json.text(written).getBytes(StandardCharsets.UTF_8)); // numbers as read
        if (found.equals(expected)) {
            return;
        }
        Set<String> names = new TreeSet<>(found.propertyNames());
        names.addAll(expected.propertyNames());
        names.removeIf(n -> Objects.equals(found.get(n), expected.get(n)));
        throw new IllegalArgumentException("not as a server writes it: " + String.join(", ", names));
    }

    /** @throws IllegalArgumentException where there is something else too */
    static void only(ObjectNode json, String... names) {
        Set<String> other = new TreeSet<>(json.propertyNames());
        other.removeAll(Set.of(names));
        if (!other.isEmpty()) {
            throw new IllegalArgumentException("nothing says what this is: " + String.join(", ", other));
        }
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
