package dev.keyturn.keys.software;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.Errand;
import dev.keyturn.core.model.ErrorInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A few platform threads for what burns processor time for milliseconds. On virtual threads such work would keep the
 * carriers from everything else the server does (measured: p99 of other requests 180 ms and more, against 5-8 ms with
 * this pool). Who waits here waits on a virtual thread, which costs nothing. Principals take turns ({@link Turns}), and
 * what has not begun when its client hangs up is dropped. Thread-safe.
 */
final class CryptoPool implements AutoCloseable {
    private static final int QUEUE = 4096;
    /** Work that is done within this time is not worth watching its client for. */
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ThreadPoolExecutor threads;
    private final Turns<Job<?>> turns;
    private final Duration retryAfter;

    /** One piece of work; {@code cancel} makes it an empty one. */
    private static final class Job<T> extends FutureTask<T> {
        private final Optional<String> principal;
        private final boolean spare;

        Job(Callable<T> work, Optional<String> principal, boolean spare) {
            super(work);
            this.principal = principal;
            this.spare = spare;
        }
    }

    /**
     * @param atOnce how many threads one principal may occupy
     * @param retryAfter what is told to a principal that has {@code perPrincipal} pieces of work here already
     */
    CryptoPool(String name, int size, int atOnce, int perPrincipal, Duration retryAfter) {
        this.turns = new Turns<>(QUEUE, perPrincipal, atOnce, size - 1);
        this.retryAfter = retryAfter;
        threads = new ThreadPoolExecutor(
                size,
                size,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name + "-", 1).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    <T> T call(Callable<T> work) throws Exception {
        Optional<Errand> errand = Errand.current();
        Optional<String> principal = errand.map(Errand::principal);
        Job<T> job = new Job<>(work, principal, false);
        if (!turns.offer(principal, job)) {
            throw new DomainError.Throttled(
                            ErrorInfo.of(
                                    "Throttled",
                                    "More key operations of this principal, or of all, are waiting than this server can"
                                            + " do soon."),
                            retryAfter)
                    .asException();
        }
        try {
            threads.execute(this::next); // which job a run does is decided when it begins
        } catch (RejectedExecutionException e) {
            turns.drop(principal, job);
            throw unavailable("The server is stopping.");
        }
        try {
            return await(job, errand);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (InterruptedException e) {
            turns.drop(principal, job);
            Thread.currentThread().interrupt();
            throw unavailable("The server is stopping.");
        } catch (CancellationException e) {
            throw unavailable("The client hung up before this began.");
        }
    }

    /**
     * Does what nobody waits for, once nothing else may begin and nothing else of the principal that it is for is here.
     * One thread at least is left for what somebody waits for. Drops it where the server is stopping.
     */
    void spare(String principal, Runnable work) {
        turns.offerSpare(principal, new Job<>(Executors.callable(work), Optional.of(principal), true));
        lookAgain();
    }

    int waiting() {
        return turns.waiting();
    }

    private <T> T await(Job<T> job, Optional<Errand> errand) throws InterruptedException, ExecutionException {
        if (errand.isEmpty()) {
            return job.get();
        }
        try {
            return job.get(SHORT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            try (Errand.Watch _ = errand.get().whenAbandoned(() -> abandon(job))) {
                return job.get();
            }
        }
    }

    private void abandon(Job<?> job) {
        if (turns.drop(job.principal, job)) {
            job.cancel(false);
            lookAgain(); // what is spare may have waited for it
        }
    }

    private void lookAgain() {
        try {
            threads.execute(this::next);
        } catch (RejectedExecutionException e) {
            // the server is stopping
        }
    }

    private void next() {
        turns.next().ifPresent(job -> {
            try {
                job.run();
            } finally {
                if (job.spare) {
                    turns.doneSpare(job.principal.orElseThrow());
                } else {
                    turns.done(job.principal);
                }
                if (turns.waiting() > 0) {
                    lookAgain(); // something may have waited for this one, and its run found nothing
                }
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static RuntimeException unavailable(String message) {
        return new DomainError.Unavailable(ErrorInfo.of("ServiceUnavailable", message)).asException();
    }
}
