package dev.keyturn.core.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The object id of a principal: a service principal or a managed identity. */
public record PrincipalId(UUID value) {
    public static Optional<PrincipalId> parse(String text) {
        try {
            return Optional.of(new PrincipalId(UUID.fromString(text.toLowerCase(Locale.ROOT))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
