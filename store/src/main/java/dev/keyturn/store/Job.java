package dev.keyturn.store;

import dev.keyturn.core.tx.Tx;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work on its way through a store thread: run there, its outcome held back until it is durable, then handed to the
 * caller that waits for it.
 */
final class Job<T> {
    private final Function<Tx, T> work;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private @Nullable T value;
    private @Nullable Throwable failure;

    Job(Function<Tx, T> work) {
        this.work = work;
    }

    boolean failed() {
        return failure != null;
    }

    /** How a run of the work ended; what it did must be rolled back unless it is {@code DONE}. */
    enum Result {
        DONE,
        FAILED,
        /** It needs a transaction that it does not share, and is to be run again in one. */
        ALONE
    }

    Result run(Statements statements, DatabaseFailures failures, boolean shared) {
        SqlTx tx = new SqlTx(statements, failures, shared);
        try {
            value = work.apply(tx);
        } catch (Throwable e) { // whatever it is belongs to the caller, not to this thread
            failure = tx.wantsToBeAlone() ? null : e;
        } finally {
            tx.close();
        }
        if (tx.wantsToBeAlone()) {
            return Result.ALONE;
        }
        return failure == null ? Result.DONE : Result.FAILED;
    }

    /** The transaction as a whole failed: so did the work, unless it had a reason of its own. */
    void lost(Throwable reason) {
        failure = Optional.ofNullable(failure).orElse(reason);
    }

    void publish() {
        if (failure != null) {
            outcome.completeExceptionally(failure);
        } else {
            outcome.complete(value);
        }
    }

    /** Waits, whether interrupted or not: an interrupt cannot take a transaction back. */
    T await() {
        Outcome<T> result = outcome.handle(Outcome<T>::new).join();
        return switch (result.failure()) {
            case null -> result.value();
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        };
    }

    private record Outcome<T>(T value, @Nullable Throwable failure) {}
}
