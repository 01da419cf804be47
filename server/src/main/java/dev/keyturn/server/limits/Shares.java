package dev.keyturn.server.limits;

import java.util.HashMap;
import java.util.Map;

/**
 * A number of bytes that holders share, each of them up to a share of its own: each takes before it holds, and gives
 * back. Thread-safe.
 */
public final class Shares {
    private final long most;
    private final long mostPerHolder;
    private final Map<String, Long> shares = new HashMap<>();
    private long held;

    public Shares(long most, long mostPerHolder) {
        this.most = most;
        this.mostPerHolder = mostPerHolder;
    }

    /** Takes all of them, or none and says which bound is in the way. */
    public synchronized Tally.Entry take(String holder, long bytes) {
        long own = shares.getOrDefault(holder, 0L);
        if (own + bytes > mostPerHolder) {
            return Tally.Entry.HOLDER_FULL;
        }
        if (held + bytes > most) {
            return Tally.Entry.FULL;
        }
        held += bytes;
        shares.put(holder, own + bytes);
        return Tally.Entry.IN;
    }

    public synchronized void give(String holder, long bytes) {
        long own = shares.getOrDefault(holder, 0L) - bytes;
        if (own < 0) {
            throw new IllegalStateException("more was given back than taken");
        }
        held -= bytes;
        if (own == 0) {
            shares.remove(holder);
        } else {
            shares.put(holder, own);
        }
    }

    public synchronized long held() {
        return held;
    }
}
