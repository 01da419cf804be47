package dev.keyturn.server.limits;

import java.util.concurrent.atomic.AtomicLong;

/** A number of bytes that many share: each takes before it holds, and gives back. Thread-safe. */
public final class Budget {
    private final long most;
    private final AtomicLong held = new AtomicLong();

    public Budget(long most) {
        this.most = most;
    }

    /** False, and nothing is taken, where so many are not left. */
    public boolean take(long bytes) {
        long before = held.getAndUpdate(h -> h + bytes <= most ? h + bytes : h);
        return before + bytes <= most;
    }

    public void give(long bytes) {
        if (held.addAndGet(-bytes) < 0) {
            throw new IllegalStateException("more was given back than taken");
        }
    }

    public long held() {
        return held.get();
    }
}
