package dev.keyturn.core.audit;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one node's chain from its begin to its end, each checkpoint behind the record that it vouches for, and finds what
 * was removed, altered, reordered, or cut off at the end. Goes on after a finding with the chain as it is there. Not
 * thread-safe.
 *
 * <p>The chain may begin behind a checkpoint, where retention has cut what was before it: {@link #beginsBehind} says so.
 */
public final class ChainVerifier {
    /** Beyond that many, findings are counted only. */
    private static final int TOLD = 100;

    private final String node;
    private final CheckpointKeys keys;
    private final List<String> findings = new ArrayList<>();
    private Optional<Checkpoint> base = Optional.empty();
    private Optional<Link> last = Optional.empty();
    private Optional<Checkpoint> checkpoint = Optional.empty();
    /** What the record of a cut must name that has not been found yet. */
    private Optional<String> unsaid = Optional.empty();

    private long records;
    private long checkpoints;
    private long untold;

    public ChainVerifier(String node, CheckpointKeys keys) {
        this.node = node;
        this.keys = keys;
    }

    /** Says that the checkpoint just given is where the chain begins. To be called before the first record. */
    public void beginsBehind() {
        base = checkpoint;
    }

    /** As {@link #beginsBehind}, because of retention: then a record must say so ({@code Keyturn.Server/audit/delete}). */
    public void cutBehind() {
        beginsBehind();
        unsaid = base.map(b -> Checkpoints.cutTarget(b.node(), b.sequence()));
    }

    public void add(AuditRecord next) {
        Link before = last.or(() -> base.map(Checkpoint::link)).orElseGet(() -> Link.beforeFirst(node));
        String name = "record " + next.sequence();
        if (!next.node().equals(node)) {
            tell(name + " is of node '" + next.node() + "'");
        } else if (next.sequence() > before.sequence() + 1) {
            // whether it was altered itself cannot be told: what it follows is not there
            tell(missing(before.sequence() + 1, next.sequence() - 1));
        } else if (next.sequence() <= before.sequence()) {
            tell(name + " is out of order: it comes behind record " + before.sequence());
        } else if (!next.follows(before.hash())) {
            tell(name + " was altered, or the record before it was");
        }
        if (unsaid.isPresent()
                && unsaid.equals(next.target())
                && next.action().equals(Action.AUDIT_CUT.azure())
                && next.caller().equals(Call.SERVER.principal())
                && next.outcome() == Outcome.ALLOWED) {
            unsaid = Optional.empty();
        }
        last = Optional.of(next.link());
        records++;
    }

    public void add(Checkpoint next) {
        String name = "checkpoint " + next.number();
        long number = checkpoint.map(Checkpoint::number).orElse(0L) + 1;
        if (!next.node().equals(node)) {
            tell(name + " is of node '" + next.node() + "'");
        } else if (next.number() > number) {
            tell(
                    number == next.number() - 1
                            ? "checkpoint " + number + " is missing"
                            : "checkpoints " + number + " to " + (next.number() - 1) + " are missing");
        } else if (next.number() < number) {
            tell(name + " is out of order");
        } else if (!next.before().equals(checkpoint.map(Checkpoint::own).orElse(ChainHash.NONE))) {
            tell(name + " was altered, or the checkpoint before it was");
        }
        if (!keys.has(next.keyId())) {
            tell(name + " was signed with a key that is not known here: " + next.keyId());
        } else if (!keys.signed(next)) {
            tell(name + " was altered: its signature is not of the key that it names");
        }
        last.ifPresent(l -> against(l, next, name));
        checkpoint = Optional.of(next);
        checkpoints++;
    }

    private void against(Link newest, Checkpoint next, String name) {
        if (next.sequence() > newest.sequence()) {
            tell(missing(newest.sequence() + 1, next.sequence()) + ": " + name + " vouches for them");
            last = Optional.of(next.link());
        } else if (next.sequence() < newest.sequence()) {
            tell(name + " is out of order: it is of record " + next.sequence());
        } else if (!next.hash().equals(newest.hash())) {
            tell("record " + next.sequence() + " was altered: " + name + " vouches for another");
        }
    }

    /** To be called behind the last one. */
    public void end() {
        long vouched = checkpoint.map(Checkpoint::sequence).orElse(0L);
        long there = last.map(Link::sequence)
                .or(() -> base.map(Checkpoint::sequence))
                .orElse(0L);
        if (there < vouched) {
            tell("the end was cut off: " + missing(there + 1, vouched));
        }
        unsaid.ifPresent(target -> tell("retention is said to have cut it, and no record (" + Action.AUDIT_CUT.azure()
                + ", '" + target + "') says so"));
    }

    private static String missing(long from, long to) {
        return from == to ? "record " + from + " is missing" : "records " + from + " to " + to + " are missing";
    }

    private void tell(String what) {
        if (findings.size() < TOLD) {
            findings.add("node '" + node + "': " + what);
        } else {
            untold++;
        }
    }

    /** What is wrong, and where; empty where the chain is whole. */
    public List<String> findings() {
        List<String> all = new ArrayList<>(findings);
        if (untold > 0) {
            all.add("node '" + node + "': and " + untold + " more");
        }
        return all;
    }

    public String node() {
        return node;
    }

    public long records() {
        return records;
    }

    public long checkpoints() {
        return checkpoints;
    }

    /** Where the chain begins, if not with record 1. */
    public Optional<Checkpoint> base() {
        return base;
    }

    /** The newest record that a signature vouches for. */
    public Optional<Checkpoint> vouched() {
        return checkpoint;
    }

    /** How many records are behind it: what is cut off of these does not show. */
    public long unvouched() {
        return Math.max(
                0,
                last.map(Link::sequence).orElse(0L)
                        - checkpoint.map(Checkpoint::sequence).orElse(0L));
    }
}
