package dev.keyturn.core.tx;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs work in transactions. Two writes never interleave: each sees all that earlier writes did, which is what the
 * interlock between a rotation and the start of a VM rests on.
 *
 * <p>Work is short, does no I/O other than through stores, has no effect outside of the transaction, and may be run
 * more than once (a serialization failure, or a group commit that had to be taken apart). It may be run on another
 * thread. When it throws, nothing of it stays and the exception reaches the caller as it is. When {@link #write}
 * returns, the change is durable.
 *
 * <p>Thread-safe. Must not be nested.
 */
public interface Transactions {
    <T> T read(Function<Tx, T> work);

    <T> T write(Function<Tx, T> work);

    default void run(Consumer<Tx> work) {
        Hit done = write(tx -> {
            work.accept(tx);
            return Hit.HIT;
        });
        done.require(work);
    }
}
