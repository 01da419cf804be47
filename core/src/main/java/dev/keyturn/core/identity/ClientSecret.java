package dev.keyturn.core.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One secret of a service principal as it is stored: only a hash. {@code hint} are the first three characters, by which
 * a person tells secrets apart (Azure shows the same).
 */
public record ClientSecret(
        UUID keyId,
        PrincipalId principal,
        byte[] hash,
        String hint,
        String displayName,
        Instant createdAt,
        Optional<Instant> expiresAt) {}
