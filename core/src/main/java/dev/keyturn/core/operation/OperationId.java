package dev.keyturn.core.operation;

import java.util.Optional;
import java.util.UUID;

/** The id of an operation: a UUID, as Azure's clients see it in the poll address. */
public record OperationId(UUID value) {
    public static Optional<OperationId> parse(String text) {
        try {
            return Optional.of(new OperationId(UUID.fromString(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
