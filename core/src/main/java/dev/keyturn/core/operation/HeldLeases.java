package dev.keyturn.core.operation;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leases that this process holds: extended while they are held, and every write under them fenced. */
final class HeldLeases {
    private static final Logger LOG = LoggerFactory.getLogger(HeldLeases.class);
    /** A write for each percent of each image would be a load of its own. */
    private static final int PROGRESS_STEP = 5;

    private final Transactions transactions;
    private final OperationStore store;
    private final Clock clock;
    private final Duration length;
    private final Map<OperationId, Held> held = new ConcurrentHashMap<>();
    private final Thread heart;
    private final LongSupplier nanos;
    private volatile long lastUse;

    HeldLeases(
            Transactions transactions,
            OperationStore store,
            Clock clock,
            Duration length,
            VitalThreads vital,
            LongSupplier nanos) {
        this.nanos = nanos;
        this.lastUse = nanos.getAsLong();
        this.transactions = transactions;
        this.store = store;
        this.clock = clock;
        this.length = length;
        this.heart = vital.platform("operation-leases", this::beatUntilStopped);
    }

    void startBeating() {
        heart.start();
    }

    /**
     * An operation that this very process is at work on comes again where its lease ran out meanwhile: the machine
     * slept, or its clock was set forwards. The earlier lease is worth nothing then.
     */
    Held hold(Operation claimed) {
        used();
        Held lease = new Held(claimed);
        Optional.ofNullable(held.put(claimed.id(), lease)).ifPresent(Held::drop);
        return lease;
    }

    void release(Held lease) {
        held.remove(lease.operation.id(), lease); // a later lease on the operation stays
        used();
    }

    /** How long ago any operation began, ended, or used its lease for anything. */
    Duration sinceUse() {
        return Duration.ofNanos(nanos.getAsLong() - lastUse);
    }

    private void used() {
        lastUse = nanos.getAsLong();
    }

    int size() {
        return held.size();
    }

    /** From now on nothing is written under any of them. */
    void dropAll() {
        heart.interrupt();
        held.values().forEach(Held::drop);
    }

    private void beatUntilStopped() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(length.toMillis() / 3);
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
        var until = clock.instant().plus(length);
        transactions.run(tx -> held.values().forEach(l -> {
            if (store.extend(tx, l.operation.id(), l.operation.fence(), until).missed()) {
                l.drop();
            }
        }));
    }

    /** One lease of this process. */
    final class Held implements Lease {
        private final Operation operation;
        private final AtomicInteger told = new AtomicInteger();
        private volatile boolean dropped;

        private Held(Operation operation) {
            this.operation = operation;
        }

        Operation operation() {
            return operation;
        }

        private void drop() {
            dropped = true;
        }

        @Override
        public Fence fence() {
            requireHeld();
            return new Fence(operation.fence());
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

        @Override
        public void progress(int percent) {
            used();
            int before = told.get();
            if (percent >= before + PROGRESS_STEP && percent <= 100 && told.compareAndSet(before, percent)) {
                run(tx -> store.progress(tx, operation.id(), percent));
            }
        }

        private void requireHeld() {
            used();
            if (dropped) {
                throw new LeaseLostException(operation.id());
            }
        }
    }
}
