package dev.keyturn.core.operation;

import dev.keyturn.core.model.Correlation;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vital.FaultLog;
import dev.keyturn.core.vital.VitalThreads;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operations: claims them by lease, calls the handler of their kind on a virtual thread, ends them. What a killed
 * process left unfinished is claimed again at the next start, or by another node once the lease ran out.
 *
 * <p>{@code node} names this process among those on the same store; no two may use one name at a time. A fault of one
 * operation counts as an attempt at it; one of this runner itself ends the process (docs/faults.md). Thread-safe.
 */
public final class OperationRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);
    private static final FaultLog FAULTS = new FaultLog(LOG);
    static final Duration LEASE = Duration.ofSeconds(30);
    /** How many operations may be at work at once. */
    public static final int AT_ONCE = 64;

    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Transactions transactions;
    private final OperationStore store;
    private final Clock clock;
    private final String node;
    private final Map<OperationKind, OperationHandler> handlers;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Semaphore signal = new Semaphore(0);
    private final VitalThreads vital;
    private final HeldLeases held;
    private final LongSupplier nanos;
    private final AtomicInteger atWork = new AtomicInteger();
    private final Thread claimer;
    private volatile boolean draining;
    /** When the claimer last began to look, in nanoseconds; nothing while it needs not look. */
    private volatile OptionalLong looking = OptionalLong.empty();

    /**
     * @param vital what follows when a thread of it dies
     * @param nanos {@link System#nanoTime}: what is measured here is not measured by the clock
     */
    public OperationRunner(
            Transactions transactions,
            OperationStore store,
            OperationService operations,
            Clock clock,
            String node,
            List<OperationHandler> handlers,
            VitalThreads vital,
            LongSupplier nanos) {
        this.nanos = nanos;
        this.transactions = transactions;
        this.store = store;
        this.clock = clock;
        this.node = node;
        this.vital = vital;
        this.handlers = new EnumMap<>(OperationKind.class);
        for (OperationHandler handler : handlers) {
            if (this.handlers.put(handler.kind(), handler) != null) {
                throw new IllegalArgumentException("two handlers for " + handler.kind());
            }
        }
        operations.onSubmit(signal::release);
        this.claimer = vital.platform("operations", this::claimUntilClosed);
        this.held = new HeldLeases(transactions, store, clock, LEASE, vital, nanos);
    }

    /** Takes up what an earlier process of this name left, and everything that comes. */
    public void start() {
        transactions.run(tx -> store.abandon(tx, node, clock.instant()));
        claimer.start();
        held.startBeating();
    }

    /** Takes no more operations, waits up to the limit for those at work, and lets the rest be resumed later. */
    public void drain(Duration limit) throws InterruptedException {
        draining = true;
        signal.release();
        boolean idle = free.tryAcquire(AT_ONCE, limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!idle) {
            LOG.info("{} operations are still at work; the next start resumes them", held.size());
        }
        held.dropAll();
    }

    /** How long ago it began to look for operations that are due; zero where it has no room for one. */
    public Duration sinceLastLook() {
        OptionalLong began = looking;
        return began.isPresent() ? Duration.ofNanos(nanos.getAsLong() - began.getAsLong()) : Duration.ZERO;
    }

    /**
     * How long none of the operations at work has given a sign of life, where they take every place: none of them ended,
     * wrote or read anything, or told of progress. Zero where there is a place for another.
     */
    public Duration stuck() {
        return atWork.get() < AT_ONCE ? Duration.ZERO : held.sinceUse();
    }

    @Override
    public void close() {
        try {
            drain(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void claimUntilClosed() {
        while (!draining) {
            looking = OptionalLong.of(nanos.getAsLong());
            try {
                if (claimSome() == 0) {
                    boolean woken = signal.tryAcquire(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                    if (woken) {
                        signal.drainPermits();
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("operations cannot be claimed now: {}", e.getMessage());
                pause();
            }
        }
    }

    /**
     * Runs, on the calling thread, what is due until nothing is; for tools and tests that want one thing after another
     * instead of {@link #start}. Returns how many operations it ran.
     */
    public int runDue() throws InterruptedException {
        int ran = 0;
        List<HeldLeases.Held> claimed = claim();
        while (!claimed.isEmpty()) {
            claimed.forEach(this::work);
            ran += claimed.size();
            claimed = claim();
        }
        return ran;
    }

    private int claimSome() throws InterruptedException {
        List<HeldLeases.Held> claimed = claim();
        for (HeldLeases.Held lease : claimed) {
            Thread.ofVirtual().name("operation-" + lease.operation().id()).start(() -> vital.guard(() -> work(lease)));
        }
        return claimed.size();
    }

    /** Claims as many operations as there are free slots; each keeps its slot until {@link #work} is done with it. */
    private List<HeldLeases.Held> claim() throws InterruptedException {
        looking = OptionalLong.empty();
        free.acquire();
        looking = OptionalLong.of(nanos.getAsLong());
        int slots = 1 + free.drainPermits();
        List<Operation> claimed = List.of();
        try {
            if (!draining) {
                var now = clock.instant();
                claimed = transactions.write(tx -> store.claim(tx, node, now, now.plus(LEASE), slots));
            }
        } finally {
            free.release(slots - claimed.size());
        }
        atWork.addAndGet(claimed.size());
        return claimed.stream().map(held::hold).toList();
    }

    private void work(HeldLeases.Held lease) {
        Operation operation = lease.operation();
        try {
            execute(operation, lease);
        } catch (LeaseLostException e) {
            LOG.info(
                    "operation {} ({}) is this runner's no more: cancelled, or it goes on elsewhere or later",
                    operation.id(),
                    operation.kind());
        } catch (RuntimeException e) {
            // Its end could not be stored. The lease runs out and it is claimed again.
            FAULTS.tell(operation.id().toString(), "could not be ended, and is claimed again: operation", e);
        } finally {
            held.release(lease);
            atWork.decrementAndGet();
            free.release();
            signal.release();
        }
    }

    private void execute(Operation operation, HeldLeases.Held lease) {
        OperationHandler handler = handlers.get(operation.kind());
        if (handler == null) {
            throw new IllegalStateException("no handler for " + operation.kind());
        }
        if (operation.losses() > Backoff.UNREMARKABLE_LOSSES) {
            LOG.error(
                    "operation {} ({}) was begun {} times in a row and never came to an end: it may be what ends the"
                            + " server. It is begun again all the same, each time later, at least every five minutes",
                    operation.id(),
                    operation.kind(),
                    operation.losses());
        }
        int failures = operation.failures() + 1; // with the one that this run may end in
        Completion completion;
        try {
            completion = Correlation.under(operation.correlation(), () -> handler.run(operation, lease));
            lease.run(tx -> store.end(tx, operation.id(), completion.apply(tx), clock.instant()));
        } catch (LeaseLostException e) {
            throw e;
        } catch (NotYetException e) {
            lease.run(tx -> store.release(
                    tx, operation.id(), operation.fence(), clock.instant().plus(e.delay())));
        } catch (DomainException e) {
            boolean passing = e.error() instanceof DomainError.Unavailable && failures < Backoff.MOST_FAILURES;
            if (passing || !handler.givesUp()) {
                retryLater(handler, operation, lease, e.error().info().message());
            } else {
                fail(handler, operation, lease, e.error().info());
            }
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            FAULTS.tell(operation.id().toString(), "a fault in " + operation.kind() + ", operation", e);
            if (failures < Backoff.MOST_FAILURES || !handler.givesUp()) {
                retryLater(handler, operation, lease, e.getClass().getSimpleName());
            } else {
                fail(
                        handler,
                        operation,
                        lease,
                        ErrorInfo.of(
                                "InternalServerError",
                                "The operation met an internal fault " + failures
                                        + " times and was given up. The server's log says more under " + operation.id()
                                        + "."));
            }
        }
    }

    private void fail(OperationHandler handler, Operation operation, HeldLeases.Held lease, ErrorInfo error) {
        lease.run(tx -> {
            handler.failed(tx, operation, error);
            store.end(tx, operation.id(), Optional.of(error), clock.instant());
        });
    }

    private void retryLater(OperationHandler handler, Operation operation, HeldLeases.Held lease, String why) {
        Duration delay = Backoff.afterFailure(operation.failures() + 1, handler.givesUp());
        LOG.warn("operation {} ({}) is tried again in {}: {}", operation.id(), operation.kind(), delay, why);
        lease.run(tx -> store.failed(
                tx, operation.id(), operation.fence(), clock.instant().plus(delay)));
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
