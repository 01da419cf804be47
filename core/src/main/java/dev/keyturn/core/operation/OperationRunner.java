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
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operations: claims them by lease, calls the handler of their kind on a virtual thread, ends them. What a killed
 * process left unfinished is claimed again at the next start, or by another node once the lease ran out.
 *
 * <p>Its {@link LeaseOwner} names this process among those on the same store. A fault of one operation counts as an attempt at it; one of this runner itself ends the process (docs/faults.md). Thread-safe.
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
    private final LeaseClock leases;
    private final LeaseOwner owner;
    private final BooleanSupplier mayClaim;
    private final FenceLift lift;
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
     * What it works with.
     *
     * @param operations tells of operations that are begun here
     * @param clock when operations ended, for people
     * @param leases what leases and delays begin and end by
     * @param owner no two processes have the same at a time
     * @param mayClaim asked before each claim: while it says no, nothing is claimed and what is at work goes on
     * @param lift keeps numbers from being given twice
     * @param vital what follows when a thread of it dies
     * @param nanos {@link System#nanoTime}: what is measured here is not measured by any clock
     */
    public record Parts(
            Transactions transactions,
            OperationStore store,
            OperationService operations,
            Clock clock,
            LeaseClock leases,
            LeaseOwner owner,
            BooleanSupplier mayClaim,
            FenceLift lift,
            VitalThreads vital,
            LongSupplier nanos) {}

    /** @param handlers one for each kind of operation */
    public OperationRunner(Parts parts, List<OperationHandler> handlers) {
        this.nanos = parts.nanos;
        this.transactions = parts.transactions;
        this.store = parts.store;
        this.clock = parts.clock;
        this.leases = parts.leases;
        this.owner = parts.owner;
        this.mayClaim = parts.mayClaim;
        this.lift = parts.lift;
        this.vital = parts.vital;
        this.handlers = new EnumMap<>(OperationKind.class);
        for (OperationHandler handler : handlers) {
            if (this.handlers.put(handler.kind(), handler) != null) {
                throw new IllegalArgumentException("two handlers for " + handler.kind());
            }
        }
        parts.operations.onSubmit(signal::release);
        this.claimer = vital.platform("operations", this::claimUntilClosed);
        this.held = new HeldLeases(transactions, store, leases, LEASE, vital, nanos);
    }

    /** Takes up what earlier processes of this name left, and everything that comes. */
    public void start() {
        transactions.run(tx -> store.abandon(tx, owner, leases.now(tx)));
        claimer.start();
        held.startBeating();
    }

    /**
     * Takes no more operations, waits up to the limit for those at work, and gives the rest back: whoever claims next goes
     * on with them at once.
     */
    public void drain(Duration limit) throws InterruptedException {
        draining = true;
        signal.release();
        boolean idle = free.tryAcquire(AT_ONCE, limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!idle) {
            LOG.info("{} operations are still at work; the next claim goes on with them", held.size());
        }
        held.handBackAll();
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
            for (HeldLeases.Held lease : claimed) {
                held.extendWhereDue();
                work(lease);
            }
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
        long sent = nanos.getAsLong();
        List<Operation> claimed = List.of();
        try {
            if (!draining && held.renewing() && mayClaim.getAsBoolean()) {
                claimed = claim(slots);
            }
        } finally {
            free.release(slots - claimed.size());
        }
        atWork.addAndGet(claimed.size());
        return claimed.stream().map(o -> held.hold(o, sent)).toList();
    }

    /** None where the database's server changed meanwhile: what was claimed may have numbers that others had before. */
    private List<Operation> claim(int slots) {
        long before = lift.ready();
        List<Operation> claimed = transactions.write(tx -> {
            Instant now = leases.now(tx);
            return store.claim(tx, owner, now, now.plus(LEASE), slots);
        });
        if (lift.sessions() == before) {
            return claimed;
        }
        transactions.run(tx -> claimed.forEach(o -> store.handBack(tx, o.id(), o.fence())));
        signal.release();
        return List.of();
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
                    tx,
                    operation.id(),
                    lease.operation().fence(),
                    leases.now(tx).plus(e.delay())));
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

    /**
     * Not before its hosts refuse what may still be on its way to them: a start that came after the end of its operation
     * would start a VM whose set is rotated.
     */
    private void fail(OperationHandler handler, Operation operation, HeldLeases.Held lease, ErrorInfo error) {
        if (operation.attempts() > 1 || lease.numbered()) {
            try {
                handler.fenceOff(operation, lease);
            } catch (LeaseLostException e) {
                throw e;
            } catch (DomainException e) {
                waitForHost(operation, lease, error, e.error().info().message());
                return;
            } catch (RuntimeException e) {
                FAULTS.tell(operation.id().toString(), "a fault in what keeps late orders out, operation", e);
                waitForHost(operation, lease, error, e.getClass().getSimpleName());
                return;
            }
        }
        lease.run(tx -> {
            handler.failed(tx, operation, error);
            store.end(tx, operation.id(), Optional.of(error), clock.instant());
        });
    }

    /** No failure: as often as needed, and run again from its start, because it may well succeed by then. */
    private void waitForHost(Operation operation, HeldLeases.Held lease, ErrorInfo error, String silence) {
        Duration delay = Backoff.afterFailure(operation.failures() + 1, true);
        LOG.warn(
                "operation {} ({}) does not end as failed while its host does not answer, and is tried again in {}: {}",
                operation.id(),
                operation.kind(),
                delay,
                silence);
        ErrorInfo words = ErrorInfo.of(
                "WaitingForHost",
                error.message() + " The operation does not end before its host has answered, because an order of it may"
                        + " still be on its way there; it is tried again until then. " + silence);
        lease.run(tx -> store.waits(
                tx, operation.id(), lease.operation().fence(), leases.now(tx).plus(delay), words));
    }

    private void retryLater(OperationHandler handler, Operation operation, HeldLeases.Held lease, String why) {
        Duration delay = Backoff.afterFailure(operation.failures() + 1, handler.givesUp());
        LOG.warn("operation {} ({}) is tried again in {}: {}", operation.id(), operation.kind(), delay, why);
        lease.run(tx -> store.failed(
                tx, operation.id(), lease.operation().fence(), leases.now(tx).plus(delay)));
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
