package dev.keyturn.core.identity;

import dev.keyturn.core.model.Guid;
import java.util.Optional;
import java.util.UUID;

/** The object id of a principal: a service principal or a managed identity. */
public record PrincipalId(UUID value) {
    public static Optional<PrincipalId> parse(String text) {
        return Guid.parse(text).map(PrincipalId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
