package dev.keyturn.core.audit;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs how far a node's chain has come, daily and at stop, and cuts what is older than the retention: whole segments,
 * each up to a checkpoint, which stays. Thread-safe; not to be called inside a transaction.
 */
public final class Checkpoints {
    private static final Duration DAILY = Duration.ofDays(1);
    private static final int STEP = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private final Transactions transactions;
    private final AuditStore store;
    private final AuditLog log;
    private final CheckpointSigner signer;
    private final LastCheckpoints lasts;
    private final ServerTime time;
    private final String node;
    private Optional<String> told = Optional.empty();

    public Checkpoints(
            Transactions transactions,
            AuditStore store,
            AuditLog log,
            CheckpointSigner signer,
            LastCheckpoints lasts,
            ServerTime time,
            String node) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.signer = signer;
        this.lasts = lasts;
        this.time = time;
        this.node = node;
    }

    /** Signs, unless there is no record since the last time. Never signs a chain that somebody has altered. */
    public Optional<Checkpoint> sign() {
        return signed(false);
    }

    /** As {@link #sign}, where the last time is a day ago or longer. */
    public Optional<Checkpoint> signDaily() {
        return signed(true);
    }

    private synchronized Optional<Checkpoint> signed(boolean daily) {
        Reached reached = transactions.read(tx -> Reached.of(tx, store, lasts, node));
        if (isWrong(reached)) {
            return Optional.empty();
        }
        Instant now = time.seen();
        boolean early = daily
                && reached.last().filter(c -> now.isBefore(c.at().plus(DAILY))).isPresent();
        if (!reached.ahead() || early) {
            return Optional.empty();
        }
        Checkpoint made = sign(reached.newest().orElseThrow(), reached.last(), now);
        transactions.run(tx -> {
            store.append(tx, made);
            lasts.keep(tx, made);
        });
        return Optional.of(made);
    }

    /** A signature on it would vouch for what somebody has altered. */
    private boolean isWrong(Reached reached) {
        Optional<String> wrong = reached.wrong(node);
        if (wrong.isPresent() && !wrong.equals(told)) {
            LOG.error(
                    "the audit record of node '{}' was altered in the database: {}. It is not signed and not cut any"
                            + " more. Compare it with the last export (docs/audit.md).",
                    node,
                    wrong.get());
        }
        told = wrong;
        return wrong.isPresent();
    }

    private Checkpoint sign(Link newest, Optional<Checkpoint> last, Instant now) {
        Checkpoint unsigned = new Checkpoint(
                node,
                last.map(Checkpoint::number).orElse(0L) + 1,
                newest.sequence(),
                now,
                newest.hash(),
                last.map(Checkpoint::own).orElse(ChainHash.NONE),
                signer.keyId(),
                new byte[0]);
        return unsigned.with(signer.sign(unsigned.signed()));
    }

    /**
     * Removes the records up to the newest checkpoint that is older than {@code kept}, by the time that the server has
     * seen pass; that it did so is recorded. What an earlier call did not get to is removed too. Returns how many records
     * went.
     */
    public synchronized int cut(Duration kept) {
        if (isWrong(transactions.read(tx -> Reached.of(tx, store, lasts, node)))) {
            return 0;
        }
        Instant before = time.seen().minus(kept);
        Optional<Checkpoint> cut = transactions.read(tx -> store.cut(tx, node));
        Optional<Checkpoint> due = due(cut.map(Checkpoint::number).orElse(0L), before);
        due.ifPresent(this::mark);
        Optional<Checkpoint> end = due.or(() -> cut);
        return end.map(this::remove).orElse(0);
    }

    private Optional<Checkpoint> due(long after, Instant before) {
        Optional<Checkpoint> due = Optional.empty();
        long from = after;
        while (true) {
            long number = from;
            List<Checkpoint> page = transactions.read(tx -> store.checkpointsAfter(tx, node, number, STEP));
            for (Checkpoint c : page) {
                if (c.at().isAfter(before)) {
                    return due;
                }
                due = Optional.of(c);
            }
            if (page.size() < STEP) {
                return due;
            }
            from = page.getLast().number();
        }
    }

    private void mark(Checkpoint end) {
        Call call = Call.server(Call.SERVER, UUID.randomUUID());
        AuditEntry entry = new AuditEntry(
                call,
                Action.AUDIT_CUT,
                Scope.of(ArmId.TENANT),
                Optional.of(cutTarget(node, end.sequence())),
                Outcome.ALLOWED,
                Optional.empty(),
                Optional.empty());
        transactions.run(tx -> {
            log.append(tx, entry);
            store.markCut(tx, end);
        });
    }

    /** What the record of a cut names as its target. */
    static String cutTarget(String node, long sequence) {
        return "records of node " + node + " up to " + sequence;
    }

    private int remove(Checkpoint end) {
        int all = 0;
        while (true) {
            int gone = transactions.write(tx -> store.remove(tx, node, end.sequence(), STEP));
            all += gone;
            if (gone < STEP) {
                return all;
            }
        }
    }
}
