package dev.keyturn.core.audit;

import dev.keyturn.core.identity.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

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
        return new AuditQuery(
                Optional.of(value),
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

    /** At this time or earlier. */
    public AuditQuery to(Instant value) {
        return new AuditQuery(
                from,
                Optional.of(value),
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

    /** At this scope or below it. */
    public AuditQuery inside(Scope value) {
        return new AuditQuery(
                from,
                until,
                Optional.of(value),
                resource,
                target,
                caller,
                actionPrefix,
                correlation,
                outcomes,
                withoutKeys,
                after);
    }

    /** At exactly this scope. */
    public AuditQuery at(Scope value) {
        return new AuditQuery(
                from,
                until,
                within,
                Optional.of(value),
                target,
                caller,
                actionPrefix,
                correlation,
                outcomes,
                withoutKeys,
                after);
    }

    /** On exactly this. */
    public AuditQuery onTarget(String value) {
        return new AuditQuery(
                from,
                until,
                within,
                resource,
                Optional.of(value),
                caller,
                actionPrefix,
                correlation,
                outcomes,
                withoutKeys,
                after);
    }

    /** By the principal of that object id, or by whom the token named so. */
    public AuditQuery by(String value) {
        return new AuditQuery(
                from,
                until,
                within,
                resource,
                target,
                Optional.of(value),
                actionPrefix,
                correlation,
                outcomes,
                withoutKeys,
                after);
    }

    /** The action begins so, without regard to case. */
    public AuditQuery action(String value) {
        return new AuditQuery(
                from,
                until,
                within,
                resource,
                target,
                caller,
                Optional.of(value),
                correlation,
                outcomes,
                withoutKeys,
                after);
    }

    /** Of this request. */
    public AuditQuery of(UUID value) {
        return new AuditQuery(
                from,
                until,
                within,
                resource,
                target,
                caller,
                actionPrefix,
                Optional.of(value),
                outcomes,
                withoutKeys,
                after);
    }

    /** One of these came of it. */
    public AuditQuery ended(List<Outcome> value) {
        return new AuditQuery(
                from, until, within, resource, target, caller, actionPrefix, correlation, value, withoutKeys, after);
    }

    /** Without what is done with keys. */
    public AuditQuery leavingOutKeys() {
        return new AuditQuery(
                from, until, within, resource, target, caller, actionPrefix, correlation, outcomes, true, after);
    }

    /** What is listed behind this one. */
    public AuditQuery behind(AuditRecord value) {
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
                Optional.of(Position.of(value)));
    }

    /** What is listed behind this place. */
    public AuditQuery behind(Position value) {
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
                Optional.of(value));
    }
}
