package dev.keyturn.core.audit;

import dev.keyturn.core.identity.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Which records are wanted; what is absent or empty does not matter.
 *
 * @param from this time or later
 * @param until this time or earlier
 * @param within at this scope or below it
 * @param resource at exactly this scope
 * @param target acted on exactly this
 * @param caller a principal's object id, or the name of a caller, exactly
 * @param actionPrefix the action begins so, without regard to case
 * @param outcomes one of these
 * @param withoutKeys nothing that came in at a vault or managed HSM, and no use of a key: what Azure's activity log has
 * @param after only what is listed behind this record
 */
public record AuditQuery(
        Optional<Instant> from,
        Optional<Instant> until,
        Optional<Scope> within,
        Optional<Scope> resource,
        Optional<String> target,
        Optional<String> caller,
        Optional<String> actionPrefix,
        Optional<UUID> correlation,
        List<Outcome> outcomes,
        boolean withoutKeys,
        Optional<Position> after) {
    public static final AuditQuery ALL = new AuditQuery(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            false,
            Optional.empty());

    /** A record's place in a list that is newest first. */
    public record Position(Instant at, String node, long sequence) {
        public static Position of(AuditRecord found) {
            return new Position(found.at(), found.node(), found.sequence());
        }
    }

    public AuditQuery {
        outcomes = List.copyOf(outcomes);
    }

    /** At this time or later. */
    public AuditQuery since(Instant value) {
        return with(q -> q.from = Optional.of(value));
    }

    /** At this time or earlier. */
    public AuditQuery to(Instant value) {
        return with(q -> q.until = Optional.of(value));
    }

    /** At this scope or below it. */
    public AuditQuery inside(Scope value) {
        return with(q -> q.within = Optional.of(value));
    }

    /** At exactly this scope. */
    public AuditQuery at(Scope value) {
        return with(q -> q.resource = Optional.of(value));
    }

    /** On exactly this. */
    public AuditQuery onTarget(String value) {
        return with(q -> q.target = Optional.of(value));
    }

    /** By the principal of that object id, or by whom the token named so. */
    public AuditQuery by(String value) {
        return with(q -> q.caller = Optional.of(value));
    }

    /** The action begins so, without regard to case. */
    public AuditQuery action(String value) {
        return with(q -> q.actionPrefix = Optional.of(value));
    }

    /** Of this request. */
    public AuditQuery of(UUID value) {
        return with(q -> q.correlation = Optional.of(value));
    }

    /** One of these came of it. */
    public AuditQuery ended(List<Outcome> value) {
        return with(q -> q.outcomes = value);
    }

    /** Without what is done with keys. */
    public AuditQuery leavingOutKeys() {
        return with(q -> q.withoutKeys = true);
    }

    /** What is listed behind this one. */
    public AuditQuery behind(AuditRecord value) {
        return behind(Position.of(value));
    }

    /** What is listed behind this place. */
    public AuditQuery behind(Position value) {
        return with(q -> q.after = Optional.of(value));
    }

    private AuditQuery with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.query();
    }

    /** A query while one thing of it is changed. */
    private static final class Draft {
        private Optional<Instant> from;
        private Optional<Instant> until;
        private Optional<Scope> within;
        private Optional<Scope> resource;
        private Optional<String> target;
        private Optional<String> caller;
        private Optional<String> actionPrefix;
        private Optional<UUID> correlation;
        private List<Outcome> outcomes;
        private boolean withoutKeys;
        private Optional<Position> after;

        Draft(AuditQuery of) {
            from = of.from;
            until = of.until;
            within = of.within;
            resource = of.resource;
            target = of.target;
            caller = of.caller;
            actionPrefix = of.actionPrefix;
            correlation = of.correlation;
            outcomes = of.outcomes;
            withoutKeys = of.withoutKeys;
            after = of.after;
        }

        AuditQuery query() {
            return new AuditQuery(
                    from,
                    until,
                    within,
                    resource,
                    target,
                    caller,
                    actionPrefix,
                    correlation,
                    outcomes,
                    withoutKeys,
                    after);
        }
    }
}
