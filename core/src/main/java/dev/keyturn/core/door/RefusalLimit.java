package dev.keyturn.core.door;

import dev.keyturn.core.identity.PrincipalId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * How many refusals of one principal are recorded in a minute, so that who has a token and no role cannot fill the disk.
 * What is beyond that is counted, and the principal's next recorded refusal says how many there were. A limited number
 * of principals is known at once; those beyond share one minute. Thread-safe.
 */
final class RefusalLimit {
    static final int A_MINUTE = 60;
    static final int PRINCIPALS = 1_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final PrincipalId OTHERS = new PrincipalId(new UUID(-1, -1));

    private final Map<PrincipalId, Minute> minutes = new LinkedHashMap<>();

    private record Minute(Instant from, int recorded, long leftOut) {
        boolean over(Instant now) {
            return now.isBefore(from) || !now.isBefore(from.plus(MINUTE));
        }
    }

    /**
     * A refusal that is to be recorded.
     *
     * @param leftOut how many before it were not
     * @param last whether no more is recorded in this minute
     */
    record Place(long leftOut, boolean last) {
        /** What stands behind the code of the answer. */
        String remark() {
            return (leftOut == 0 ? "" : " (" + leftOut + " refused before it are not recorded)")
                    + (last ? " (the last that is recorded in this minute)" : "");
        }
    }

    /** Empty where the refusal is counted only. */
    synchronized Optional<Place> next(PrincipalId who, Instant now) {
        PrincipalId key = key(who, now);
        Minute minute = minutes.getOrDefault(key, new Minute(now, 0, 0));
        if (minute.over(now)) {
            minute = new Minute(now, 0, minute.leftOut());
        }
        if (minute.recorded() >= A_MINUTE) {
            minutes.put(key, new Minute(minute.from(), minute.recorded(), minute.leftOut() + 1));
            return Optional.empty();
        }
        minutes.put(key, new Minute(minute.from(), minute.recorded() + 1, 0));
        return Optional.of(new Place(minute.leftOut(), minute.recorded() + 1 == A_MINUTE));
    }

    /** The refusal could not be recorded: what it would have said is still to be said. */
    synchronized void giveBack(PrincipalId who, Place place) {
        minutes.computeIfPresent(
                minutes.containsKey(who) ? who : OTHERS,
                (_, m) -> new Minute(m.from(), m.recorded(), m.leftOut() + place.leftOut()));
    }

    private PrincipalId key(PrincipalId who, Instant now) {
        if (minutes.containsKey(who) || minutes.size() < PRINCIPALS) {
            return who;
        }
        minutes.values().removeIf(m -> m.over(now) && m.leftOut() == 0);
        return minutes.size() < PRINCIPALS ? who : OTHERS;
    }
}
