package dev.keyturn.core.operation;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operations: claims them by lease, calls the handler of their kind on a virtual thread, ends them. What a killed
 * process left unfinished is claimed again at the next start, or by another node once the lease ran out.
 *
 * <p>{@code node} names this process among those on the same store; no two may use one name at a time. Thread-safe.
 */
public final class OperationRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);
    static final Duration LEASE = Duration.ofSeconds(30);
    static final int MAX_ATTEMPTS = 5;
    private static final int AT_ONCE = 64;
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Transactions transactions;
    private final OperationStore store;
    private final Clock clock;
    private final String node;
    private final Map<OperationKind, OperationHandler> handlers;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Semaphore signal = new Semaphore(0);
    private final Map<OperationId, HeldLease> held = new ConcurrentHashMap<>();
    private final Thread claimer;
    private final Thread heart;
    private volatile boolean draining;

    public OperationRunner(
            Transactions transactions,
            OperationStore store,
            OperationService operations,
            Clock clock,
            String node,
            List<OperationHandler> handlers) {
        this.transactions = transactions;
        this.store = store;
        this.clock = clock;
        this.node = node;
        this.handlers = new EnumMap<>(OperationKind.class);
        for (OperationHandler handler : handlers) {
            if (this.handlers.put(handler.kind(), handler) != null) {
                throw new IllegalArgumentException("two handlers for " + handler.kind());
            }
        }
        operations.onSubmit(signal::release);
        this.claimer = Thread.ofPlatform().daemon().name("operations").unstarted(this::claimUntilClosed);
        this.heart = Thread.ofPlatform().daemon().name("operation-leases").unstarted(this::beatUntilClosed);
    }

    /** Takes up what an earlier process of this name left, and everything that comes. */
    public void start() {
        transactions.run(tx -> store.abandon(tx, node));
        claimer.start();
        heart.start();
    }

    /** Takes no more operations, waits up to the limit for those at work, and lets the rest be resumed later. */
    public void drain(Duration limit) throws InterruptedException {
        draining = true;
        signal.release();
        boolean idle = free.tryAcquire(AT_ONCE, limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!idle) {
            LOG.info("{} operations are still at work; the next start resumes them", held.size());
        }
        held.values().forEach(HeldLease::drop);
        heart.interrupt();
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
        List<HeldLease> claimed = claim();
        while (!claimed.isEmpty()) {
            claimed.forEach(this::work);
            ran += claimed.size();
            claimed = claim();
        }
        return ran;
    }

    private int claimSome() throws InterruptedException {
        List<HeldLease> claimed = claim();
        for (HeldLease lease : claimed) {
            Thread.ofVirtual().name("operation-" + lease.operation.id()).start(() -> work(lease));
        }
        return claimed.size();
    }

    /** Claims as many operations as there are free slots; each keeps its slot until {@link #work} is done with it. */
    private List<HeldLease> claim() throws InterruptedException {
        free.acquire();
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
        List<HeldLease> leases = claimed.stream().map(HeldLease::new).toList();
        leases.forEach(l -> held.put(l.operation.id(), l));
        return leases;
    }

    private void work(HeldLease lease) {
        Operation operation = lease.operation;
        try {
            execute(operation, lease);
        } catch (LeaseLostException e) {
            LOG.info("operation {} ({}) goes on elsewhere or later", operation.id(), operation.kind());
        } catch (RuntimeException e) {
            // Its end could not be stored. The lease runs out and it is claimed again.
            LOG.error("operation {} ({}) could not be ended", operation.id(), operation.kind(), e);
        } finally {
            held.remove(operation.id());
            free.release();
            signal.release();
        }
    }

    private void execute(Operation operation, HeldLease lease) {
        OperationHandler handler = handlers.get(operation.kind());
        if (handler == null) {
            throw new IllegalStateException("no handler for " + operation.kind());
        }
        Completion completion;
        try {
            completion = handler.run(operation, lease);
            lease.run(tx -> store.end(tx, operation.id(), completion.apply(tx), clock.instant()));
        } catch (LeaseLostException e) {
            throw e;
        } catch (NotYetException e) {
            lease.run(tx -> store.release(
                    tx, operation.id(), operation.fence(), clock.instant().plus(e.delay())));
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Unavailable && operation.attempts() < MAX_ATTEMPTS) {
                retryLater(operation, lease, e.error().info().message());
            } else {
                fail(handler, operation, lease, e.error().info());
            }
        } catch (RuntimeException e) {
            LOG.error("operation {} ({}) met a fault", operation.id(), operation.kind(), e);
            if (operation.attempts() < MAX_ATTEMPTS) {
                retryLater(operation, lease, e.getClass().getSimpleName());
            } else {
                fail(
                        handler,
                        operation,
                        lease,
                        ErrorInfo.of(
                                "InternalServerError",
                                "The operation met an internal fault " + operation.attempts()
                                        + " times and was given up. The server's log says more under " + operation.id()
                                        + "."));
            }
        }
    }

    private void fail(OperationHandler handler, Operation operation, HeldLease lease, ErrorInfo error) {
        lease.run(tx -> {
            handler.failed(tx, operation, error);
            store.end(tx, operation.id(), Optional.of(error), clock.instant());
        });
    }

    private void retryLater(Operation operation, HeldLease lease, String why) {
        Duration delay = Duration.ofSeconds(1L << Math.min(operation.attempts() - 1, 4));
        LOG.warn("operation {} ({}) is tried again in {}: {}", operation.id(), operation.kind(), delay, why);
        lease.run(tx -> store.release(
                tx, operation.id(), operation.fence(), clock.instant().plus(delay)));
    }

    private void beatUntilClosed() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(LEASE.toMillis() / 3);
                try {
                    extendAll();
                } catch (RuntimeException e) {
                    LOG.warn("leases cannot be extended now: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("leases are no longer extended");
        }
    }

    private void extendAll() {
        if (held.isEmpty()) {
            return;
        }
        var until = clock.instant().plus(LEASE);
        transactions.run(tx -> held.values().forEach(l -> {
            if (!store.extend(tx, l.operation.id(), l.operation.fence(), until)) {
                l.drop();
            }
        }));
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class HeldLease implements Lease {
        private final Operation operation;
        private volatile boolean dropped;

        HeldLease(Operation operation) {
            this.operation = operation;
        }

        void drop() {
            dropped = true;
        }

        @Override
        public <T> T read(Function<Tx, T> work) {
            requireHeld();
            return transactions.read(work);
        }

        @Override
        public <T> T write(Function<Tx, T> work) {
            requireHeld();
            return transactions.write(tx -> {
                if (dropped || !store.holds(tx, operation.id(), operation.fence())) {
                    throw new LeaseLostException(operation.id());
                }
                return work.apply(tx);
            });
        }

        private void requireHeld() {
            if (dropped) {
                throw new LeaseLostException(operation.id());
            }
        }
    }
}
