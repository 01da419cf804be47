package dev.keyturn.core.audit;

import dev.keyturn.core.identity.PrincipalId;
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
 * @param caller the principal
 * @param callerName the name of the caller, exactly
 * @param actionPrefix the action begins so, without regard to case
 * @param outcomes one of these
 * @param after only what is listed behind this record
 */
public record AuditQuery(
        Optional<Instant> from,
        Optional<Instant> until,
        Optional<Scope> within,
        Optional<Scope> resource,
        Optional<String> target,
        Optional<PrincipalId> caller,
        Optional<String> callerName,
        Optional<String> actionPrefix,
        Optional<UUID> correlation,
        List<Outcome> outcomes,
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
            Optional.empty(),
            List.of(),
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
                callerName,
                actionPrefix,
                correlation,
                outcomes,
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
                callerName,
                actionPrefix,
                correlation,
                outcomes,
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
                callerName,
                actionPrefix,
                correlation,
                outcomes,
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
                callerName,
                actionPrefix,
                correlation,
                outcomes,
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
                callerName,
                actionPrefix,
                correlation,
                outcomes,
                after);
    }

    /** By this principal. */
    public AuditQuery by(PrincipalId value) {
        return new AuditQuery(
                from,
                until,
                within,
                resource,
                target,
                Optional.of(value),
                callerName,
                actionPrefix,
                correlation,
                outcomes,
                after);
    }

    /** By whom the token named so. */
    public AuditQuery byName(String value) {
        return new AuditQuery(
                from,
                until,
                within,
                resource,
                target,
                caller,
                Optional.of(value),
                actionPrefix,
                correlation,
                outcomes,
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
                callerName,
                Optional.of(value),
                correlation,
                outcomes,
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
                callerName,
                actionPrefix,
                Optional.of(value),
                outcomes,
                after);
    }

    /** One of these came of it. */
    public AuditQuery ended(List<Outcome> value) {
        return new AuditQuery(
                from, until, within, resource, target, caller, callerName, actionPrefix, correlation, value, after);
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
                callerName,
                actionPrefix,
                correlation,
                outcomes,
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
                callerName,
                actionPrefix,
                correlation,
                outcomes,
                Optional.of(value));
    }
}
