package dev.keyturn.server.keyvault;

import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.Link;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The real store of records, which does not take those that a test says. */
final class BrokenAudit implements AuditStore {
    private final AuditStore real;
    private final Predicate<AuditRecord> refuses;

    BrokenAudit(AuditStore real, Predicate<AuditRecord> refuses) {
        this.real = real;
        this.refuses = refuses;
    }

    @Override
    public void append(Tx tx, AuditRecord made) {
        if (refuses.test(made)) {
            throw new DomainError.Unavailable(ErrorInfo.of("StorageBusy", "the record is not taken")).asException();
        }
        real.append(tx, made);
    }

    @Override
    public Optional<Link> last(Tx tx, String node) {
        return real.last(tx, node);
    }

    @Override
    public List<AuditRecord> after(Tx tx, String node, long sequence, int limit) {
        return real.after(tx, node, sequence, limit);
    }

    @Override
    public Found find(Tx tx, AuditQuery query, int limit) {
        return real.find(tx, query, limit);
    }

    @Override
    public List<String> nodes(Tx tx) {
        return real.nodes(tx);
    }

    @Override
    public void append(Tx tx, Checkpoint checkpoint) {
        real.append(tx, checkpoint);
    }

    @Override
    public Optional<Checkpoint> lastCheckpoint(Tx tx, String node) {
        return real.lastCheckpoint(tx, node);
    }

    @Override
    public List<Checkpoint> checkpointsAfter(Tx tx, String node, long number, int limit) {
        return real.checkpointsAfter(tx, node, number, limit);
    }

    @Override
    public Optional<Checkpoint> cut(Tx tx, String node) {
        return real.cut(tx, node);
    }

    @Override
    public void markCut(Tx tx, Checkpoint checkpoint) {
        real.markCut(tx, checkpoint);
    }

    @Override
    public int remove(Tx tx, String node, long sequence, int limit) {
        return real.remove(tx, node, sequence, limit);
    }
}
