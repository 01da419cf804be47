package dev.keyturn.store.engine;

import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work on its way through a store thread: run there, its outcome held back until it is durable, then handed to the
 * caller that waits for it.
 */
final class Job<T> {
    private final Function<Tx, T> work;
    private final long since;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private Set<String> written = Set.of();
    private @Nullable T value;
    private @Nullable Throwable failure;

    /** {@code since}: when it began to wait, in the nanoseconds of its queue. */
    Job(Function<Tx, T> work, long since) {
        this.work = work;
        this.since = since;
    }

    /** The tables that its last run changed. */
    Set<String> written() {
        return written;
    }

    long since() {
        return since;
    }

    boolean failed() {
        return failure != null;
    }

    /** Whether its work ended in an Error, which may have left the driver in the middle of a call. */
    boolean brokeOff() {
        return failure instanceof Error;
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
        failure = null;
        try {
            value = work.apply(tx);
        } catch (Throwable e) { // belongs to the caller, not to this thread
            if (VitalThreads.endsProcess(e)) {
                throw e;
            }
            failure = tx.wantsToBeAlone() ? null : e;
        } finally {
            tx.close();
            written = tx.written();
        }
        if (tx.wantsToBeAlone()) {
            return Result.ALONE;
        }
        if (failure == null && tx.failed()) {
            // PostgreSQL would answer its commit with a roll-back, and the driver with silence
            failure = new IllegalStateException("a statement failed, and the work went on as if it had not");
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

    /** Waits up to the limit, whether interrupted or not: an interrupt cannot take a transaction back. */
    T await(Duration limit) throws TimeoutException {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return outcome.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw told(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException told(@Nullable Throwable failure) {
        return switch (failure) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException(failure);
        };
    }
}
