package dev.keyturn.server.http;

import dev.keyturn.core.model.Errand;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Sends an answer that goes on, until it ends, the client is gone or takes a piece too slowly, or the server stops. The
 * connection is closed then.
 */
final class Streaming {
    private final Request jetty;
    private final Response out;
    private final Streams streams;
    private final Connections connections;
    private final Connections.Visit visit;

    Streaming(Request jetty, Response out, Streams streams, Connections connections, Connections.Visit visit) {
        this.jetty = jetty;
        this.out = out;
        this.streams = streams;
        this.connections = connections;
        this.visit = visit;
    }

    /** Whether the client got all of it, to its end. */
    boolean send(Pieces pieces) {
        EndPoint end = jetty.getConnectionMetaData().getConnection().getEndPoint();
        end.setIdleTimeout(0); // a deadline of its own holds while a piece is sent
        try {
            return streams.enter() && all(pieces) && write(true, new byte[0]);
        } catch (InterruptedException e) {
            return false; // the client is gone, or the server stops: there is no more to say
        } finally {
            streams.leave();
            Thread.interrupted(); // the interrupt was for the stream, which has ended
            end.close();
        }
    }

    private boolean all(Pieces pieces) throws InterruptedException {
        Thread own = Thread.currentThread();
        try (Errand.Watch _ = HangUp.watch(jetty, () -> streams.end(own))) {
            boolean taken = write(false, new byte[0]); // the head, so that the client knows that it is let in
            while (taken) {
                Optional<byte[]> piece = pieces.next();
                if (piece.isEmpty()) {
                    return true;
                }
                taken = write(false, piece.get());
            }
            return false;
        }
    }

    /** False where it could not be sent. */
    private boolean write(boolean last, byte[] bytes) throws InterruptedException {
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        connections.answering(visit, bytes.length);
        out.write(
                last,
                ByteBuffer.wrap(bytes),
                Callback.from(() -> written.complete(true), _ -> written.complete(false)));
        try {
            return written.get();
        } catch (ExecutionException e) {
            return false;
        } finally {
            connections.handling(visit);
        }
    }
}
