package dev.keyturn.core.door;

import dev.keyturn.core.audit.AuditEntry;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** The answer no, and to which question. */
record Refused(Ask ask, DomainError error) {
    /** The first of the question's parts that is refused. */
    static Optional<Refused> of(Tx tx, Call call, Ask ask) {
        return ask.parts().stream()
                .flatMap(part -> part.refusal(tx, call).map(e -> new Refused(part, e)).stream())
                .findFirst();
    }

    AuditEntry entry(Call call, Optional<String> target, RefusalLimit.Place place) {
        return new AuditEntry(
                call,
                ask.action(),
                ask.at(),
                target,
                Outcome.REFUSED,
                Optional.of(error.info().code() + place.remark()),
                Optional.empty());
    }

    /** As the answer says it. */
    static String code(Throwable failure) {
        return failure instanceof DomainException refusal
                ? refusal.error().info().code()
                : "InternalServerError";
    }
}
