package dev.keyturn.core.audit;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The records of all nodes, for who may see them; whoever calls this has asked. Thread-safe. */
public final class AuditReader {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Semaphore one = new Semaphore(1, true);
    private final Duration patience;
    private final Transactions transactions;
    private final AuditStore store;
    private final CheckpointSigner signer;
    private final LastCheckpoints lasts;

    public AuditReader(Transactions transactions, AuditStore store, CheckpointSigner signer, LastCheckpoints lasts) {
        this(transactions, store, signer, lasts, PATIENCE);
    }

    /** @param patience how long a question waits for its turn */
    AuditReader(
            Transactions transactions,
            AuditStore store,
            CheckpointSigner signer,
            LastCheckpoints lasts,
            Duration patience) {
        this.patience = patience;
        this.transactions = transactions;
        this.store = store;
        this.signer = signer;
        this.lasts = lasts;
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

    /** The names of all nodes that have records or checkpoints, or had some. */
    public List<String> nodes() {
        return transactions.read(tx -> Stream.concat(store.nodes(tx).stream(), lasts.kept(tx).last().keySet().stream())
                .distinct()
                .sorted()
                .toList());
    }

    /** That checkpoints of the node, or records before them, were altered in the database; empty where they were not. */
    public Optional<String> wrong(String node) {
        return transactions.read(tx -> Reached.of(tx, store, lasts, node)).wrong(node);
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
