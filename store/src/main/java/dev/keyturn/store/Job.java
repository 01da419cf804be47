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

    /** Runs the work in the transaction; false where it failed, so that what it did must be rolled back. */
    boolean run(Statements statements, DatabaseFailures failures) {
        SqlTx tx = new SqlTx(statements, failures);
        try {
            value = work.apply(tx);
            return true;
        } catch (Throwable e) { // whatever it is belongs to the caller, not to this thread
            failure = e;
            return false;
        } finally {
            tx.close();
        }
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
