package dev.keyturn.core.operation;

/**
 * The number of one claim of one operation, out of one series for all of them: the later claim has the higher number,
 * whatever the operations are. Hosts keep the highest that they have seen for each VM and image and refuse a lower one,
 * so that a runner whose lease ran out while it slept changes nothing any more, there as little as in the store.
 */
public record Fence(long number) implements Comparable<Fence> {
    /** Lower than any claim's. */
    public static final Fence NONE = new Fence(0);

    public Fence {
        if (number < 0) {
            throw new IllegalArgumentException("a fence is not negative: " + number);
        }
    }

    @Override
    public int compareTo(Fence other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
