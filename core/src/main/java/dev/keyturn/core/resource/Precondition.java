package dev.keyturn.core.resource;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code If-Match} and {@code If-None-Match} ask of a resource before it is written (RFC 9110, section 13). Must
 * be checked in the transaction that writes; an ETag is the resource's revision.
 */
public record Precondition(Optional<Tags> ifMatch, Optional<Tags> ifNoneMatch) {
    /** Asks for nothing. */
    public static final Precondition NONE = new Precondition(Optional.empty(), Optional.empty());

    /** Only while there is no such resource. */
    public static final Precondition ABSENT = new Precondition(Optional.empty(), Optional.of(new Tags(true, Set.of())));

    /** One header's list of entity tags, without quotes; {@code any} is {@code *}. */
    public record Tags(boolean any, Set<String> values) {
        public Tags {
            values = Set.copyOf(values);
        }

        boolean include(Resource resource) {
            return any || values.contains(Long.toString(resource.revision()));
        }
    }

    /** Only while the resource is at this revision. */
    public static Precondition revision(long revision) {
        return new Precondition(Optional.of(new Tags(false, Set.of(Long.toString(revision)))), Optional.empty());
    }

    /** Refuses as {@code PreconditionFailed} where it does not hold. */
    public void check(ArmId id, Optional<Resource> present) {
        if (ifMatch.isPresent() && !present.map(ifMatch.get()::include).orElse(false)) {
            throw failed(
                    id,
                    "If-Match",
                    present.map(r -> "it is at ETag \"" + r.revision() + "\"").orElse("it does not exist"));
        }
        if (ifNoneMatch.isPresent() && present.map(ifNoneMatch.get()::include).orElse(false)) {
            throw failed(
                    id, "If-None-Match", "it exists at ETag \"" + present.get().revision() + "\"");
        }
    }

    private static RuntimeException failed(ArmId id, String header, String why) {
        return new DomainError.PreconditionFailed(ErrorInfo.at(
                        id.toString(),
                        "PreconditionFailed",
                        "The condition of the header " + header + " does not hold for '" + id.name() + "': " + why
                                + "."))
                .asException();
    }
}
