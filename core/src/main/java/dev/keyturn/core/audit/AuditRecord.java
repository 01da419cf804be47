package dev.keyturn.core.audit;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;

/**
 * One link of a node's chain: who did what to what, and what became of it.
 *
 * @param sequence 1 for the first of the node, then one more each time
 * @param at by the clock of the machine, in milliseconds; later in the chain is not always later by the clock
 * @param callerName the caller as the token named it; names change, {@code caller} does not
 * @param action Azure's name; text, because a record outlives the program that knew the action
 * @param scope where the permission was asked for, lower case
 * @param target the exact thing that was acted on where the scope does not say it
 * @param code why not; absent where the outcome is {@code ALLOWED}
 * @param operation the operation that it began
 * @param hash over the hash of the record before and all fields of this one (docs/audit.md)
 */
public record AuditRecord(
        String node,
        long sequence,
        Instant at,
        Call.Door door,
        PrincipalId caller,
        String callerName,
        String action,
        String scope,
        Optional<String> target,
        Outcome outcome,
        Optional<String> code,
        UUID correlation,
        Optional<String> clientRequest,
        Optional<UUID> operation,
        ChainHash hash) {
    private static final String FORMAT = "keyturn-audit-1";

    public AuditRecord {
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    /** The entry as the link behind {@code before}. */
    static AuditRecord behind(Link before, Instant at, AuditEntry entry) {
        return new AuditRecord(
                        before.node(),
                        before.sequence() + 1,
                        at,
                        entry.call().door(),
                        entry.call().caller().principal(),
                        RecordText.of(entry.call().caller().name()),
                        entry.action().azure(),
                        RecordText.of(entry.at().path(), entry.outcome()),
                        entry.target().map(t -> RecordText.of(t, entry.outcome())),
                        entry.outcome(),
                        entry.code().map(RecordText::of),
                        entry.call().correlation(),
                        entry.call().clientRequest(),
                        entry.operation(),
                        ChainHash.NONE)
                .hashed(before.hash());
    }

    /** Whether it is the very record that was written behind one of that hash. */
    public boolean follows(ChainHash before) {
        return hash.equals(hash(before));
    }

    /** Its fields by the names and in the order of docs/audit.md, as text or a long; one that is absent is not there. */
    public SequencedMap<String, Object> fields() {
        SequencedMap<String, Object> out = new LinkedHashMap<>();
        out.put("node", node);
        out.put("sequence", sequence);
        out.put("at", at.toString());
        out.put("door", door.name());
        out.put("caller", caller.toString());
        out.put("callerName", callerName);
        out.put("action", action);
        out.put("scope", scope);
        target.ifPresent(t -> out.put("target", t));
        out.put("outcome", outcome.name());
        code.ifPresent(c -> out.put("code", c));
        out.put("correlation", correlation.toString());
        clientRequest.ifPresent(c -> out.put("clientRequest", c));
        operation.ifPresent(o -> out.put("operation", o.toString()));
        out.put("hash", hash.hex());
        return out;
    }

    public Link link() {
        return new Link(node, sequence, hash);
    }

    private AuditRecord hashed(ChainHash before) {
        return new AuditRecord(
                node,
                sequence,
                at,
                door,
                caller,
                callerName,
                action,
                scope,
                target,
                outcome,
                code,
                correlation,
                clientRequest,
                operation,
                hash(before));
    }

    private ChainHash hash(ChainHash before) {
        return new ChainHash.Digest(FORMAT)
                .hash(before)
                .text(node)
                .number(sequence)
                .number(at.toEpochMilli())
                .text(door.name())
                .text(caller.toString())
                .text(callerName)
                .text(action)
                .text(scope)
                .text(target)
                .text(outcome.name())
                .text(code)
                .text(correlation.toString())
                .text(clientRequest)
                .text(operation)
                .end();
    }
}
