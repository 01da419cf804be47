package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs calls into native code, or to a file system that may hang, on threads of their own: such a call would pin the few
 * carriers that virtual threads have, and it can be waited for no longer than one likes. Thread-safe.
 */
final class NativeCalls implements AutoCloseable {
    /** A libvirt that hangs keeps the threads of those who ask it. */
    private static final int MOST = 64;

    private final String host;
    private final String who;
    private final Semaphore free = new Semaphore(MOST);
    private final ExecutorService threads;

    NativeCalls(String host) {
        this(host, "The host '" + host + "'", "libvirt-");
    }

    private NativeCalls(String host, String who, String threads) {
        this.host = host;
        this.who = who;
        this.threads = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name(threads + host + "-", 0).factory());
    }

    /** For questions to a host's storage directory, which may be on a file server that is gone. */
    static NativeCalls ofStorage(String host) {
        return new NativeCalls(host, "The storage directory of the host '" + host + "'", "storage-");
    }

    /**
     * The call's answer. One that takes longer than {@code limit} goes on by itself and is not heard any more.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Unavailable} once the limit is over
     */
    <T> T within(Duration limit, Callable<T> call) {
        if (!free.tryAcquire()) {
            throw unavailable("does not answer; " + MOST + " questions are waiting for it");
        }
        Future<T> answer = threads.submit(() -> {
            try {
                return call.call();
            } finally {
                free.release();
            }
        });
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unavailable("did not answer within " + limit.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was asked, and the asking was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException told) {
                throw told;
            }
            throw new IllegalStateException("a call to libvirt failed", e.getCause());
        }
    }

    RuntimeException unavailable(String what) {
        return new DomainError.Unavailable(ErrorInfo.at(host, "HostNotReachable", who + " " + what + "."))
                .asException();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
