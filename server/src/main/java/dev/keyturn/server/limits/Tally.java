package dev.keyturn.server.limits;

import java.util.HashMap;
import java.util.Map;

/** Counts what is under way, in all and per holder, and lets no more in than either bound. Thread-safe. */
public final class Tally {
    /** Whether one more was let in, and if not, which bound it met. */
    public enum Entry {
        IN,
        /** All places are taken. */
        FULL,
        /** This holder has as many as one may have. */
        HOLDER_FULL
    }

    private final int most;
    private final int mostPerHolder;
    private final Map<String, Integer> held = new HashMap<>();
    private int all;

    public Tally(int most, int mostPerHolder) {
        this.most = most;
        this.mostPerHolder = mostPerHolder;
    }

    /** Who is let in must {@link #leave} once. */
    public synchronized Entry enter(String holder) {
        int own = held.getOrDefault(holder, 0);
        if (own >= mostPerHolder) {
            return Entry.HOLDER_FULL;
        }
        if (all >= most) {
            return Entry.FULL;
        }
        all++;
        held.put(holder, own + 1);
        return Entry.IN;
    }

    public synchronized void leave(String holder) {
        int own = held.getOrDefault(holder, 0);
        if (own == 0) {
            throw new IllegalStateException(holder + " was not in");
        }
        all--;
        if (own == 1) {
            held.remove(holder);
        } else {
            held.put(holder, own - 1);
        }
    }

    public synchronized int all() {
        return all;
    }
}
