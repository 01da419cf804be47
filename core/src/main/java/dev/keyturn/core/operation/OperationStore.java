package dev.keyturn.core.operation;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of operations and the leases on them. */
@CheckReturnValue
public interface OperationStore {
    void insert(Tx tx, Operation operation);

    Optional<Operation> find(Tx tx, OperationId id);

    /** The unfinished operation on the resource, if there is one; the oldest where there are several. */
    Optional<Operation> running(Tx tx, ArmId target);

    /** The unfinished operation of that kind on the resource, if there is one; the oldest where there are several. */
    Optional<Operation> running(Tx tx, ArmId target, OperationKind kind);

    /** Those that have not ended, newest first. */
    List<Operation> running(Tx tx, int limit);

    /** Those that have ended, the last one first, of one time by id; from behind that place on. */
    List<Operation> ended(Tx tx, Optional<OperationsInSight.Place> behind, int limit);

    /** Those on the resource that have ended, the last one first. */
    List<Operation> ended(Tx tx, ArmId target, int limit);

    /**
     * Drops the leases of every other instance of this node's name, and those under the bare name that earlier versions
     * wrote, for a process that has just started and knows that nobody else works under its name. Leases of other nodes
     * stay, and so do fences. Each operation counts a loss and rests as {@link Backoff#afterLoss} says.
     */
    void abandon(Tx tx, LeaseOwner starting, Instant now);

    /**
     * Takes up to {@code limit} unfinished operations that nobody holds a live lease on and that are due (none yet,
     * given back until a time before {@code now}, or run out before it; or so far ahead of {@code leaseUntil}, by more
     * than ten minutes, that the clock was set back), oldest first: sets owner and lease end, gives each the next
     * fence of all, adds one to attempts, and returns them as they are after that. One whose lease ran out counts a loss;
     * where that makes it rest, it is not returned yet.
     */
    List<Operation> claim(Tx tx, LeaseOwner owner, Instant now, Instant leaseUntil, int limit);

    /** Whether the operation is unfinished and its fence is still {@code fence}. */
    boolean holds(Tx tx, OperationId id, long fence);

    /** Gives the claim the next fence of all in place of its own; empty where that does not hold any more. */
    Optional<Operation> refence(Tx tx, OperationId id, long fence);

    /** Moves the lease's end where the fence still holds; missed where it does not. */
    Hit extend(Tx tx, OperationId id, long fence, Instant leaseUntil);

    /** Gives the lease back: another claim may follow from {@code notBefore} on. */
    void release(Tx tx, OperationId id, long fence, Instant notBefore);

    /**
     * Gives the lease of an operation back that was at work and was not hindered by anything of its own: another claim
     * may follow at once, and no loss, no failure and no end of a row of losses is counted.
     */
    void handBack(Tx tx, OperationId id, long fence);

    /** Gives the lease back, to be claimed again from {@code notBefore} on; what it waits for is its error until it ends. */
    void waits(Tx tx, OperationId id, long fence, Instant notBefore, ErrorInfo what);

    /** Gives the lease back after a failure, which is counted. */
    void failed(Tx tx, OperationId id, long fence, Instant notBefore);

    /** Every claim from now on has a higher fence than this one. */
    void fenceAbove(Tx tx, Fence fence);

    /** Every claim from now on is higher by so much than this one, and than every claim that the store knows of. */
    void leap(Tx tx, Fence above, long by);

    void progress(Tx tx, OperationId id, int percentComplete);

    /** Ends it: Succeeded without an error, Failed with one. */
    void end(Tx tx, OperationId id, Optional<ErrorInfo> error, Instant endedAt);

    /** Ends it as Canceled, for this reason. */
    void cancel(Tx tx, OperationId id, ErrorInfo why, Instant endedAt);

    /** Notes that the operation tries its work on this resource, found at that revision; the newest note counts. */
    void tried(Tx tx, OperationId id, ArmId resource, long revision);

    /** Takes the note back: it is as if the operation had not tried its work on this resource. */
    void untried(Tx tx, OperationId id, ArmId resource);

    /** The revision of each resource as the operation found it when it tried, by {@link ArmId#key}. */
    Map<String, Long> tried(Tx tx, OperationId id);

    /** Forgets operations that ended before the time. */
    int forgetEndedBefore(Tx tx, Instant time);
}
