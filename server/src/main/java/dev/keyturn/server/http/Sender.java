package dev.keyturn.server.http;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes one answer, blocking until it has left. Where the client still sends a body that nobody wants, it is listened
 * to a little longer and the bytes are dropped: a connection that is closed on unread bytes is reset, and the reset may
 * reach the client before the answer does.
 */
final class Sender {
    private static final long LINGER = TimeUnit.SECONDS.toNanos(2);
    private static final long MOST = 2L * HttpServer.MAX_BODY;

    private final Request jetty;
    private final Response out;

    Sender(Request jetty, Response out) {
        this.jetty = jetty;
        this.out = out;
    }

    /**
     * @param broken whether the request cannot be read any further
     * @param answered called once the answer is written and only what nobody wants may still come; not where all is read
     * @return why the answer could not be sent
     */
    Optional<Throwable> send(ByteBuffer body, boolean broken, Runnable answered) throws InterruptedException {
        // Who waits for "100 Continue" sends nothing yet, and a read would ask for it.
        boolean waits = jetty.getHeaders().contains(HttpHeader.EXPECT);
        boolean whole = !broken && (waits ? jetty.consumeAvailable() : drop(0));
        if (whole) {
            return write(true, body);
        }
        out.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        // What is written as the last of a connection shuts its output down, and then no more of the body can be read.
        Optional<Throwable> failure = write(false, body);
        if (failure.isEmpty() && !broken && !waits) {
            answered.run();
            drop(LINGER);
        }
        if (failure.isEmpty()) {
            failure = write(true, ByteBuffer.allocate(0));
        }
        end().close();
        return failure;
    }

    private Optional<Throwable> write(boolean last, ByteBuffer bytes) throws InterruptedException {
        CompletableFuture<Void> written = new CompletableFuture<>();
        out.write(last, bytes, Callback.from(() -> written.complete(null), written::completeExceptionally));
        try {
            written.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.ofNullable(e.getCause());
        }
    }

    /** Drops what comes of the body within the time, in nanoseconds; whether that was all of it. */
    private boolean drop(long time) throws InterruptedException {
        long until = System.nanoTime() + time;
        long dropped = 0;
        while (dropped < MOST) {
            Content.Chunk chunk = jetty.read();
            if (chunk == null) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                Semaphore more = new Semaphore(0);
                end().setIdleTimeout(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                jetty.demand(more::release);
                if (!more.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                    return false;
                }
            } else if (Content.Chunk.isFailure(chunk)) {
                return false;
            } else {
                dropped += chunk.remaining();
                chunk.release();
                if (chunk.isLast()) {
                    return true;
                }
            }
        }
        return false;
    }

    private EndPoint end() {
        return jetty.getConnectionMetaData().getConnection().getEndPoint();
    }
}
