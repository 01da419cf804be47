package dev.keyturn.core.operation;

import dev.keyturn.core.door.Permit;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Begins operations and answers polls. Thread-safe. */
public final class OperationService {
    /** How long a client can still poll an operation that has ended. */
    static final Duration REMEMBERED = Duration.ofDays(30);

    private final Transactions transactions;
    private final OperationStore store;
    private final Clock clock;
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

    public OperationService(Transactions transactions, OperationStore store, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.clock = clock;
    }

    /**
     * Runs the write that {@link #begin begins} an operation, in a transaction of the permit's, and, once it is durable,
     * wakes whoever runs operations.
     */
    public <T> T submit(Permit permit, Function<Tx, T> work) {
        T result = permit.write(work);
        listeners.forEach(Runnable::run);
        return result;
    }

    /**
     * Inserts an operation that is to be run, for the permit's caller, in the transaction that moves its resource into a
     * busy state. The record of that transaction names it.
     */
    public Operation begin(Permit permit, Tx tx, OperationKind kind, ArmId target, Map<String, String> arguments) {
        return insert(permit, tx, kind, target, arguments, OperationStatus.IN_PROGRESS);
    }

    /** Inserts an operation whose work is done in this very transaction, as {@link #begin}. */
    public Operation ended(Permit permit, Tx tx, OperationKind kind, ArmId target) {
        return insert(permit, tx, kind, target, Map.of(), OperationStatus.SUCCEEDED);
    }

    private Operation insert(
            Permit permit,
            Tx tx,
            OperationKind kind,
            ArmId target,
            Map<String, String> arguments,
            OperationStatus status) {
        Call call = permit.call();
        Operation operation = fresh(kind, target, arguments, call.caller().name(), call.correlation(), status);
        store.insert(tx, operation);
        permit.began(operation.id().value());
        return operation;
    }

    /** Inserts an operation that another one leaves work to, for whoever asked for that one. */
    public Operation follow(Tx tx, OperationKind kind, ArmId target, Map<String, String> arguments, Operation because) {
        Operation operation = fresh(
                kind, target, arguments, because.requestedBy(), because.correlation(), OperationStatus.IN_PROGRESS);
        store.insert(tx, operation);
        return operation;
    }

    /** Refuses, naming it, while an operation is at work on the resource. */
    public void requireIdle(Tx tx, ArmId target) {
        store.running(tx, target).ifPresent(o -> refuse(target, o));
    }

    private static void refuse(ArmId target, Operation o) {
        throw new DomainError.Conflict(ErrorInfo.at(
                        target.toString(),
                        "OperationInProgress",
                        "Another operation (" + o.kind() + ", " + o.id() + ") is at work on '" + target.name()
                                + "'. Wait until it has ended."))
                .asException();
    }

    /**
     * Ends the unfinished operation of this kind on the resource, if there is one, as canceled for the reason. Whoever
     * is at work on it writes nothing more: its lease is gone with the transaction.
     */
    public void cancel(Tx tx, ArmId target, OperationKind kind, ErrorInfo why) {
        store.running(tx, target, kind).ifPresent(o -> store.cancel(tx, o.id(), why, clock.instant()));
    }

    /** Refuses, naming it, while an operation of another kind than {@code but} is at work on the resource. */
    public void requireIdleBut(Tx tx, ArmId target, OperationKind but) {
        store.running(tx, target).filter(o -> o.kind() != but).ifPresent(o -> refuse(target, o));
    }

    /** The unfinished operation on the resource, if there is one. */
    public Optional<Operation> running(Tx tx, ArmId target) {
        return store.running(tx, target);
    }

    /** As {@link #running(Tx, ArmId)}, of one kind. */
    public Optional<Operation> running(Tx tx, ArmId target, OperationKind kind) {
        return store.running(tx, target, kind);
    }

    public Optional<Operation> find(OperationId id) {
        return transactions.read(tx -> store.find(tx, id));
    }

    /** Notes, for the operation's next run, that it tries its work on this resource as it is now. */
    public void tried(Tx tx, OperationId id, ArmId resource, long revision) {
        store.tried(tx, id, resource, revision);
    }

    /** It turned out that the work was not done, and will not have been. */
    public void untried(Tx tx, OperationId id, ArmId resource) {
        store.untried(tx, id, resource);
    }

    /** The revisions at which the operation tried its work, by {@link ArmId#key}. */
    public Map<String, Long> tried(Tx tx, OperationId id) {
        return store.tried(tx, id);
    }

    /**
     * Forgets operations that ended so long ago that nobody polls them any more; returns how many.
     *
     * @param now by the server's time ({@link dev.keyturn.core.time.ServerTime#reached}), not by the clock alone
     */
    public int forgetOld(Instant now) {
        Instant before = now.minus(REMEMBERED);
        return transactions.write(tx -> store.forgetEndedBefore(tx, before));
    }

    /** Every later claim is above it: for a store that was restored and knows less than its hosts. */
    public void fenceAbove(Fence fence) {
        transactions.run(tx -> store.fenceAbove(tx, fence));
    }

    void onSubmit(Runnable listener) {
        listeners.add(listener);
    }

    private Operation fresh(
            OperationKind kind,
            ArmId target,
            Map<String, String> arguments,
            String requestedBy,
            UUID correlation,
            OperationStatus status) {
        Instant now = clock.instant();
        return new Operation(
                new OperationId(UUID.randomUUID()),
                kind,
                target,
                arguments,
                requestedBy,
                correlation,
                status,
                now,
                status == OperationStatus.IN_PROGRESS ? Optional.empty() : Optional.of(now),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                0);
    }
}
