package dev.keyturn.keys.software;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few platform threads for what burns processor time for milliseconds. On virtual threads such work would keep the
 * carriers from everything else the server does (measured: p99 of other requests 180 ms and more, against 5-8 ms with
 * this pool). Who waits here waits on a virtual thread, which costs nothing. Thread-safe.
 */
final class CryptoPool implements AutoCloseable {
    private static final int QUEUE = 4096;
    private final ThreadPoolExecutor threads;

    CryptoPool(String name, int size) {
        threads = new ThreadPoolExecutor(
                size,
                size,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(QUEUE),
                Thread.ofPlatform().name(name + "-", 1).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    <T> T call(Callable<T> work) throws Exception {
        Future<T> result;
        try {
            result = threads.submit(work);
        } catch (RejectedExecutionException e) {
            throw new DomainError.Throttled(
                            ErrorInfo.of("Throttled", "More key operations are waiting than this server can do soon."),
                            Duration.ofSeconds(1))
                    .asException();
        }
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (InterruptedException e) {
            result.cancel(false);
            Thread.currentThread().interrupt();
            throw new DomainError.Unavailable(ErrorInfo.of("ServiceUnavailable", "The server is stopping."))
                    .asException();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
