package dev.keyturn.core.operation;

import dev.keyturn.core.model.Guid;
import java.util.Optional;
import java.util.UUID;

/** The id of an operation: a UUID, as Azure's clients see it in the poll address. */
public record OperationId(UUID value) {
    public static Optional<OperationId> parse(String text) {
        return Guid.parse(text).map(OperationId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
