package dev.keyturn.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a check that costs something, shared by all who ask: it runs when somebody asks and the last answer is
 * older than {@code fresh}, never twice at once. So anybody may ask as often as he likes. A run that does not end within
 * {@code patience} is itself the answer, for all who ask until it ends. Thread-safe.
 */
final class SharedCheck {
    /** Says what is wrong, empty where nothing is; may take long, may throw. */
    interface Check extends Supplier<Optional<String>> {}

    private record Run(CompletableFuture<Optional<String>> answer, long begun) {}

    private final Check check;
    private final Duration fresh;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Executor executor;
    private @Nullable Run last;

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    SharedCheck(Check check, Duration fresh, Duration patience, LongSupplier nanos, Executor executor) {
        this.check = check;
        this.fresh = fresh;
        this.patience = patience;
        this.nanos = nanos;
        this.executor = executor;
    }

    /** What is wrong, as known from a run that began at most {@code fresh} ago; empty where nothing is. */
    Optional<String> problem() {
        Run run = current();
        long left = patience.toNanos() - (nanos.getAsLong() - run.begun());
        try {
            return run.answer().isDone()
                    ? run.answer().get()
                    : run.answer().get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.of("The check does not end.");
        } catch (ExecutionException e) {
            return Optional.of("The check failed.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("The server is stopping.");
        }
    }

    private Run current() {
        Run begun;
        synchronized (this) {
            Run known = last;
            boolean old = known != null && nanos.getAsLong() - known.begun() >= fresh.toNanos();
            if (known != null && !(old && known.answer().isDone())) {
                return known;
            }
            begun = new Run(new CompletableFuture<>(), nanos.getAsLong());
            last = begun;
        }
        executor.execute(() -> {
            try {
                begun.answer().complete(check.get());
            } catch (RuntimeException e) {
                begun.answer().completeExceptionally(e);
            } catch (Error e) {
                begun.answer().completeExceptionally(e);
                throw e;
            }
        });
        return begun;
    }
}
