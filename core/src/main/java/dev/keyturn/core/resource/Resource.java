package dev.keyturn.core.resource;

import dev.keyturn.core.model.ArmId;
import java.time.Instant;
import java.util.Map;

/**
 * What every Azure resource has. {@code document} is the JSON object that the client sent as its body, secrets taken
 * out, kept so that fields Keyturn does not know come back as they were; the typed fields of a feature win over it.
 * {@code revision} grows with each change and is the ETag.
 */
public record Resource(
        ArmId id,
        String location,
        Map<String, String> tags,
        String document,
        ProvisioningState state,
        long revision,
        Instant createdAt,
        Instant changedAt) {
    public Resource {
        tags = Map.copyOf(tags);
        changedAt = changedAt.isBefore(createdAt) ? createdAt : changedAt; // a clock that was set back in between
    }

    /** A resource as it is before the store has it: revision 1. */
    public static Resource created(
            ArmId id,
            String location,
            Map<String, String> tags,
            String document,
            ProvisioningState state,
            Instant now) {
        return new Resource(id, location, tags, document, state, 1, now, now);
    }

    public Resource in(ProvisioningState next, Instant now) {
        return new Resource(id, location, tags, document, next, revision + 1, createdAt, now);
    }

    public Resource with(Map<String, String> newTags, String newDocument, Instant now) {
        return new Resource(id, location, newTags, newDocument, state, revision + 1, createdAt, now);
    }

    /** One change, and so one revision. */
    public Resource with(Map<String, String> newTags, String newDocument, ProvisioningState next, Instant now) {
        return new Resource(id, location, newTags, newDocument, next, revision + 1, createdAt, now);
    }

    /** A change of something that is not in here. */
    public Resource changed(Instant now) {
        return in(state, now);
    }
}
