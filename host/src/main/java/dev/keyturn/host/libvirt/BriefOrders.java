package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.DomainException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders that are done by a few calls to the storage directory, each on a thread of its own: where the file server is
 * gone such a call may hang for ever, and with it whoever waits. Who gave the order hears of it after its limit. The
 * order keeps its turn at what it is about ({@link Fences}), so that nothing later overtakes it, and is told in the log
 * when it is late and when it comes back. Thread-safe.
 */
final class BriefOrders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BriefOrders.class);

    private enum State {
        WAITS,
        AT_WORK,
        LATE,
        ENDED
    }

    private final String host;
    private final NativeCalls calls;
    private final AtomicInteger late = new AtomicInteger();

    BriefOrders(String host) {
        this.host = host;
        this.calls = NativeCalls.ofStorage(host);
    }

    /**
     * @throws DomainException {@code Unavailable} once the limit is over, or where too many others are late; and what
     *     the order itself throws
     */
    void within(Duration limit, String what, Runnable order) {
        AtomicReference<State> state = new AtomicReference<>(State.WAITS);
        try {
            var _ = calls.within(limit, () -> {
                state.set(State.AT_WORK);
                try {
                    order.run();
                } finally {
                    if (state.getAndSet(State.ENDED) == State.LATE) {
                        int others = late.decrementAndGet();
                        LOG.warn(
                                "host '{}': the late order '{}' has come back; {} others have not", host, what, others);
                    }
                }
                return true;
            });
        } catch (DomainException e) {
            if (state.compareAndSet(State.AT_WORK, State.LATE)) {
                LOG.warn(
                        "host '{}': the order '{}' has been at work on the storage directory for {} s and may hang, as"
                                + " {} others do. Is its file server there?",
                        host,
                        what,
                        limit.toSeconds(),
                        late.getAndIncrement());
            }
            throw e;
        }
    }

    /** How many orders were late and have not come back. */
    int late() {
        return late.get();
    }

    @Override
    public void close() {
        calls.close();
    }
}
