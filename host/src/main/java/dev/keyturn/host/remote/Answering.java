package dev.keyturn.host.remote;

import dev.keyturn.core.model.DomainError;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one call that is being carried out, frame by frame. The call goes on where nobody takes them any more: its
 * fence says whose order it is. For one reader.
 */
public final class Answering {
    /** How often whoever waits is told that the order is being carried out. */
    static final Duration OFTEN = Duration.ofSeconds(1);

    private final BlockingQueue<Frame> told = new LinkedBlockingQueue<>();
    private final Duration often;
    private volatile int percent;
    private int toldPercent;
    private boolean ended;

    Answering(Duration often) {
        this.often = often;
    }

    /** Of a call that nobody carries out. */
    public static Answering refused(DomainError error) {
        Answering answering = new Answering(OFTEN);
        answering.end(new Frame.Refused(error));
        return answering;
    }

    /** Of what was told the last counts: a listener is not told every step of a long copy. */
    void at(int reached) {
        percent = reached;
    }

    void end(Frame last) {
        told.add(last);
    }

    /** The next frame, within a second; empty behind the last one. */
    public Optional<byte[]> next() throws InterruptedException {
        if (ended) {
            return Optional.empty();
        }
        @Nullable Frame next = told.poll(often.toMillis(), TimeUnit.MILLISECONDS);
        if (next != null) {
            ended = true;
            return Optional.of(next.bytes());
        }
        int reached = percent;
        if (reached > toldPercent) {
            toldPercent = reached;
            return Optional.of(new Frame.Percent(reached).bytes());
        }
        return Optional.of(new Frame.Busy().bytes());
    }
}
