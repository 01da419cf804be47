package dev.keyturn.server.limits;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often something happens per holder: so many at once, and as many more over each minute. Remembers a bounded number
 * of holders; when there are more, who was seen longest ago is forgotten. Thread-safe.
 */
public final class Rates {
    static final int HOLDERS = 10_000;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private record Bucket(double left, long at) {}

    private final int atOnce;
    private final int perMinute;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    public Rates(int perMinute, LongSupplier nanos) {
        this(perMinute, perMinute, nanos);
    }

    /** With another number at once than comes back over each minute. */
    public Rates(int atOnce, int perMinute, LongSupplier nanos) {
        this.atOnce = atOnce;
        this.perMinute = perMinute;
        this.nanos = nanos;
    }

    /** Counts one; where that is one too many it is not counted, and the answer is how long to wait for the next. */
    public synchronized Optional<Duration> count(String holder) {
        double left = left(holder);
        if (left < 1) {
            return Optional.of(until(left));
        }
        take(holder, left - 1);
        return Optional.empty();
    }

    /** Takes back one that {@link #count} took. */
    public synchronized void giveBack(String holder) {
        take(holder, Math.min(atOnce, left(holder) + 1));
    }

    /** Counts one that has happened, also where it is one too many. */
    public synchronized void note(String holder) {
        take(holder, Math.max(0, left(holder) - 1));
    }

    /** How long to wait until {@link #count} would take one; empty where it would now. Counts nothing. */
    public synchronized Optional<Duration> full(String holder) {
        double left = left(holder);
        return left >= 1 ? Optional.empty() : Optional.of(until(left));
    }

    private void take(String holder, double left) {
        buckets.put(holder, new Bucket(left, nanos.getAsLong()));
        if (buckets.size() > HOLDERS) {
            buckets.remove(buckets.keySet().iterator().next());
        }
    }

    private Duration until(double left) {
        return Duration.ofNanos((long) Math.ceil((1 - left) * MINUTE / perMinute));
    }

    synchronized int holders() {
        return buckets.size();
    }

    private double left(String holder) {
        Bucket known = buckets.get(holder);
        if (known == null) {
            return atOnce;
        }
        double back = (double) (nanos.getAsLong() - known.at()) * perMinute / MINUTE;
        return Math.min(atOnce, known.left() + back);
    }
}
