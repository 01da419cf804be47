package dev.keyturn.core.operation;

import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;

/**
 * Does one kind of operation. {@link #run} may be called again from its start at any time (the process was killed
 * anywhere): every step must find out for itself whether it was done already.
 */
public interface OperationHandler {
    OperationKind kind();

    /**
     * Does the work and returns its last step. A {@link DomainException} other than
     * {@code Unavailable} ends the operation as failed, after {@link #failed}; {@code Unavailable} and any other exception
     * are tried again a few times with a growing delay, and then end it likewise, unless it is never given up.
     */
    Completion run(Operation operation, Lease lease);

    /**
     * Whether the operation ends as failed after a few failures; one that is not given up is tried until it succeeds,
     * at least every five minutes, whatever it meets.
     */
    default boolean givesUp() {
        return true;
    }

    /**
     * Gives the hosts a new number ({@link Lease#refence}) for all that orders under earlier ones of this operation may be
     * about, so that none which is still on its way does anything when it arrives. Called before the operation ends as
     * failed, where an order may have been given at all. Nothing for what gives no orders, or is never given up.
     *
     * @throws DomainException where a host does not answer: the operation does not end then, and is run again
     */
    default void fenceOff(Operation operation, Lease lease) {}

    /** Brings the resource into the state it has after this failure, in the transaction that ends the operation. */
    void failed(Tx tx, Operation operation, ErrorInfo error);
}
