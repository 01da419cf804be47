package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * Reads one body, blocking, in the time that its bytes are allowed: after n bytes the next must come within the grace
 * plus what n bytes take at the least rate. What is held was taken from the budget first. For one thread.
 */
final class BodyReader {
    private static final long SPARE = TimeUnit.SECONDS.toNanos(5);

    private final Request jetty;
    private final Gates gates;
    private final Optional<String> principal;
    private byte[] bytes = new byte[0];
    private int length;
    private long taken;
    private boolean broken;

    /** @param principal whose share what is held is taken from; absent for a small body that nobody is known to send */
    BodyReader(Request jetty, Gates gates, Optional<String> principal) {
        this.jetty = jetty;
        this.gates = gates;
        this.principal = principal;
    }

    byte[] read(int most) {
        if (jetty.getLength() > most) {
            throw tooLarge(most);
        }
        EndPoint end = jetty.getConnectionMetaData().getConnection().getEndPoint();
        long idle = end.getIdleTimeout();
        long begun = gates.nanos.getAsLong();
        try {
            while (true) {
                Content.Chunk chunk = jetty.read();
                if (chunk == null) {
                    await(end, begun + gates.allowed(length) - gates.nanos.getAsLong());
                } else if (Content.Chunk.isFailure(chunk)) {
                    boolean passing = !chunk.isLast() && chunk.getFailure() instanceof TimeoutException;
                    if (!passing || gates.nanos.getAsLong() - begun >= gates.allowed(length)) {
                        throw passing ? tooSlow() : cutShort();
                    }
                } else {
                    boolean last = chunk.isLast();
                    try {
                        add(chunk.getByteBuffer(), most);
                    } finally {
                        chunk.release();
                    }
                    if (last) {
                        if (length < bytes.length) {
                            byte[] read = bytes;
                            bytes = Arrays.copyOf(read, length);
                            Arrays.fill(read, (byte) 0);
                        }
                        return bytes;
                    }
                }
            }
        } finally {
            end.setIdleTimeout(idle);
        }
    }

    /** Lets go of what was taken from the budget. */
    void release() {
        principal.ifPresent(who -> gates.bodies.give(who, taken));
        taken = 0;
        bytes = new byte[0];
    }

    /** Whether the connection cannot be used for anything after the answer. */
    boolean broken() {
        return broken;
    }

    private void await(EndPoint end, long left) {
        if (left <= 0) {
            throw tooSlow();
        }
        Semaphore more = new Semaphore(0);
        end.setIdleTimeout(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        jetty.demand(more::release);
        try {
            // the idle timeout releases it too; the rest is for a timeout that is lost
            if (!more.tryAcquire(left + SPARE, TimeUnit.NANOSECONDS)) {
                end.close();
                throw tooSlow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cutShort();
        }
    }

    private void add(ByteBuffer more, int most) {
        int count = more.remaining();
        if (count > most - length) {
            throw tooLarge(most);
        }
        if (count > bytes.length - length) {
            int declared = (int) Math.max(0, Math.min(most, jetty.getLength()));
            int next = Math.max(length + count, Math.min(most, Math.max(2 * bytes.length, 1024)));
            grow(declared > 0 && length + count <= declared ? Math.min(next, declared) : next);
        }
        more.get(bytes, length, count);
        length += count;
    }

    private void grow(int size) {
        if (principal.isPresent()) {
            gates.takeBody(principal.get(), size - bytes.length);
            taken += size - bytes.length;
        }
        byte[] before = bytes;
        bytes = Arrays.copyOf(before, size);
        Arrays.fill(before, (byte) 0); // a body may hold keys; whoever asked for it has the one copy
    }

    private RuntimeException tooSlow() {
        broken = true;
        return new DomainError.TooSlow(ErrorInfo.of(
                        "RequestTimeout", "The request body did not come within the time that is given to it."))
                .asException();
    }

    /** Where nobody is left to read the answer it is dropped. */
    private RuntimeException cutShort() {
        broken = true;
        return new DomainError.Invalid(ErrorInfo.of(
                        "InvalidRequestContent", "The request body ended early or is not well-formed HTTP."))
                .asException();
    }

    private static RuntimeException tooLarge(int most) {
        return new DomainError.TooLarge(
                        ErrorInfo.of("RequestEntityTooLarge", "The request body is larger than " + most + " bytes."))
                .asException();
    }
}
