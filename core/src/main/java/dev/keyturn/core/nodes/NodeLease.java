package dev.keyturn.core.nodes;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.operation.LeaseClock;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * A node's hold of its name: claimed at its start, renewed while it runs, given back at its end. It lasts by the
 * database's clock, which is the same for all; what the node itself believes of it ends by a count that nobody sets, from
 * before the renewal was asked for, and so never later. Thread-safe.
 */
public final class NodeLease {
    /** How often it is renewed. */
    public static final Duration RENEWED = Duration.ofSeconds(5);
    /** How long it lasts without: how long a name stays taken when its node is killed. */
    public static final Duration LASTS = Duration.ofSeconds(15);
    /** A clock that is further from the database's than this is wrong: its node is not ready. */
    public static final Duration CLOCKS_APART = Duration.ofSeconds(5);

    /** @param nanos a count that only goes forward, such as {@link System#nanoTime} */
    public record Parts(
            Transactions transactions,
            NodeStore store,
            Settings settings,
            LeaseClock database,
            Clock clock,
            LongSupplier nanos,
            Beside beside) {}

    /** What came of a renewal: why the node must not go on, or how far its clock is ahead of the database's. */
    private record Renewal(Optional<String> end, Duration ahead) {}

    private final Parts parts;
    private final NodeRow self;
    private final Map<String, String> held;
    private volatile long renewed;
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean claimed;

    /**
     * @param self with any time
     * @param held names of settings, and what they are as long as it is the same database and the same installation
     */
    public NodeLease(Parts parts, NodeRow self, Map<String, String> held) {
        this.parts = parts;
        this.self = self;
        this.held = Map.copyOf(held);
    }

    /**
     * Takes the name.
     *
     * @param before the instance of an earlier start of this very directory, of which it is known that it has ended: its
     *     row is not waited for
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} where the name is taken, or the node must not run
     */
    public void claim(Optional<UUID> before) {
        long asked = parts.nanos().getAsLong();
        Duration found = parts.transactions().write(tx -> {
            Instant now = parts.database().now(tx);
            Optional<String> refused =
                    taken(tx, now, before).or(() -> beside(tx, now)).or(() -> otherDatabase(tx));
            if (refused.isPresent()) {
                throw DomainError.notAllowed(refused.get()).asException();
            }
            parts.store().put(tx, self.until(now.plus(LASTS)));
            return Duration.between(now, parts.clock().instant());
        });
        renewed = asked;
        ahead = found;
        claimed = true;
    }

    private Optional<String> taken(Tx tx, Instant now, Optional<UUID> before) {
        return parts.store()
                .find(tx, self.name())
                .filter(r -> r.liveAt(now) && !before.equals(Optional.of(r.instance())))
                .map(r -> "The node name '" + r.name() + "' is taken: a node at " + r.address()
                        + " has it, live until " + r.liveUntil() + " by the database's clock (it is " + now
                        + "). Give this one another name with --node; one that was killed is waited for until then.");
    }

    private Optional<String> beside(Tx tx, Instant now) {
        List<NodeRow> live =
                parts.store().all(tx).stream().filter(r -> r.liveAt(now)).toList();
        return parts.beside().problem(self.name(), live);
    }

    private Optional<String> otherDatabase(Tx tx) {
        long schema = parts.store().schema(tx);
        if (schema > self.schema()) {
            return Optional.of("A newer program brought the database to version " + schema
                    + " of its schema; this one knows versions up to " + self.schema() + ". Start the newer program.");
        }
        for (Map.Entry<String, String> each : held.entrySet()) {
            if (!parts.settings().find(tx, each.getKey()).equals(Optional.of(each.getValue()))) {
                return Optional.of("The database is another one than at this node's start: its setting '"
                        + each.getKey() + "' differs. Another installation was put in its place.");
            }
        }
        return Optional.empty();
    }

    /**
     * Renews the hold and compares. Throws where the database does not answer: the hold goes on until its end then.
     *
     * @return why this node must not go on, empty where it goes on
     */
    public Optional<String> renew() {
        long asked = parts.nanos().getAsLong();
        Renewal done = parts.transactions().write(tx -> {
            Instant now = parts.database().now(tx);
            Optional<String> end = lost(tx, now).or(() -> otherDatabase(tx));
            if (end.isEmpty()) {
                parts.store()
                        .renew(tx, self.name(), self.instance(), now.plus(LASTS))
                        .require(self.name());
            }
            return new Renewal(end, Duration.between(now, parts.clock().instant()));
        });
        if (done.end().isEmpty()) {
            renewed = asked;
            ahead = done.ahead();
        }
        return done.end();
    }

    private Optional<String> lost(Tx tx, Instant now) {
        Optional<NodeRow> row = parts.store().find(tx, self.name());
        if (row.isEmpty()) {
            return Optional.of("The database has no row of the node '" + self.name()
                    + "' any more: it has lost commits," + " as a standby that took over too early has.");
        }
        if (!row.get().instance().equals(self.instance())) {
            return Optional.of("The row of the node '" + self.name() + "' was taken over by another start: this process"
                    + " slept, or did not reach the database, for longer than " + LASTS.toSeconds() + " s.");
        }
        return row.get().liveAt(now) ? Optional.empty() : beside(tx, now);
    }

    /** Whether nobody else can have the name now; a node that is not live claims nothing. */
    public boolean live() {
        return claimed && parts.nanos().getAsLong() - renewed < LASTS.toNanos();
    }

    /** Why this node is not ready; empty where nothing of its row is in the way. */
    public Optional<String> problem() {
        if (!live()) {
            return Optional.of("The row of the node '" + self.name() + "' was not renewed for more than "
                    + LASTS.toSeconds() + " s: the database did not answer.");
        }
        Duration apart = ahead;
        return apart.abs().compareTo(CLOCKS_APART) <= 0
                ? Optional.empty()
                : Optional.of("The clock of this machine is " + apart.abs().toSeconds() + " s "
                        + (apart.isNegative() ? "behind" : "ahead of") + " the database's.");
    }

    /** The names that another node has now. */
    public Set<String> others(Tx tx) {
        Instant now = parts.database().now(tx);
        return parts.store().all(tx).stream()
                .filter(r -> r.liveAt(now) && !r.instance().equals(self.instance()))
                .map(NodeRow::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Gives the name back: whoever wants it need not wait. Nothing happens where it is no longer this node's. */
    public Hit giveBack() {
        claimed = false;
        return parts.transactions()
                .write(tx -> parts.store()
                        .renew(
                                tx,
                                self.name(),
                                self.instance(),
                                parts.database().now(tx)));
    }
}
