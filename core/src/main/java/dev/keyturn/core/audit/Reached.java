package dev.keyturn.core.audit;

import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/**
 * How far a node's chain has come, and what was kept of its last checkpoint.
 *
 * @param newest the newest record
 * @param signed the record that the last checkpoint vouches for, if it was not cut
 * @param last the last checkpoint in the database
 */
record Reached(
        Optional<Link> newest,
        Optional<Link> signed,
        Optional<Checkpoint> last,
        Optional<Checkpoint> cut,
        LastCheckpoints.Kept kept) {
    static Reached of(Tx tx, AuditStore store, LastCheckpoints lasts, String node) {
        Optional<Checkpoint> last = store.lastCheckpoint(tx, node);
        Optional<Link> signed = last.flatMap(c -> store.after(tx, node, c.sequence() - 1, 1).stream()
                .map(AuditRecord::link)
                .findFirst());
        return new Reached(store.last(tx, node), signed, last, store.cut(tx, node), lasts.kept(tx));
    }

    boolean ahead() {
        return newest.isPresent() && newest.get().sequence() > lastSequence();
    }

    private long lastSequence() {
        return last.map(Checkpoint::sequence).orElse(0L);
    }

    /** Why no signature may be put on it: somebody has altered checkpoints, or records that are signed. */
    Optional<String> wrong(String node) {
        return kept.problem().or(() -> againstKept(node)).or(() -> last.flatMap(this::againstRecords));
    }

    private Optional<String> againstKept(String node) {
        Optional<LastCheckpoints.Last> should = Optional.ofNullable(kept.last().get(node));
        Optional<LastCheckpoints.Last> is = last.map(LastCheckpoints.Last::of);
        if (should.equals(is)) {
            return Optional.empty();
        }
        String there = is.map(l -> "the last that is there is checkpoint " + l.number() + ", "
                        + l.hash().hex())
                .orElse("there is none");
        return Optional.of(should.map(l -> "its last checkpoint was " + l.number() + ", "
                        + l.hash().hex() + ", and " + there)
                .orElse("no checkpoint was ever made of it, and " + there));
    }

    private Optional<String> againstRecords(Checkpoint checkpoint) {
        long there = newest.map(Link::sequence).orElse(0L);
        if (there < checkpoint.sequence()) {
            return Optional.of("its records end with " + there + ", and checkpoint " + checkpoint.number()
                    + " vouches for them up to " + checkpoint.sequence());
        }
        boolean removed = cut.filter(c -> c.sequence() >= checkpoint.sequence()).isPresent();
        return removed || signed.equals(Optional.of(checkpoint.link()))
                ? Optional.empty()
                : Optional.of("record " + checkpoint.sequence() + " was altered or removed since checkpoint "
                        + checkpoint.number() + " was made");
    }
}
