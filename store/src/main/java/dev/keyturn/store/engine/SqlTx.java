package dev.keyturn.store.engine;

import dev.keyturn.core.tx.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open transaction and the SQL that stores run in it. Arguments are bound by {@link Arguments}; {@code null} and an
 * empty Optional are NULL. Failures come out as {@link DatabaseFailures} translates them. Work ends with the first
 * failure: after one, a database may refuse everything else in the transaction. For the thread that
 * the transaction runs on.
 */
public final class SqlTx implements Tx {
    private static final int LARGE = 200;
    private final Statements statements;
    private final DatabaseFailures failures;
    private final Thread owner = Thread.currentThread();
    private final boolean shared;
    private final Set<String> written = new HashSet<>();
    private boolean open = true;
    private boolean wantsToBeAlone;
    private boolean failed;

    /** {@code shared} with other works: then a large batch is not run but asks for a transaction of its own. */
    SqlTx(Statements statements, DatabaseFailures failures, boolean shared) {
        this.statements = statements;
        this.failures = failures;
        this.shared = shared;
    }

    /** The transaction that a store was given. */
    public static SqlTx of(Tx tx) {
        if (!(tx instanceof SqlTx sql)) {
            throw new IllegalStateException("a transaction of another store: " + tx.getClass());
        }
        if (!sql.open || Thread.currentThread() != sql.owner) {
            throw new IllegalStateException("transaction used outside of the work it was given to");
        }
        return sql;
    }

    void close() {
        open = false;
    }

    /** The tables that statements of this transaction change, in lower case; not what follows of it by cascades. */
    Set<String> written() {
        return written;
    }

    /** Whether a statement failed: whatever the work makes of it, nothing of it is to be committed. */
    boolean failed() {
        return failed;
    }

    private RuntimeException failed(SQLException e) {
        failed = true;
        return failures.translate(e);
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        statements.written(sql).ifPresent(written::add);
        return statements.prepared(sql);
    }

    boolean wantsToBeAlone() {
        return wantsToBeAlone;
    }

    public <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... arguments) {
        try {
            PreparedStatement statement = prepared(sql);
            Arguments.bind(statement, arguments);
            try (ResultSet rows = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                Row row = new Row(rows);
                while (rows.next()) {
                    found.add(reader.read(row.fromTheFirst()));
                }
                return found;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The one row there is, or none. */
    public <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... arguments) {
        List<T> found = list(sql, reader, arguments);
        if (found.size() > 1) {
            throw new IllegalStateException(found.size() + " rows where there can be one: " + sql);
        }
        return found.stream().findFirst();
    }

    /** The number that a count or an existing row answers with. */
    public long number(String sql, @Nullable Object... arguments) {
        return one(sql, Row::number, arguments).orElseThrow(() -> new IllegalStateException("no row: " + sql));
    }

    public boolean exists(String sql, @Nullable Object... arguments) {
        return !list(sql, row -> Boolean.TRUE, arguments).isEmpty();
    }

    /** How many rows it changed. */
    public int update(String sql, @Nullable Object... arguments) {
        try {
            PreparedStatement statement = prepared(sql);
            Arguments.bind(statement, arguments);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** One statement for many: how many rows it changed for each, in their order. */
    public <T> int[] batch(String sql, Collection<T> items, Binder<T> binder) {
        if (items.isEmpty()) {
            return new int[0];
        }
        if (shared && items.size() >= LARGE) {
            wantsToBeAlone = true;
            throw new AloneSignal();
        }
        try {
            PreparedStatement statement = prepared(sql);
            try {
                for (T item : items) {
                    binder.bind(statement, item);
                    statement.addBatch();
                }
                return statement.executeBatch();
            } finally {
                statement.clearBatch();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Reads one row, column after column. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(Row row) throws SQLException;
    }

    /** Sets the parameters of a batched statement; straight on JDBC, because a batch has thousands. */
    @FunctionalInterface
    public interface Binder<T> {
        void bind(PreparedStatement statement, T item) throws SQLException;
    }

    /** Ends the run of a work that is run again in a transaction of its own. No refusal, so no work catches it. */
    private static final class AloneSignal extends Error {
        private static final long serialVersionUID = 1L;

        AloneSignal() {
            super("run again in a transaction of its own", null, false, false);
        }
    }
}
