package dev.keyturn.store;

import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.AuditQuery.Position;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.audit.ChainHash;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.Link;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The chains of all nodes. The text that was hashed is stored as it is. */
final class SqlAuditStore implements AuditStore {
    private static final String RECORD = "SELECT node, sequence, at, door, caller, caller_name, action, scope, target,"
            + " outcome, code, correlation, client_request, operation, hash FROM audit";
    private static final String CHECKPOINT =
            "SELECT node, number, sequence, at, hash, before, key_id, signature FROM audit_checkpoint";

    private static final String NEWEST_FIRST = " ORDER BY at DESC, node DESC, sequence DESC";
    private static final int EXAMINED = 20_000;

    private static final List<String> USES = Stream.of(Action.values())
            .filter(a -> a.sort() == Action.Sort.USE)
            .map(Action::azure)
            .toList();

    private final int examined;

    SqlAuditStore() {
        this(EXAMINED);
    }

    /** @param examined how many records one page of a question looks at */
    SqlAuditStore(int examined) {
        this.examined = examined;
    }

    @Override
    public Optional<Link> last(Tx tx, String node) {
        return SqlTx.of(tx)
                .one(
                        "SELECT sequence, hash FROM audit WHERE node = ? ORDER BY sequence DESC LIMIT 1",
                        row -> new Link(node, row.number(), new ChainHash(row.text())),
                        node);
    }

    @Override
    public void append(Tx tx, AuditRecord r) {
        SqlTx.of(tx)
                .update(
                        """
                        INSERT INTO audit (node, sequence, at, door, caller, caller_name, action, scope, target,
                            outcome, code, correlation, client_request, operation, hash)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                        r.node(),
                        r.sequence(),
                        r.at(),
                        r.door(),
                        r.caller(),
                        r.callerName(),
                        r.action(),
                        r.scope(),
                        r.target(),
                        r.outcome(),
                        r.code(),
                        r.correlation(),
                        r.clientRequest(),
                        r.operation(),
                        r.hash().hex());
    }

    @Override
    public List<AuditRecord> after(Tx tx, String node, long sequence, int limit) {
        return SqlTx.of(tx)
                .list(
                        RECORD + " WHERE node = ? AND sequence > ? ORDER BY sequence LIMIT ?",
                        SqlAuditStore::record,
                        node,
                        sequence,
                        limit);
    }

    @Override
    public Found find(Tx tx, AuditQuery query, int limit) {
        Optional<Position> bound = bound(tx, query);
        Conditions c = indexed(query);
        bound.ifPresent(p -> c.add("at >= ?", p.at()));
        bound.ifPresent(p -> c.add("(at, node, sequence) >= (?, ?, ?)", p.at(), p.node(), p.sequence()));
        others(query, c);
        List<AuditRecord> found = SqlTx.of(tx)
                .list(RECORD + c.where() + NEWEST_FIRST + " LIMIT ?", SqlAuditStore::record, c.arguments(limit));
        return new Found(found, found.size() < limit ? bound : Optional.empty());
    }

    /** The last record that one page looks at, where there are more than so many that the index alone would give. */
    private Optional<Position> bound(Tx tx, AuditQuery query) {
        Conditions c = indexed(query);
        return SqlTx.of(tx)
                .one(
                        "SELECT at, node, sequence FROM audit" + c.where() + NEWEST_FIRST + " LIMIT 1 OFFSET ?",
                        row -> new Position(row.time(), row.text(), row.number()),
                        c.arguments(examined - 1));
    }

    /** What an index finds. */
    private static Conditions indexed(AuditQuery query) {
        Conditions c = new Conditions();
        query.from().ifPresent(t -> c.add("at >= ?", t));
        query.until().ifPresent(t -> c.add("at <= ?", t));
        query.target().ifPresent(t -> c.add("target = ?", t));
        query.after().ifPresent(p -> c.add("at <= ?", p.at()));
        query.after().ifPresent(p -> c.add("(at, node, sequence) < (?, ?, ?)", p.at(), p.node(), p.sequence()));
        return c;
    }

    /** What each record is looked at for. */
    private static void others(AuditQuery query, Conditions c) {
        query.resource().ifPresent(s -> c.add("scope = ?", s));
        query.within()
                .map(Scope::path)
                .ifPresent(s -> c.add(
                        "(scope = ? OR scope >= ? AND scope < ?)",
                        s,
                        s.equals("/") ? s : s + "/",
                        s.equals("/") ? "0" : s + "0"));
        query.caller().ifPresent(w -> c.add("(caller = ? OR caller_name = ?)", w.toLowerCase(Locale.ROOT), w));
        query.actionPrefix().ifPresent(p -> c.add("lower(substr(action, 1, ?)) = lower(?)", p.length(), p));
        query.correlation().ifPresent(u -> c.add("correlation = ?", u));
        if (!query.outcomes().isEmpty()) {
            c.add(
                    "outcome IN ("
                            + String.join(
                                    ", ",
                                    query.outcomes().stream().map(_ -> "?").toList()) + ")",
                    query.outcomes().stream().map(Outcome::name).toArray());
        }
        if (query.withoutKeys()) {
            c.add("door <> ?", Call.Door.VAULT);
            c.add(
                    "action NOT IN ("
                            + String.join(", ", USES.stream().map(_ -> "?").toList()) + ")",
                    USES.toArray());
        }
    }

    @Override
    public List<String> nodes(Tx tx) {
        SortedSet<String> all = new TreeSet<>();
        for (String table : List.of("audit", "audit_checkpoint")) {
            Optional<String> next = nodeBehind(tx, table, "");
            while (next.isPresent()) {
                all.add(next.get());
                next = nodeBehind(tx, table, next.get());
            }
        }
        return List.copyOf(all);
    }

    /** One look into the primary key's index for each node, however many records there are. */
    private static Optional<String> nodeBehind(Tx tx, String table, String node) {
        return SqlTx.of(tx)
                .one("SELECT min(node) FROM " + table + " WHERE node > ?", Row::optionalText, node)
                .flatMap(n -> n);
    }

    @Override
    public void append(Tx tx, Checkpoint c) {
        SqlTx.of(tx)
                .update(
                        """
                        INSERT INTO audit_checkpoint (node, number, sequence, at, hash, before, key_id, signature)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                        c.node(),
                        c.number(),
                        c.sequence(),
                        c.at(),
                        c.hash().hex(),
                        c.before().hex(),
                        c.keyId(),
                        c.signature());
    }

    @Override
    public Optional<Checkpoint> lastCheckpoint(Tx tx, String node) {
        return SqlTx.of(tx)
                .one(CHECKPOINT + " WHERE node = ? ORDER BY number DESC LIMIT 1", SqlAuditStore::checkpoint, node);
    }

    @Override
    public List<Checkpoint> checkpointsAfter(Tx tx, String node, long number, int limit) {
        return SqlTx.of(tx)
                .list(
                        CHECKPOINT + " WHERE node = ? AND number > ? ORDER BY number LIMIT ?",
                        SqlAuditStore::checkpoint,
                        node,
                        number,
                        limit);
    }

    @Override
    public Optional<Checkpoint> cut(Tx tx, String node) {
        return SqlTx.of(tx)
                .one(
                        CHECKPOINT + " WHERE node = ? AND cut = 1 ORDER BY number DESC LIMIT 1",
                        SqlAuditStore::checkpoint,
                        node);
    }

    @Override
    public void markCut(Tx tx, Checkpoint c) {
        int changed = SqlTx.of(tx)
                .update("UPDATE audit_checkpoint SET cut = 1 WHERE node = ? AND number = ?", c.node(), c.number());
        if (changed != 1) {
            throw new IllegalStateException("there is no " + c);
        }
    }

    @Override
    public int remove(Tx tx, String node, long sequence, int limit) {
        return SqlTx.of(tx).update("""
                        DELETE FROM audit WHERE node = ? AND sequence <= (
                            SELECT max(sequence) FROM (SELECT sequence FROM audit
                                WHERE node = ? AND sequence <= ? ORDER BY sequence LIMIT ?) AS oldest)""", node, node, sequence, limit);
    }

    private static AuditRecord record(Row row) throws SQLException {
        return new AuditRecord(
                row.text(),
                row.number(),
                row.time(),
                row.constant(Call.Door.class),
                row.principal(),
                row.text(),
                row.text(),
                row.text(),
                row.optionalText(),
                row.constant(Outcome.class),
                row.optionalText(),
                row.uuid(),
                row.optionalText(),
                row.optionalText().map(UUID::fromString),
                new ChainHash(row.text()));
    }

    private static Checkpoint checkpoint(Row row) throws SQLException {
        return new Checkpoint(
                row.text(),
                row.number(),
                row.number(),
                row.time(),
                new ChainHash(row.text()),
                new ChainHash(row.text()),
                row.text(),
                row.bytes());
    }

    /** The parts of a WHERE that are all to hold, with their arguments. */
    private static final class Conditions {
        private final List<String> parts = new ArrayList<>();
        private final List<@Nullable Object> arguments = new ArrayList<>();

        void add(String sql, Object... values) {
            parts.add(sql);
            arguments.addAll(List.of(values));
        }

        String where() {
            return parts.isEmpty() ? "" : " WHERE " + String.join(" AND ", parts);
        }

        @Nullable
        Object[] arguments(int limit) {
            arguments.add(limit);
            return arguments.toArray();
        }
    }
}
