package dev.keyturn.store;

import dev.keyturn.core.audit.AuditQuery;
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
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The chains of all nodes. The text that was hashed is stored as it is. */
final class SqlAuditStore implements AuditStore {
    private static final String RECORD = "SELECT node, sequence, at, door, caller, caller_name, action, scope, target,"
            + " outcome, code, correlation, client_request, operation, hash FROM audit";
    private static final String CHECKPOINT =
            "SELECT node, number, sequence, at, hash, before, key_id, signature FROM audit_checkpoint";

    private static final List<String> USES = Stream.of(Action.values())
            .filter(a -> a.sort() == Action.Sort.USE)
            .map(Action::azure)
            .toList();

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
    public List<AuditRecord> find(Tx tx, AuditQuery query, int limit) {
        Conditions c = new Conditions();
        query.from().ifPresent(t -> c.add("at >= ?", t));
        query.until().ifPresent(t -> c.add("at <= ?", t));
        query.target().ifPresent(t -> c.add("target = ?", t));
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
        query.after()
                .ifPresent(p -> c.add(
                        "(at < ? OR at = ? AND (node < ? OR node = ? AND sequence < ?))",
                        p.at(),
                        p.at(),
                        p.node(),
                        p.node(),
                        p.sequence()));
        return SqlTx.of(tx)
                .list(
                        RECORD + c.where() + " ORDER BY at DESC, node DESC, sequence DESC LIMIT ?",
                        SqlAuditStore::record,
                        c.arguments(limit));
    }

    @Override
    public List<String> nodes(Tx tx) {
        return SqlTx.of(tx)
                .list(
                        "SELECT DISTINCT node FROM audit UNION SELECT DISTINCT node FROM audit_checkpoint ORDER BY 1",
                        Row::text);
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
