package dev.keyturn.core.people;

import dev.keyturn.core.identity.PrincipalId;
import java.time.Duration;
import java.time.Instant;

/** With it a person sets a password, once. {@code id} is the hash of what the link carries. */
public record Link(String id, PrincipalId person, Instant expiresAt) {
    /** From its making on. */
    public static final Duration LIFETIME = Duration.ofHours(24);
}
