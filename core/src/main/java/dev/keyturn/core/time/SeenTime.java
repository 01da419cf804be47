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
 * administrator {@link #confirm confirms}, or it passes.
 *
 * <p>Several nodes on one database count each for itself and keep a line each. The time is the furthest that any of them has
 * counted, which each learns when it keeps its own: it grows by what one of them saw pass, never by the sum, and what a
 * node's clock does moves it no more than it moves a server that is alone. Thread-safe.
 */
public final class SeenTime implements ServerTime {
    /** A clock that is further ahead than this has jumped; one that is less far behind is just behind. */
    public static final Duration JUMP = Duration.ofMinutes(5);
    /** Longest that the machine can have been down without anybody being asked. */
    public static final Duration DOWN = Duration.ofDays(1);

    static final String SETTING = "seen-time";
    private static final Logger LOG = LoggerFactory.getLogger(SeenTime.class);

    private final Transactions transactions;
    private final Settings settings;
    private final Clock clock;
    private final Elapsed elapsed;
    private final String node;
    private SeenState state;
    private boolean told;

    /**
     * What is shown: the clock, the time seen, and by how much the clock is ahead of it.
     *
     * @param jumped whether that is more than a clock is ahead by itself
     */
    public record Status(Instant clock, Instant seen, Duration ahead, boolean jumped) {}

    private SeenTime(
            Transactions transactions, Settings settings, Clock clock, Elapsed elapsed, String node, SeenState state) {
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
        this.elapsed = elapsed;
        this.node = node;
        this.state = state;
    }

    /** As {@link #open(Transactions, Settings, Clock, Elapsed, String)}, of a server that is the only one on its database. */
    public static SeenTime open(Transactions transactions, Settings settings, Clock clock, Elapsed elapsed) {
        return open(transactions, settings, clock, elapsed, SeenByNodes.UNNAMED);
    }

    /**
     * Goes on from what the database has, or begins with the clock where it has nothing.
     *
     * @param node whose readings these are, among the nodes on the database
     */
    public static SeenTime open(
            Transactions transactions, Settings settings, Clock clock, Elapsed elapsed, String node) {
        SeenByNodes stored = stored(transactions.read(tx -> settings.find(tx, SETTING)));
        Instant now = clock.instant();
        Reading read = elapsed.read();
        Optional<Instant> others = stored.others(node);
        // Where there are others, one of them saw what passed while this machine was down; its clock is not asked.
        Duration believed = others.isPresent() ? Duration.ZERO : DOWN;
        SeenState state = stored.of(node)
                .map(s -> s.next(now, read, believed))
                .orElseGet(() -> new SeenState(others.orElse(now), now, read));
        SeenTime time = new SeenTime(
                transactions,
                settings,
                clock,
                elapsed,
                node,
                others.map(state::atLeast).orElse(state));
        time.store();
        return time;
    }

    @Override
    public synchronized Instant seen() {
        state = state.next(clock.instant(), elapsed.read(), DOWN);
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

    /**
     * Keeps what was seen so far, learns what other nodes have seen, and says once in the log where the clock has jumped.
     * To be called every minute.
     */
    public void store() {
        SeenState mine = counted();
        Optional<Instant> others = transactions.write(tx -> {
            SeenByNodes all = stored(settings.find(tx, SETTING));
            Optional<Instant> seen = all.others(node);
            settings.put(
                    tx,
                    SETTING,
                    all.with(node, seen.map(mine::atLeast).orElse(mine)).text());
            return seen;
        });
        others.ifPresent(this::learn);
        Status status = status();
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
        SeenState believed;
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
            believed = new SeenState(wall.isAfter(seen) ? wall : seen, wall, state.reading());
        }
        settings.put(
                tx,
                SETTING,
                stored(settings.find(tx, SETTING)).with(node, believed).text());
        return believed.wall();
    }

    /** See {@link #confirm(Tx, Instant)}. */
    public Status believe(Instant confirmed, String by) {
        synchronized (this) {
            Instant seen = seen();
            if (confirmed.isAfter(seen)) {
                LOG.warn("{} confirmed the clock: the time seen goes from {} to {}", by, seen, confirmed);
                state = new SeenState(confirmed, state.wall(), state.reading());
            }
        }
        store();
        return status();
    }

    private synchronized SeenState counted() {
        Instant seen = seen();
        return state.atLeast(seen);
    }

    private synchronized void learn(Instant others) {
        state = state.atLeast(others);
    }

    private static SeenByNodes stored(Optional<String> text) {
        try {
            return SeenByNodes.parse(text);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "the setting '" + SETTING + "' of the database is damaged: " + text.orElse(""), e);
        }
    }
}
