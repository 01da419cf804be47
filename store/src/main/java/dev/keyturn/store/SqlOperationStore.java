package dev.keyturn.store;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Backoff;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.operation.OperationStore;
import dev.keyturn.core.operation.OperationsInSight;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Operations and their leases. A claim is a compare-and-set on the fence, so that of two nodes one gets it. Fences are
 * drawn from one counter, in the claim's own transaction.
 */
final class SqlOperationStore implements OperationStore {
    private static final String COLUMNS =
            "id, kind, target, arguments, requested_by, correlation, status, started_at, ended_at,"
                    + " COALESCE(error, waiting), percent_complete, attempts, failures, losses, fence, canceled";
    /** No lease and no delay is this much longer than the longest; such an end is of a clock that was wrong. */
    private static final Duration AHEAD = Duration.ofMinutes(10);

    @Override
    public void insert(Tx tx, Operation operation) {
        SqlTx.of(tx)
                .update(
                        """
                        INSERT INTO operation (id, kind, target, target_key, arguments, requested_by, correlation,
                            status, started_at, ended_at, error, percent_complete, attempts, failures, losses, fence)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                        operation.id(),
                        operation.kind(),
                        operation.target().toString(),
                        operation.target(),
                        JsonColumns.ofMap(operation.arguments()),
                        operation.requestedBy(),
                        operation.correlation(),
                        operation.status(),
                        operation.startedAt(),
                        operation.endedAt(),
                        JsonColumns.ofError(operation.error()),
                        operation.percentComplete(),
                        operation.attempts(),
                        operation.failures(),
                        operation.losses(),
                        operation.fence());
    }

    @Override
    public Optional<Operation> find(Tx tx, OperationId id) {
        return SqlTx.of(tx).one("SELECT " + COLUMNS + " FROM operation WHERE id = ?", SqlOperationStore::read, id);
    }

    @Override
    public Optional<Operation> running(Tx tx, ArmId target) {
        return SqlTx.of(tx)
                .one(
                        "SELECT " + COLUMNS
                                + " FROM operation WHERE status = 'IN_PROGRESS' AND target_key = ?"
                                + " ORDER BY started_at, id LIMIT 1",
                        SqlOperationStore::read,
                        target);
    }

    @Override
    public Optional<Operation> running(Tx tx, ArmId target, OperationKind kind) {
        return SqlTx.of(tx)
                .one(
                        "SELECT " + COLUMNS
                                + " FROM operation WHERE status = 'IN_PROGRESS' AND target_key = ? AND kind = ?"
                                + " ORDER BY started_at, id LIMIT 1",
                        SqlOperationStore::read,
                        target,
                        kind);
    }

    @Override
    public List<Operation> running(Tx tx, int limit) {
        return SqlTx.of(tx)
                .list(
                        "SELECT " + COLUMNS + " FROM operation WHERE status = 'IN_PROGRESS'"
                                + " ORDER BY started_at DESC, id DESC LIMIT ?",
                        SqlOperationStore::read,
                        limit);
    }

    @Override
    public List<Operation> ended(Tx tx, Optional<OperationsInSight.Place> behind, int limit) {
        String ended = "SELECT " + COLUMNS + " FROM operation WHERE ended_at IS NOT NULL";
        String order = " ORDER BY ended_at DESC, id DESC LIMIT ?";
        return behind.map(place -> SqlTx.of(tx)
                        .list(
                                ended + " AND ended_at <= ? AND (ended_at < ? OR id < ?)" + order,
                                SqlOperationStore::read,
                                place.endedAt(),
                                place.endedAt(),
                                place.id(),
                                limit))
                .orElseGet(() -> SqlTx.of(tx).list(ended + order, SqlOperationStore::read, limit));
    }

    @Override
    public List<Operation> ended(Tx tx, ArmId target, int limit) {
        return SqlTx.of(tx)
                .list(
                        "SELECT " + COLUMNS + " FROM operation WHERE target_key = ? AND ended_at IS NOT NULL"
                                + " ORDER BY ended_at DESC LIMIT ?",
                        SqlOperationStore::read,
                        target,
                        limit);
    }

    @Override
    public void abandon(Tx tx, LeaseOwner starting, Instant now) {
        SqlTx sql = SqlTx.of(tx);
        sql.list(
                        // '0' follows '/' in the order of bytes
                        """
                        SELECT id, fence, losses, owner FROM operation
                        WHERE status = 'IN_PROGRESS' AND owner <> ? AND (owner = ? OR (owner > ? AND owner < ?))""",
                        SqlOperationStore::due,
                        starting.toString(),
                        starting.node(),
                        starting.node() + "/",
                        starting.node() + "0")
                .forEach(each -> lose(sql, each, now));
    }

    @Override
    public List<Operation> claim(Tx tx, LeaseOwner owner, Instant now, Instant leaseUntil, int limit) {
        SqlTx sql = SqlTx.of(tx);
        List<Due> due = sql.list("""
                SELECT id, fence, losses, owner FROM operation
                WHERE status = 'IN_PROGRESS' AND (lease_until IS NULL OR lease_until <= ? OR lease_until > ?)
                ORDER BY started_at, id LIMIT ?""", SqlOperationStore::due, now, leaseUntil.plus(AHEAD), limit);
        List<Operation> claimed = new ArrayList<>();
        for (Due each : due) {
            if (each.ranOut() && !Backoff.afterLoss(each.losses() + 1).isZero()) {
                lose(sql, each, now);
                continue;
            }
            long fence = nextFence(sql);
            sql.one(
                            """
                            UPDATE operation
                            SET owner = ?, lease_until = ?, fence = ?, attempts = attempts + 1, losses = ?
                            WHERE id = ? AND fence = ? AND status = 'IN_PROGRESS'
                            RETURNING\s""" + COLUMNS,
                            SqlOperationStore::read,
                            owner.toString(),
                            leaseUntil,
                            fence,
                            each.ranOut() ? each.losses() + 1 : each.losses(),
                            each.id(),
                            each.fence())
                    .ifPresent(claimed::add);
        }
        return claimed;
    }

    private static long nextFence(SqlTx sql) {
        return sql.number("UPDATE counter SET next = next + 1 WHERE name = 'fence' RETURNING next") - 1;
    }

    @Override
    public Optional<Operation> refence(Tx tx, OperationId id, long fence) {
        SqlTx sql = SqlTx.of(tx);
        return sql.one(
                "UPDATE operation SET fence = ? WHERE id = ? AND fence = ? AND status = 'IN_PROGRESS' RETURNING "
                        + COLUMNS,
                SqlOperationStore::read,
                nextFence(sql),
                id,
                fence);
    }

    /** An operation that may be claimed; {@code ranOut} of a lease that nobody gave back. */
    private record Due(String id, long fence, int losses, boolean ranOut) {}

    private static Due due(Row row) throws SQLException {
        return new Due(
                row.text(), row.number(), row.integer(), row.optionalText().isPresent());
    }

    private static void lose(SqlTx sql, Due lost, Instant now) {
        Duration rest = Backoff.afterLoss(lost.losses() + 1);
        sql.update(
                "UPDATE operation SET owner = NULL, lease_until = ?, losses = losses + 1 WHERE id = ? AND fence = ?",
                rest.isZero() ? Optional.empty() : Optional.of(now.plus(rest)),
                lost.id(),
                lost.fence());
    }

    @Override
    public void fenceAbove(Tx tx, Fence fence) {
        SqlTx.of(tx)
                .update(
                        "UPDATE counter SET next = ? WHERE name = 'fence' AND next < ?",
                        fence.number() + 1,
                        fence.number() + 1);
    }

    @Override
    public void leap(Tx tx, Fence above, long by) {
        SqlTx.of(tx)
                .update(
                        "UPDATE counter SET next = CASE WHEN next > ? THEN next ELSE ? END + ? WHERE name = 'fence'",
                        above.number(),
                        above.number() + 1,
                        by);
    }

    @Override
    public boolean holds(Tx tx, OperationId id, long fence) {
        return SqlTx.of(tx)
                .exists("SELECT 1 FROM operation WHERE id = ? AND fence = ? AND status = 'IN_PROGRESS'", id, fence);
    }

    @Override
    public Hit extend(Tx tx, OperationId id, long fence, Instant leaseUntil) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                "UPDATE operation SET lease_until = ?"
                                        + " WHERE id = ? AND fence = ? AND status = 'IN_PROGRESS'",
                                leaseUntil,
                                id,
                                fence)
                == 1);
    }

    @Override
    public void release(Tx tx, OperationId id, long fence, Instant notBefore) {
        giveBack(tx, id, fence, notBefore, 0);
    }

    @Override
    public void waits(Tx tx, OperationId id, long fence, Instant notBefore, ErrorInfo what) {
        SqlTx.of(tx)
                .update(
                        "UPDATE operation SET owner = NULL, lease_until = ?, losses = 0, waiting = ?"
                                + " WHERE id = ? AND fence = ? AND status = 'IN_PROGRESS'",
                        notBefore,
                        JsonColumns.ofError(Optional.of(what)),
                        id,
                        fence);
    }

    @Override
    public void handBack(Tx tx, OperationId id, long fence) {
        SqlTx.of(tx)
                .update(
                        "UPDATE operation SET owner = NULL, lease_until = NULL"
                                + " WHERE id = ? AND fence = ? AND status = 'IN_PROGRESS'",
                        id,
                        fence);
    }

    @Override
    public void failed(Tx tx, OperationId id, long fence, Instant notBefore) {
        giveBack(tx, id, fence, notBefore, 1);
    }

    private static void giveBack(Tx tx, OperationId id, long fence, Instant notBefore, int failures) {
        SqlTx.of(tx)
                .update(
                        "UPDATE operation SET owner = NULL, lease_until = ?, losses = 0, failures = failures + ?"
                                + " WHERE id = ? AND fence = ? AND status = 'IN_PROGRESS'",
                        notBefore,
                        failures,
                        id,
                        fence);
    }

    @Override
    public void progress(Tx tx, OperationId id, int percentComplete) {
        SqlTx.of(tx)
                .update(
                        "UPDATE operation SET percent_complete = ? WHERE id = ? AND status = 'IN_PROGRESS'",
                        percentComplete,
                        id);
    }

    @Override
    public void end(Tx tx, OperationId id, Optional<ErrorInfo> error, Instant endedAt) {
        end(tx, id, error, false, endedAt);
    }

    @Override
    public void cancel(Tx tx, OperationId id, ErrorInfo why, Instant endedAt) {
        end(tx, id, Optional.of(why), true, endedAt);
    }

    private static void end(Tx tx, OperationId id, Optional<ErrorInfo> error, boolean canceled, Instant endedAt) {
        int changed = SqlTx.of(tx)
                .update(
                        """
                        UPDATE operation
                        SET status = ?, error = ?, waiting = NULL, canceled = ?, ended_at = ?, owner = NULL, lease_until = NULL
                        WHERE id = ? AND status = 'IN_PROGRESS'""",
                        error.isPresent() ? OperationStatus.FAILED : OperationStatus.SUCCEEDED,
                        JsonColumns.ofError(error),
                        canceled,
                        endedAt,
                        id);
        if (changed != 1) {
            throw new IllegalStateException("operation " + id + " is not running and cannot end");
        }
    }

    @Override
    public void tried(Tx tx, OperationId id, ArmId resource, long revision) {
        SqlTx.of(tx).update("""
                        INSERT INTO operation_try (operation_id, target_key, revision) VALUES (?, ?, ?)
                        ON CONFLICT (operation_id, target_key) DO UPDATE SET revision = excluded.revision""", id, resource, revision);
    }

    @Override
    public void untried(Tx tx, OperationId id, ArmId resource) {
        SqlTx.of(tx).update("DELETE FROM operation_try WHERE operation_id = ? AND target_key = ?", id, resource);
    }

    @Override
    public Map<String, Long> tried(Tx tx, OperationId id) {
        record Try(String key, long revision) {}
        return SqlTx.of(tx)
                .list(
                        "SELECT target_key, revision FROM operation_try WHERE operation_id = ?",
                        row -> new Try(row.text(), row.number()),
                        id)
                .stream()
                .collect(Collectors.toMap(Try::key, Try::revision));
    }

    @Override
    public int forgetEndedBefore(Tx tx, Instant time) {
        return SqlTx.of(tx).update("DELETE FROM operation WHERE ended_at IS NOT NULL AND ended_at < ?", time);
    }

    private static Operation read(Row row) throws SQLException {
        Operation stored = stored(row);
        return row.truth() ? stored.canceled() : stored;
    }

    /** One that an earlier version began has its own id for the request's. */
    private static Operation stored(Row row) throws SQLException {
        OperationId id = row.operationId();
        return new Operation(
                id,
                row.constant(OperationKind.class),
                row.armId(),
                JsonColumns.map(row.text()),
                row.text(),
                row.optionalText().map(UUID::fromString).orElseGet(id::value),
                row.constant(OperationStatus.class),
                row.time(),
                row.optionalTime(),
                JsonColumns.error(row.optionalText()),
                row.optionalInteger(),
                row.integer(),
                row.integer(),
                row.integer(),
                row.number());
    }
}
