package dev.keyturn.core.time;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.time.Elapsed.Reading;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that this server has seen pass, kept in the database. It begins as what the clock says at the first start and
 * then grows with {@link Elapsed}, whatever becomes of the clock; while the clock is ahead it may follow by a hundredth
 * of what passes. Time that the machine was down is taken from the clock, a day at most. What is missing then, an
 * administrator {@link #confirm confirms}, or it passes. Thread-safe.
 */
public final class SeenTime implements ServerTime {
    /** A clock that is further ahead than this has jumped; one that is less far behind is just behind. */
    public static final Duration JUMP = Duration.ofMinutes(5);
    /** Longest that the machine can have been down without anybody being asked. */
    public static final Duration DOWN = Duration.ofDays(1);

    static final String SETTING = "seen-time";
    private static final long FOLLOWS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(SeenTime.class);

    private final Transactions transactions;
    private final Settings settings;
    private final Clock clock;
    private final Elapsed elapsed;
    private State state;
    private boolean told;

    /** @param wall what the clock said when {@code seen} was counted last */
    private record State(Instant seen, Instant wall, Reading reading) {
        String text() {
            return seen + "|" + wall + "|" + reading.up() + "|" + reading.boot();
        }

        static State parse(String text) {
            String[] parts = text.split("\\|", 4);
            return new State(
                    Instant.parse(parts[0]), Instant.parse(parts[1]), new Reading(parts[3], Duration.parse(parts[2])));
        }

        State next(Instant now, Reading read) {
            boolean same = read.boot().equals(reading.boot()) && read.up().compareTo(reading.up()) >= 0;
            Duration down = Duration.between(wall, now);
            Duration passed = same
                    ? read.up().minus(reading.up())
                    : down.isNegative() ? Duration.ZERO : down.compareTo(DOWN) > 0 ? DOWN : down;
            Instant later = seen.plus(passed);
            if (now.isAfter(later)) {
                Instant following = later.plus(passed.dividedBy(FOLLOWS));
                later = following.isBefore(now) ? following : now;
            } else if (!later.isAfter(now.plus(JUMP))) {
                later = now;
            }
            return new State(later, now, read);
        }
    }

    /**
     * What is shown: the clock, the time seen, and by how much the clock is ahead of it.
     *
     * @param jumped whether that is more than a clock is ahead by itself
     */
    public record Status(Instant clock, Instant seen, Duration ahead, boolean jumped) {}

    private SeenTime(Transactions transactions, Settings settings, Clock clock, Elapsed elapsed, State state) {
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
        this.elapsed = elapsed;
        this.state = state;
    }

    /** Goes on from what the database has, or begins with the clock where it has nothing. */
    public static SeenTime open(Transactions transactions, Settings settings, Clock clock, Elapsed elapsed) {
        Optional<String> stored = transactions.read(tx -> settings.find(tx, SETTING));
        Instant now = clock.instant();
        Reading read = elapsed.read();
        State state =
                stored.map(SeenTime::parsed).map(s -> s.next(now, read)).orElseGet(() -> new State(now, now, read));
        SeenTime time = new SeenTime(transactions, settings, clock, elapsed, state);
        time.store();
        return time;
    }

    @Override
    public synchronized Instant seen() {
        state = state.next(clock.instant(), elapsed.read());
        return state.seen();
    }

    @Override
    public synchronized Instant reached() {
        Instant seen = seen();
        return seen.isBefore(state.wall()) ? seen : state.wall();
    }

    @Override
    public synchronized Instant latest() {
        Instant seen = seen();
        return seen.isAfter(state.wall()) ? seen : state.wall();
    }

    public synchronized Status status() {
        Instant seen = seen();
        Duration ahead = Duration.between(seen, state.wall());
        return new Status(state.wall(), seen, ahead.isNegative() ? Duration.ZERO : ahead, ahead.compareTo(JUMP) > 0);
    }

    /** Keeps what was seen so far, and says once in the log where the clock has jumped. To be called every minute. */
    public void store() {
        Status status = status();
        String text = text();
        transactions.run(tx -> settings.put(tx, SETTING, text));
        if (status.jumped() && !told) {
            LOG.warn(
                    "the clock says {}, but this server has seen time pass until {} only: what waits to be purged goes on"
                            + " waiting until that time has passed, or until an administrator confirms the clock"
                            + " (POST /keyturn/clock/confirm, docs/clock.md)",
                    status.clock(),
                    status.seen());
        }
        told = status.jumped();
    }

    /**
     * Believes the clock: all that it says has passed has passed.
     *
     * @param stated what time it is by the administrator's own clock
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} where the clock says another time
     */
    public Status confirm(Instant stated, String by) {
        Instant confirmed = transactions.write(tx -> confirm(tx, stated));
        return believe(confirmed, by);
    }

    /**
     * The first half of {@link #confirm(Instant, String)}: keeps in the caller's transaction that the clock is believed.
     * It holds for this server once {@link #believe} is told what this returned, which is to be done behind the
     * transaction.
     */
    public Instant confirm(Tx tx, Instant stated) {
        State believed;
        synchronized (this) {
            Instant seen = seen();
            Instant wall = state.wall();
            if (Duration.between(stated, wall).abs().compareTo(JUMP) > 0) {
                throw new DomainError.Conflict(ErrorInfo.of(
                                "ClockDisagrees",
                                "The server's clock says " + wall + ", not " + stated
                                        + ". Set it right first; then confirm the time that both say."))
                        .asException();
            }
            believed = new State(wall.isAfter(seen) ? wall : seen, wall, state.reading());
        }
        settings.put(tx, SETTING, believed.text());
        return believed.wall();
    }

    /** See {@link #confirm(Tx, Instant)}. */
    public Status believe(Instant confirmed, String by) {
        synchronized (this) {
            Instant seen = seen();
            if (confirmed.isAfter(seen)) {
                LOG.warn("{} confirmed the clock: the time seen goes from {} to {}", by, seen, confirmed);
                state = new State(confirmed, state.wall(), state.reading());
            }
        }
        store();
        return status();
    }

    private synchronized String text() {
        return state.text();
    }

    private static State parsed(String text) {
        try {
            return State.parse(text);
        } catch (RuntimeException e) {
            throw new IllegalStateException("the setting '" + SETTING + "' of the database is damaged: " + text, e);
        }
    }
}
