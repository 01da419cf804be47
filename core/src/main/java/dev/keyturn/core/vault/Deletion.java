package dev.keyturn.core.vault;

import java.time.Instant;

/** A soft deletion: when it happened, and from when on the thing is purged by itself. */
public record Deletion(Instant at, Instant purgeAt) {
    public Deletion {
        if (purgeAt.isBefore(at)) {
            throw new IllegalArgumentException("purged before it was deleted");
        }
    }
}
