package dev.keyturn.core.operation;

import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The right to work on one operation. All that a handler writes goes through {@link #write}, which does nothing and
 * throws {@link LeaseLostException} once another runner has taken the operation over.
 */
public interface Lease {
    /** The number under which hosts take orders from this lease. */
    Fence fence();

    /**
     * From now on {@link #fence} is a new number, higher than any so far. A host that is given it takes no order under an
     * earlier one any more, not even one of this very claim whose answer nobody waits for any longer.
     */
    Fence refence();

    <T> T read(Function<Tx, T> work);

    <T> T write(Function<Tx, T> work);

    /** Lets clients see how far the operation has come, in percent; written when it has come a good deal further. */
    void progress(int percent);

    default void run(Consumer<Tx> work) {
        Hit done = write(tx -> {
            work.accept(tx);
            return Hit.HIT;
        });
        done.require(work);
    }
}
