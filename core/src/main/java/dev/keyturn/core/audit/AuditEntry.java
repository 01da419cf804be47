package dev.keyturn.core.audit;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import java.util.Optional;
import java.util.UUID;

/**
 * What is to be recorded, before it has its place in the chain.
 *
 * @param target the exact thing that was acted on where the scope does not say it: a key version's URL
 * @param code why not; present unless the outcome is {@code ALLOWED}
 * @param operation the operation that it began
 */
public record AuditEntry(
        Call call,
        Action action,
        Scope at,
        Optional<String> target,
        Outcome outcome,
        Optional<String> code,
        Optional<UUID> operation) {
    public AuditEntry {
        if (code.isPresent() == (outcome == Outcome.ALLOWED)) {
            throw new IllegalArgumentException(outcome + " with " + code);
        }
    }
}
