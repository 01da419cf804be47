package dev.keyturn.server.http;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
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
     * @return why the answer could not be sent
     */
    Optional<Throwable> send(ByteBuffer body, boolean broken) throws InterruptedException {
        boolean whole = !broken && jetty.consumeAvailable(); // where not, Jetty adds Connection: close
        CompletableFuture<Void> written = new CompletableFuture<>();
        out.write(true, body, Callback.from(() -> written.complete(null), written::completeExceptionally));
        try {
            written.get();
        } catch (ExecutionException e) {
            return Optional.ofNullable(e.getCause());
        }
        if (!whole) {
            if (!broken && !jetty.getHeaders().contains(HttpHeader.EXPECT)) {
                linger();
            }
            end().close();
        }
        return Optional.empty();
    }

    private void linger() throws InterruptedException {
        long until = System.nanoTime() + LINGER;
        long dropped = 0;
        while (dropped < MOST) {
            Content.Chunk chunk = jetty.read();
            if (chunk == null) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                Semaphore more = new Semaphore(0);
                end().setIdleTimeout(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                jetty.demand(more::release);
                if (!more.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                    return;
                }
            } else if (Content.Chunk.isFailure(chunk)) {
                return;
            } else {
                dropped += chunk.remaining();
                chunk.release();
                if (chunk.isLast()) {
                    return;
                }
            }
        }
    }

    private EndPoint end() {
        return jetty.getConnectionMetaData().getConnection().getEndPoint();
    }
}
