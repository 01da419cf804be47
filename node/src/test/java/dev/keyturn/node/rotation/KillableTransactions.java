package dev.keyturn.node.rotation;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Transactions of a process that is "killed" at its n-th write from now: just before the write, or just after it became
 * durable. From then on nothing of that process reaches the store. Something else can be had happen between two of them.
 */
public final class KillableTransactions implements Transactions {
    /** Not an exception that any code under test could catch and survive. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    private final Transactions real;
    private final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean afterCommit;
    private volatile boolean dead;
    private volatile Meddling meddling = new Meddling(Thread.currentThread(), new AtomicInteger(), () -> {});

    private record Meddling(Thread thread, AtomicInteger left, Runnable happens) {}

    public KillableTransactions(Transactions real) {
        this.real = real;
    }

    public void killAtWrite(int n, boolean afterItsCommit) {
        afterCommit = afterItsCommit;
        writesLeft.set(n);
    }

    /** Has something happen once: before the n-th transaction that this thread begins from now. */
    public void before(int n, Runnable happens) {
        meddling = new Meddling(Thread.currentThread(), new AtomicInteger(n), happens);
    }

    /** Whether that has happened. */
    public boolean happened() {
        return meddling.left().get() <= 0;
    }

    private void meddle() {
        Meddling now = meddling;
        if (now.thread().equals(Thread.currentThread()) && now.left().decrementAndGet() == 0) {
            now.happens().run();
        }
    }

    public void spare() {
        writesLeft.set(Integer.MAX_VALUE);
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        requireAlive();
        meddle();
        return real.read(work);
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        requireAlive();
        meddle();
        if (writesLeft.decrementAndGet() > 0) {
            return real.write(work);
        }
        if (afterCommit) {
            real.write(work);
        }
        dead = true;
        throw new Killed();
    }

    private void requireAlive() {
        if (dead) {
            throw new Killed();
        }
    }
}
