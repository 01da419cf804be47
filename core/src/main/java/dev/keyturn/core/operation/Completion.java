package dev.keyturn.core.operation;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/**
 * The last step of an operation: brings the resource into its final state, in the same transaction that ends the
 * operation. Returns the error with which the operation fails, or nothing when it succeeded.
 */
@FunctionalInterface
public interface Completion {
    Optional<ErrorInfo> apply(Tx tx);
}
