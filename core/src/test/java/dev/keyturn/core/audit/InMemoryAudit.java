package dev.keyturn.core.audit;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Records in lists, with transactions that take back what they did where their work throws. Can run work twice, as a
 * store may, and can refuse.
 */
public final class InMemoryAudit implements AuditStore, Transactions {
    private static final Tx TX = new Tx() {};

    public List<AuditRecord> records = new ArrayList<>();
    public List<Checkpoint> checkpoints = new ArrayList<>();
    /** What a write does beside its records, for tests. */
    public List<String> deeds = new ArrayList<>();

    public boolean twice;
    /** Thrown by writes, while it is there. */
    public Optional<RuntimeException> broken = Optional.empty();

    private final Map<String, Long> cuts = new HashMap<>();

    @Override
    public <T> T read(Function<Tx, T> work) {
        return work.apply(TX);
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        broken.ifPresent(e -> {
            throw e;
        });
        if (twice) {
            attempt(work);
            takeBack();
        }
        return attempt(work);
    }

    private List<AuditRecord> recordsBefore = List.of();
    private List<String> deedsBefore = List.of();

    private <T> T attempt(Function<Tx, T> work) {
        recordsBefore = List.copyOf(records);
        deedsBefore = List.copyOf(deeds);
        try {
            return work.apply(TX);
        } catch (RuntimeException | Error e) {
            takeBack();
            throw e;
        }
    }

    private void takeBack() {
        records = new ArrayList<>(recordsBefore);
        deeds = new ArrayList<>(deedsBefore);
    }

    private Stream<AuditRecord> of(String node) {
        return records.stream().filter(r -> r.node().equals(node));
    }

    @Override
    public Optional<Link> last(Tx tx, String node) {
        return of(node).map(AuditRecord::link).reduce((_, later) -> later);
    }

    @Override
    public void append(Tx tx, AuditRecord made) {
        records.add(made);
    }

    @Override
    public List<AuditRecord> after(Tx tx, String node, long sequence, int limit) {
        return of(node).filter(r -> r.sequence() > sequence).limit(limit).toList();
    }

    @Override
    public Found find(Tx tx, AuditQuery query, int limit) {
        throw new UnsupportedOperationException("the contract of the store has it");
    }

    @Override
    public List<String> nodes(Tx tx) {
        return Stream.concat(
                        records.stream().map(AuditRecord::node),
                        checkpoints.stream().map(Checkpoint::node))
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public void append(Tx tx, Checkpoint checkpoint) {
        checkpoints.add(checkpoint);
    }

    private Stream<Checkpoint> checkpointsOf(String node, Predicate<Checkpoint> which) {
        return checkpoints.stream().filter(c -> c.node().equals(node)).filter(which);
    }

    @Override
    public Optional<Checkpoint> lastCheckpoint(Tx tx, String node) {
        return checkpointsOf(node, _ -> true).reduce((_, later) -> later);
    }

    @Override
    public List<Checkpoint> checkpointsAfter(Tx tx, String node, long number, int limit) {
        return checkpointsOf(node, c -> c.number() > number).limit(limit).toList();
    }

    @Override
    public Optional<Checkpoint> cut(Tx tx, String node) {
        return checkpointsOf(node, c -> c.number() == cuts.getOrDefault(node, 0L))
                .findFirst();
    }

    @Override
    public void markCut(Tx tx, Checkpoint checkpoint) {
        cuts.put(checkpoint.node(), checkpoint.number());
    }

    @Override
    public int remove(Tx tx, String node, long sequence, int limit) {
        List<AuditRecord> gone =
                of(node).filter(r -> r.sequence() <= sequence).limit(limit).toList();
        records.removeAll(gone);
        return gone.size();
    }
}
