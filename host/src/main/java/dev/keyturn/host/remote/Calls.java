package dev.keyturn.host.remote;

import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.LeaseLostException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls over a wire, and waits for none of them longer than its limit: each is carried on a thread of its own,
 * which is interrupted once nobody waits for it. Thread-safe.
 */
final class Calls {
    private final String host;
    private final Limits limits;
    private final HostWire wire;

    Calls(String host, Limits limits, HostWire wire) {
        this.host = host;
        this.limits = limits;
        this.wire = wire;
    }

    /** What the wire told. */
    private sealed interface Told {
        record Heard(byte[] frame) implements Told {}

        record Failed(Throwable cause) implements Told {}

        record Ended() implements Told {}
    }

    void order(WireCall call, Consumer<WireWriter> write) {
        order(call, Progress.UNHEARD, write);
    }

    void order(WireCall call, Progress progress, Consumer<WireWriter> write) {
        var _ = call(call, progress, write, _ -> true);
    }

    <T> T ask(WireCall call, Consumer<WireWriter> write, WireReader.Read<T> read) {
        return call(call, Progress.UNHEARD, write, read);
    }

    private <T> T call(WireCall call, Progress progress, Consumer<WireWriter> write, WireReader.Read<T> read) {
        WireWriter out = new WireWriter();
        byte[] request;
        try {
            write.accept(out);
        } finally {
            request = out.take();
        }
        if (request.length > HostWire.LARGEST_REQUEST) {
            Arrays.fill(request, (byte) 0);
            throw new IllegalStateException("a call to the host '" + host + "' about more than goes into one request: "
                    + request.length + " bytes");
        }
        BlockingQueue<Told> told = new LinkedBlockingQueue<>();
        Thread carrier = Thread.ofVirtual().name(call.wire() + " at " + host).start(() -> carry(call, request, told));
        try {
            return WireReader.whole(answer(call, progress, told), read);
        } catch (WireFormatException e) {
            throw unavailable(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("it was asked, and the asking was interrupted");
        } finally {
            carrier.interrupt();
        }
    }

    private void carry(WireCall call, byte[] request, BlockingQueue<Told> told) {
        try {
            wire.carry(host, call, request, frame -> told.add(new Told.Heard(frame)));
            told.add(new Told.Ended());
        } catch (IOException | InterruptedException | RuntimeException | LinkageError | AssertionError e) {
            told.add(new Told.Failed(e));
        } finally {
            Arrays.fill(request, (byte) 0);
        }
    }

    private byte[] answer(WireCall call, Progress progress, BlockingQueue<Told> told)
            throws InterruptedException, WireFormatException {
        Duration limit = call.question() ? limits.question() : limits.silence();
        long begun = System.nanoTime();
        while (true) {
            long waited = call.question() ? System.nanoTime() - begun : 0;
            @Nullable Told next = told.poll(limit.toNanos() - waited, TimeUnit.NANOSECONDS);
            switch (next) {
                case null -> throw unavailable("nothing was heard of it for " + limit.toMillis() + " ms");
                case Told.Failed failed -> throw failed(failed.cause());
                case Told.Ended _ -> throw unavailable("the answer ended early");
                case Told.Heard heard -> {
                    switch (Frame.of(heard.frame())) {
                        case Frame.Busy _ -> {}
                        case Frame.Percent p -> progress.at(p.percent());
                        case Frame.Returned r -> {
                            return r.value();
                        }
                        case Frame.Refused r -> throw r.error().asException();
                        case Frame.Fenced f -> throw LeaseLostException.toldElsewhere(f.message());
                        case Frame.Broken _ ->
                            throw new IllegalStateException(
                                    "the host '" + host
                                            + "' failed in a way that is a bug; the log of the node that serves it has the cause");
                    }
                }
            }
        }
    }

    private RuntimeException failed(Throwable cause) {
        return switch (cause) {
            case DomainException refused -> refused;
            case IOException lost -> unavailable(String.valueOf(lost.getMessage()));
            case InterruptedException _ -> unavailable("it was asked, and the asking was interrupted");
            default -> new IllegalStateException("the wire to the host '" + host + "' failed", cause);
        };
    }

    private RuntimeException unavailable(String why) {
        return new DomainError.Unavailable(ErrorInfo.at(
                        host,
                        "HostNotReachable",
                        "The host '" + host + "' is served by another node, which does not answer: " + why + "."))
                .asException();
    }
}
