package dev.keyturn.core.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Every way in which Keyturn refuses. The variant says what kind of refusal it is (and so the HTTP status, which one
 * mapper in the server knows); {@link #info} says what to tell the caller.
 */
public sealed interface DomainError {
    ErrorInfo info();

    /** The request itself is wrong: 400. */
    record Invalid(ErrorInfo info) implements DomainError {}

    /** No valid token: 401. */
    record Unauthenticated(ErrorInfo info) implements DomainError {}

    /** The caller, or the identity acting for it, lacks a permission; or a key that may not be used so: 403. */
    record Forbidden(ErrorInfo info) implements DomainError {}

    /** No such resource: 404. */
    record NotFound(ErrorInfo info) implements DomainError {}

    /** The method is not offered at that path: 405. */
    record MethodNotAllowed(ErrorInfo info) implements DomainError {}

    /** The present state does not allow it: 409. With a delay where the same request will do after it. */
    record Conflict(ErrorInfo info, Optional<Duration> retryAfter) implements DomainError {
        public Conflict(ErrorInfo info) {
            this(info, Optional.empty());
        }
    }

    /** {@code If-Match} or {@code If-None-Match} does not hold: 412. */
    record PreconditionFailed(ErrorInfo info) implements DomainError {}

    /** The client did not send what it began to send in the time that is given to it: 408. */
    record TooSlow(ErrorInfo info) implements DomainError {}

    /** The body is larger than what is read: 413. */
    record TooLarge(ErrorInfo info) implements DomainError {}

    /** Too many requests; try again after the delay: 429. */
    record Throttled(ErrorInfo info, Duration retryAfter) implements DomainError {}

    /** Something that is needed does not answer now (a host, the database); trying again may help: 503. */
    record Unavailable(ErrorInfo info) implements DomainError {}

    /** A field that is wrong: what is wrong with it, and what would be right. */
    static ErrorInfo field(String path, String problem) {
        return ErrorInfo.at(path, "InvalidParameter", problem);
    }

    /** All wrong fields of one request in one refusal. */
    static Invalid invalid(List<ErrorInfo> problems) {
        if (problems.size() == 1) {
            return new Invalid(problems.getFirst());
        }
        String message = problems.size() + " fields are wrong: "
                + String.join("; ", problems.stream().map(ErrorInfo::message).toList());
        return new Invalid(ErrorInfo.of("InvalidParameter", message).with(problems));
    }

    static Invalid invalid(String path, String problem) {
        return new Invalid(field(path, problem));
    }

    static NotFound notFound(ArmId id) {
        if (id.isGroup()) {
            return new NotFound(
                    ErrorInfo.of("ResourceGroupNotFound", "Resource group '" + id.name() + "' could not be found."));
        }
        String where = id.root() instanceof ArmRoot.Group group
                ? "The Resource '" + id.type() + "/" + id.name() + "' under resource group '" + group.name() + "'"
                : "The Resource '" + id + "'";
        return new NotFound(ErrorInfo.of("ResourceNotFound", where + " was not found."));
    }

    /** Other requests changed it while this one was at work; the same request may be sent again. */
    static Conflict changedMeanwhile(ArmId id) {
        return new Conflict(
                ErrorInfo.at(
                        id.toString(),
                        "Conflict",
                        "'" + id.name() + "' was changed by another request at the same time. Try again."),
                Optional.of(Duration.ofSeconds(1)));
    }

    static Conflict notAllowed(String message, List<ErrorInfo> details) {
        return new Conflict(ErrorInfo.of("OperationNotAllowed", message).with(details));
    }

    static Conflict notAllowed(String message) {
        return notAllowed(message, List.of());
    }

    default DomainException asException() {
        return new DomainException(this);
    }
}
