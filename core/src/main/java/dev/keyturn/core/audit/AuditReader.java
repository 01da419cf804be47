package dev.keyturn.core.audit;

import dev.keyturn.core.tx.Transactions;
import java.util.List;
import java.util.Optional;

/** The records of all nodes, for who may see them; whoever calls this has asked. Thread-safe. */
public final class AuditReader {
    private final Transactions transactions;
    private final AuditStore store;
    private final CheckpointSigner signer;

    public AuditReader(Transactions transactions, AuditStore store, CheckpointSigner signer) {
        this.transactions = transactions;
        this.store = store;
        this.signer = signer;
    }

    /** What the query asks for, newest first. */
    public List<AuditRecord> find(AuditQuery query, int limit) {
        return transactions.read(tx -> store.find(tx, query, limit));
    }

    public List<String> nodes() {
        return transactions.read(store::nodes);
    }

    /** The node's records from after the number on, in the order of the chain; without those that were cut. */
    public List<AuditRecord> chain(String node, long after, int limit) {
        return transactions.read(tx -> {
            long cut = store.cut(tx, node).map(Checkpoint::sequence).orElse(0L);
            return store.after(tx, node, Math.max(cut, after), limit);
        });
    }

    /** The node's checkpoints from after the number on, in order. */
    public List<Checkpoint> checkpoints(String node, long after, int limit) {
        return transactions.read(tx -> store.checkpointsAfter(tx, node, after, limit));
    }

    /** Where the node's chain begins, if not with its first record. */
    public Optional<Checkpoint> cut(String node) {
        return transactions.read(tx -> store.cut(tx, node));
    }

    /** The public part of the key that checkpoints are signed with: X.509 SubjectPublicKeyInfo, DER. */
    public byte[] publicKey() {
        return signer.publicKey();
    }
}
