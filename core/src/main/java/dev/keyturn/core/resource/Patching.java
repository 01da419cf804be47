package dev.keyturn.core.resource;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A PATCH reads, merges and writes on condition that nothing changed in between; where something did, it does so
 * again. Those of one resource take turns, so that on one node they do not get in each other's way at all. Who sent no
 * condition is never told that one failed: what does not fit after {@value #TRIES} tries, or gets no turn in time, is a
 * 409 to try again. Thread-safe.
 */
public final class Patching {
    public static final int TRIES = 20;

    private final ConcurrentHashMap<String, Turn> turns = new ConcurrentHashMap<>();
    private final Duration patience;

    public Patching() {
        this(Duration.ofSeconds(10));
    }

    /** @param patience how long a request waits for its turn */
    public Patching(Duration patience) {
        this.patience = patience;
    }

    /** The requests that write one resource now; there as long as there are any. */
    private record Turn(ReentrantLock lock, int users) {
        Turn with(int more) {
            return new Turn(lock, users + more);
        }
    }

    /** @param asked the client's own condition, which the attempt checks: where that fails it is the answer */
    public <T> T untilUnchanged(ArmId id, Precondition asked, Supplier<T> attempt) {
        ReentrantLock lock = turns.compute(
                        id.key(), (_, t) -> t == null ? new Turn(new ReentrantLock(true), 1) : t.with(1))
                .lock();
        try {
            if (!lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw DomainError.changedMeanwhile(id).asException();
            }
            try {
                return attempts(id, asked, attempt);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DomainError.changedMeanwhile(id).asException();
        } finally {
            turns.computeIfPresent(id.key(), (_, t) -> t.users() == 1 ? null : t.with(-1));
        }
    }

    private static <T> T attempts(ArmId id, Precondition asked, Supplier<T> attempt) {
        boolean oneRevision = asked.ifNoneMatch().isPresent()
                || asked.ifMatch().filter(t -> !t.any()).isPresent();
        for (int i = 1; ; i++) {
            try {
                return attempt.get();
            } catch (DomainException e) {
                if (!(e.error() instanceof DomainError.PreconditionFailed) || oneRevision) {
                    throw e;
                }
                if (i == TRIES) {
                    throw asked.equals(Precondition.NONE)
                            ? DomainError.changedMeanwhile(id).asException()
                            : e;
                }
            }
        }
    }

    /** How many resources are being written. */
    public int busy() {
        return turns.size();
    }
}
