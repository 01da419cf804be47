package dev.keyturn.core.operation;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases that this process holds: extended while they are held, and every write under them fenced. It believes in
 * one until {@link #MARGIN} before its length has passed, by a clock that nobody sets, since it was asked for (not since
 * the answer came): from then on the works are told that it is lost, before another node can have it.
 */
final class HeldLeases {
    private static final Logger LOG = LoggerFactory.getLogger(HeldLeases.class);
    /** A write for each percent of each image would be a load of its own. */
    private static final int PROGRESS_STEP = 5;
    /** More than an order takes to its host, and than two clocks drift apart in the length of a lease. */
    static final Duration MARGIN = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final OperationStore store;
    private final LeaseClock clock;
    private final Duration length;
    private final Map<OperationId, Held> held = new ConcurrentHashMap<>();
    private final Thread heart;
    private final LongSupplier nanos;
    private volatile long lastUse;
    private volatile boolean renewing = true;

    HeldLeases(
            Transactions transactions,
            OperationStore store,
            LeaseClock clock,
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
     *
     * @param sent when the claim was sent, in nanoseconds
     */
    Held hold(Operation claimed, long sent) {
        used();
        Held lease = new Held(claimed, sent);
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

    /** Whether leases could be extended when it was last tried. */
    boolean renewing() {
        return renewing;
    }

    /** From now on nothing is written under any of them, and others may have them; those that cannot be told wait. */
    void handBackAll() {
        heart.interrupt();
        List<Held> all = List.copyOf(held.values());
        all.forEach(Held::drop);
        if (all.isEmpty()) {
            return;
        }
        try {
            transactions.run(tx -> all.forEach(l -> store.handBack(tx, l.operation.id(), l.operation.fence())));
        } catch (RuntimeException e) {
            LOG.warn("{} leases cannot be given back and run out instead: {}", all.size(), e.getMessage());
        }
    }

    private void beatUntilStopped() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(length.toMillis() / 3);
                try {
                    extendAll();
                    renewing = true;
                } catch (RuntimeException e) {
                    renewing = false;
                    LOG.warn("leases cannot be extended now, and nothing is claimed: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("leases are no longer extended");
        }
    }

    /** For who works on one after another without the heart. */
    void extendWhereDue() {
        long third = length.toNanos() / 3;
        if (held.values().stream().anyMatch(l -> nanos.getAsLong() - l.askedFor >= third)) {
            extendAll();
        }
    }

    private void extendAll() {
        List<Held> all = List.copyOf(held.values());
        if (all.isEmpty()) {
            return;
        }
        long sent = nanos.getAsLong();
        List<Asked> asked = all.stream().map(l -> new Asked(l, l.operation)).toList();
        Set<Asked> extended = transactions.write(tx -> {
            Instant until = clock.now(tx).plus(length);
            return asked.stream()
                    .filter(a ->
                            store.extend(tx, a.as.id(), a.as.fence(), until).hit())
                    .collect(Collectors.toSet());
        });
        asked.forEach(a -> {
            if (extended.contains(a)) {
                a.lease.askedFor = sent;
            } else if (!a.lease.refencing && a.lease.operation.equals(a.as)) {
                a.lease.drop();
            }
        });
    }

    /** A lease whose extension was asked for, and under which number. */
    private record Asked(Held lease, Operation as) {}

    /** One lease of this process. */
    final class Held implements Lease {
        private volatile Operation operation;
        private final AtomicInteger told = new AtomicInteger();
        private volatile boolean refencing;
        private volatile boolean numbered;
        private volatile boolean dropped;
        private volatile long askedFor;

        private Held(Operation operation, long sent) {
            this.operation = operation;
            this.askedFor = sent;
        }

        private boolean lost() {
            return dropped
                    || nanos.getAsLong() - askedFor >= length.minus(MARGIN).toNanos();
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
            numbered = true;
            return new Fence(operation.fence());
        }

        /** Whether anybody asked for its number: orders may have been given under it. */
        boolean numbered() {
            return numbered;
        }

        @Override
        public Fence refence() {
            requireHeld();
            refencing = true; // not in the middle of an extension: its number is not the store's for a moment
            try {
                Operation mine = operation;
                operation = transactions
                        .write(tx -> lost() ? Optional.<Operation>empty() : store.refence(tx, mine.id(), mine.fence()))
                        .orElseThrow(() -> new LeaseLostException(mine.id()));
            } finally {
                refencing = false;
            }
            return fence();
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
                if (lost() || !store.holds(tx, operation.id(), operation.fence())) {
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
            if (lost()) {
                throw new LeaseLostException(operation.id());
            }
        }
    }
}
