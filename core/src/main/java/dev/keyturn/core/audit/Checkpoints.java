package dev.keyturn.core.audit;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs how far a node's chain has come, daily and at stop, and cuts what is older than the retention: whole segments,
 * each up to a checkpoint, which stays. What a node left that is not there any more, any other signs and cuts: nobody adds
 * to it, and one that comes back goes on behind it. Thread-safe; not to be called inside a transaction.
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
    private final String own;
    private final LiveNodes live;
    private final Map<String, String> told = new HashMap<>();

    public Checkpoints(
            Transactions transactions,
            AuditStore store,
            AuditLog log,
            CheckpointSigner signer,
            LastCheckpoints lasts,
            ServerTime time,
            String node,
            LiveNodes live) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.signer = signer;
        this.lasts = lasts;
        this.time = time;
        this.own = node;
        this.live = live;
    }

    /** Signs, unless there is no record since the last time. Never signs a chain that somebody has altered. */
    public Optional<Checkpoint> sign() {
        return signed(own, false);
    }

    /** As {@link #sign}, where the last time is a day ago or longer. */
    public Optional<Checkpoint> signDaily() {
        return signed(own, true);
    }

    /** Signs the chains of nodes that are not there, each once. */
    public List<Checkpoint> signLeftBehind() {
        List<Checkpoint> made = new ArrayList<>();
        for (String other : leftBehind()) {
            signed(other, false).ifPresent(made::add);
        }
        return made;
    }

    private List<String> leftBehind() {
        return transactions.read(tx -> store.nodes(tx).stream()
                .filter(n -> !n.equals(own) && !live.others(tx).contains(n))
                .toList());
    }

    private synchronized Optional<Checkpoint> signed(String node, boolean daily) {
        Reached reached = transactions.read(tx -> Reached.of(tx, store, lasts, node));
        if (isWrong(node, reached)) {
            return Optional.empty();
        }
        Instant now = time.seen();
        boolean early = daily
                && reached.last().filter(c -> now.isBefore(c.at().plus(DAILY))).isPresent();
        if (!reached.ahead() || early) {
            return Optional.empty();
        }
        Checkpoint made = sign(node, reached.newest().orElseThrow(), reached.last(), now);
        Hit kept = transactions.write(tx -> {
            boolean last = store.lastCheckpoint(tx, node)
                    .map(Checkpoint::number)
                    .equals(reached.last().map(Checkpoint::number));
            if (!last || !mine(tx, node)) { // another node was quicker
                return Hit.MISSED;
            }
            store.append(tx, made);
            lasts.keep(tx, made);
            return Hit.HIT;
        });
        return kept.hit() ? Optional.of(made) : Optional.empty();
    }

    /** Whether nobody else looks after that chain at this moment. */
    private boolean mine(Tx tx, String node) {
        return node.equals(own) || !live.others(tx).contains(node);
    }

    /** A signature on it would vouch for what somebody has altered. */
    private boolean isWrong(String node, Reached reached) {
        Optional<String> wrong = reached.wrong(node);
        if (wrong.isPresent() && !wrong.get().equals(told.get(node))) {
            LOG.error(
                    "the audit record of node '{}' was altered in the database: {}. It is not signed and not cut any"
                            + " more. Compare it with the last export (docs/audit.md).",
                    node,
                    wrong.get());
        }
        told.put(node, wrong.orElse(""));
        return wrong.isPresent();
    }

    private Checkpoint sign(String node, Link newest, Optional<Checkpoint> last, Instant now) {
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
    public int cut(Duration kept) {
        return cut(own, kept);
    }

    /** As {@link #cut}, of the chains of nodes that are not there. */
    public int cutLeftBehind(Duration kept) {
        return leftBehind().stream().mapToInt(other -> cut(other, kept)).sum();
    }

    private synchronized int cut(String node, Duration kept) {
        if (isWrong(node, transactions.read(tx -> Reached.of(tx, store, lasts, node)))) {
            return 0;
        }
        Instant before = time.seen().minus(kept);
        Optional<Checkpoint> cut = transactions.read(tx -> store.cut(tx, node));
        Optional<Checkpoint> due = due(node, cut.map(Checkpoint::number).orElse(0L), before);
        if (due.isPresent() && mark(node, due.get()).missed()) {
            return 0;
        }
        Optional<Checkpoint> end = due.or(() -> cut);
        return end.map(e -> remove(node, e)).orElse(0);
    }

    private Optional<Checkpoint> due(String node, long after, Instant before) {
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

    private Hit mark(String node, Checkpoint end) {
        Call call = Call.server(Call.SERVER, UUID.randomUUID());
        AuditEntry entry = new AuditEntry(
                call,
                Action.AUDIT_CUT,
                Scope.of(ArmId.TENANT),
                Optional.of(cutTarget(node, end.sequence())),
                Outcome.ALLOWED,
                Optional.empty(),
                Optional.empty());
        return transactions.write(tx -> {
            if (!mine(tx, node)) {
                return Hit.MISSED;
            }
            AuditRecord said = (node.equals(own) ? log : log.of(node)).append(tx, entry);
            LOG.debug("record {} of node '{}' says that its records were cut", said.sequence(), node);
            store.markCut(tx, end);
            return Hit.HIT;
        });
    }

    /** What the record of a cut names as its target. */
    static String cutTarget(String node, long sequence) {
        return "records of node " + node + " up to " + sequence;
    }

    private int remove(String node, Checkpoint end) {
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
