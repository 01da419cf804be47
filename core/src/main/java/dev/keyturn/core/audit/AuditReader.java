package dev.keyturn.core.audit;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The records of all nodes, for who may see them; whoever calls this has asked. Thread-safe. */
public final class AuditReader {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Semaphore one = new Semaphore(1, true);
    private final Duration patience;
    private final Transactions transactions;
    private final AuditStore store;
    private final CheckpointSigner signer;

    public AuditReader(Transactions transactions, AuditStore store, CheckpointSigner signer) {
        this(transactions, store, signer, PATIENCE);
    }

    /** @param patience how long a question waits for its turn */
    AuditReader(Transactions transactions, AuditStore store, CheckpointSigner signer, Duration patience) {
        this.patience = patience;
        this.transactions = transactions;
        this.store = store;
        this.signer = signer;
    }

    /**
     * What the query asks for, newest first. One question at a time: the threads that read are needed to decide who may
     * do what.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Throttled} where its turn does not come in time
     */
    public AuditStore.Found find(AuditQuery query, int limit) {
        await();
        try {
            return transactions.read(tx -> store.find(tx, query, limit));
        } finally {
            one.release();
        }
    }

    private void await() {
        try {
            if (one.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new DomainError.Throttled(
                        ErrorInfo.of(
                                "TooManyRequests",
                                "Others are asking for records of who did what. Try again in a few seconds."),
                        RETRY)
                .asException();
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
