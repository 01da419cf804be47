package dev.keyturn.core.time;

import dev.keyturn.core.time.Elapsed.Reading;
import java.time.Duration;
import java.time.Instant;

/**
 * What one node has seen of time, and the reading it was counted with.
 *
 * @param wall what the clock said when {@code seen} was counted last
 */
record SeenState(Instant seen, Instant wall, Reading reading) {
    private static final long FOLLOWS = 100;

    /** @param believed the longest time of a machine that was down which its clock is believed */
    SeenState next(Instant now, Reading read, Duration believed) {
        boolean same = read.boot().equals(reading.boot()) && read.up().compareTo(reading.up()) >= 0;
        Duration down = Duration.between(wall, now);
        Duration passed = same
                ? read.up().minus(reading.up())
                : down.isNegative() ? Duration.ZERO : down.compareTo(believed) > 0 ? believed : down;
        Instant later = seen.plus(passed);
        if (now.isAfter(later)) {
            Instant following = later.plus(passed.dividedBy(FOLLOWS));
            later = following.isBefore(now) ? following : now;
        } else if (!later.isAfter(now.plus(SeenTime.JUMP))) {
            later = now;
        }
        return new SeenState(later, now, read);
    }

    /** What others have seen at this moment counts as seen too; how long it took them is no time of its own. */
    SeenState atLeast(Instant others) {
        return others.isAfter(seen) ? new SeenState(others, wall, reading) : this;
    }
}
