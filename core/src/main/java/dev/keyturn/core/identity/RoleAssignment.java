package dev.keyturn.core.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One grant: {@code principal} has {@code role} (the id of a {@link Role}) at {@code scope} and everything below.
 * {@code name} is the id that the client chose; unique within its scope. There is at most one assignment for each
 * triple of scope, role and principal.
 */
public record RoleAssignment(
        UUID name,
        Scope scope,
        UUID role,
        PrincipalId principal,
        Optional<String> description,
        Instant createdAt,
        String createdBy,
        HolderKind holder) {}
