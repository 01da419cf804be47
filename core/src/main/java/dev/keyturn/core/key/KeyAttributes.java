package dev.keyturn.core.key;

import java.time.Instant;
import java.util.Optional;

/**
 * The attributes of a key version. Times are whole seconds. {@code exportable} never changes. {@code updated} is never
 * before {@code created}, whatever the clock said.
 */
public record KeyAttributes(
        boolean enabled,
        Optional<Instant> notBefore,
        Optional<Instant> expires,
        boolean exportable,
        Instant created,
        Instant updated) {
    public KeyAttributes {
        updated = updated.isBefore(created) ? created : updated;
    }

    public boolean beforePeriod(Instant now) {
        return notBefore.filter(now::isBefore).isPresent();
    }

    public boolean expired(Instant now) {
        return expires.filter(exp -> !now.isBefore(exp)).isPresent();
    }
}
