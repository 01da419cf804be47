package dev.keyturn.bench;

import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.engine.PostgresDatabase;
import dev.keyturn.store.engine.SqlTx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Two ways to keep writes of PostgreSQL apart, on the same rows of an empty database that is given by its address:
 * Keyturn's commit lock with group commit, and SERIALIZABLE with retries on a pool of connections. Small works alone,
 * and beside a batch that changes 4,000 rows.
 */
public final class PostgresBench {
    private static final int ROWS = 100_000;
    private static final int BATCH = 4_000;
    private static final int CONNECTIONS = 16;
    private static final double SECONDS = 4;
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String READ = "SELECT value FROM measured WHERE id = ?";
    private static final String WRITE = "UPDATE measured SET value = ?, sealed = ? WHERE id = ?";

    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final Report report = new Report(System.out);
    private final byte[] sealed = new byte[80];

    private PostgresBench(String url) {
        source.setUrl(url);
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("give the address of an empty database: jdbc:postgresql://HOST:PORT/NAME?user=USER");
            System.exit(2);
        }
        new PostgresBench(arguments[0]).measure();
    }

    private void measure() throws Exception {
        try (PostgresDatabase database = PostgresDatabase.open("bench", source, VitalThreads.halting())) {
            fill();
            report.title("The limit: one row in a commit of its own, bare JDBC");
            for (int callers : List.of(1, 8, 64)) {
                report.line(callers + " connections", bare(callers), "writes/s");
            }
            report.title("Small works: two reads and a write in 1,000 rows that all share");
            for (int callers : List.of(1, 8, 64)) {
                LongAdder done = new LongAdder();
                long before = database.load().commits();
                report.line(
                        "commit lock, " + callers + " callers",
                        rate(callers, i -> locked(database, i), done),
                        "writes/s");
                report.line(
                        "    in one commit",
                        (double) done.sum() / (database.load().commits() - before),
                        "writes");
            }
            for (int callers : List.of(1, 8, 64)) {
                try (Pool pool = new Pool()) {
                    LongAdder done = new LongAdder();
                    LongAdder again = new LongAdder();
                    report.line(
                            "serializable, " + callers + " callers",
                            rate(callers, i -> serializable(pool, i, again), done),
                            "writes/s");
                    report.line("    runs for each that was made", 1 + (double) again.sum() / done.sum(), "");
                }
            }
            report.title("8 callers with small works beside batches of " + BATCH + " rows, one after the other");
            batches("commit lock", i -> locked(database, i), page -> lockedBatch(database, page), Optional.empty());
            try (Pool pool = new Pool()) {
                LongAdder again = new LongAdder();
                LongAdder batchAgain = new LongAdder();
                batches(
                        "serializable",
                        i -> serializable(pool, i, again),
                        page -> serializableBatch(pool, page, batchAgain),
                        Optional.of(batchAgain));
            }
        }
    }

    private void batches(String name, Work small, Work batch, Optional<LongAdder> again) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        LongAdder batches = new LongAdder();
        try (ExecutorService one = Executors.newSingleThreadExecutor()) {
            Future<?> running = one.submit(() -> {
                for (long page = 0; !over.get(); page++) {
                    batch.run(page);
                    batches.increment();
                }
                return true;
            });
            LongAdder done = new LongAdder();
            double rate = rate(8, small, done);
            over.set(true);
            running.get();
            report.line(name + ", small", rate, "writes/s");
            report.line("    rows by batches", batches.sum() * BATCH / SECONDS, "rows/s");
            again.ifPresent(a ->
                    report.line("    runs for each batch that was made", 1 + (double) a.sum() / batches.sum(), ""));
        }
    }

    private void locked(PostgresDatabase database, long i) {
        database.run(tx -> {
            SqlTx sql = SqlTx.of(tx);
            long sum = sql.number(READ, first(i)) + sql.number(READ, second(i));
            sql.update(WRITE, sum, sealed, second(i));
        });
    }

    private void lockedBatch(PostgresDatabase database, long page) {
        database.run(tx -> SqlTx.of(tx).batch(WRITE, ids(page), (statement, id) -> {
            statement.setLong(1, page);
            statement.setBytes(2, sealed);
            statement.setLong(3, id);
        }));
    }

    private void serializable(Pool pool, long i, LongAdder again) throws Exception {
        pool.run(again, connection -> {
            long sum = pool.number(connection, first(i)) + pool.number(connection, second(i));
            PreparedStatement write = pool.prepared(connection, WRITE);
            write.setLong(1, sum);
            write.setBytes(2, sealed);
            write.setLong(3, second(i));
            write.executeUpdate();
        });
    }

    private void serializableBatch(Pool pool, long page, LongAdder again) throws Exception {
        pool.run(again, connection -> {
            PreparedStatement write = pool.prepared(connection, WRITE);
            for (long id : ids(page)) {
                write.setLong(1, page);
                write.setBytes(2, sealed);
                write.setLong(3, id);
                write.addBatch();
            }
            write.executeBatch();
        });
    }

    /** Among the first thousand rows, so that works meet. */
    private static long first(long i) {
        return i * 7919 % 1_000;
    }

    private static long second(long i) {
        return i * 104_729 % 1_000;
    }

    /** Pages go around; the first thousand rows are in one of them. */
    private static List<Long> ids(long page) {
        long from = page * BATCH % ROWS;
        return LongStream.range(from, from + BATCH).boxed().toList();
    }

    private void fill() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE measured (id BIGINT PRIMARY KEY, value BIGINT NOT NULL, sealed BYTEA NOT NULL)");
            statement.execute(
                    "INSERT INTO measured SELECT n, 0, decode(repeat('00', 80), 'hex') FROM generate_series(0, "
                            + (ROWS - 1) + ") AS n");
            statement.execute("VACUUM ANALYZE measured");
        }
    }

    private double bare(int callers) throws Exception {
        try (Pool pool = new Pool(callers, Connection.TRANSACTION_READ_COMMITTED)) {
            return rate(
                    callers,
                    i -> pool.run(new LongAdder(), connection -> {
                        PreparedStatement write = pool.prepared(connection, WRITE);
                        write.setLong(1, i);
                        write.setBytes(2, sealed);
                        write.setLong(3, i * 7919 % ROWS);
                        write.executeUpdate();
                    }),
                    new LongAdder());
        }
    }

    private static double rate(int callers, Work work, LongAdder done) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            List<Future<?>> all = new ArrayList<>();
            Stopwatch watch = Stopwatch.start();
            for (int c = 0; c < callers; c++) {
                long from = c;
                all.add(threads.submit(() -> {
                    for (long i = from; !over.get(); i += callers) {
                        work.run(i);
                        done.increment();
                    }
                    return true;
                }));
            }
            Thread.sleep((long) (SECONDS * 1_000));
            over.set(true);
            for (Future<?> each : all) {
                each.get();
            }
            return done.sum() / watch.seconds();
        }
    }

    private interface Work {
        void run(long i) throws Exception;
    }

    private interface Statements {
        void run(Connection connection) throws SQLException;
    }

    /** Connections for whoever comes; a work that the database takes back is run again, as it asks for. */
    private final class Pool implements AutoCloseable {
        private final BlockingQueue<Connection> free;
        private final List<Connection> all = new ArrayList<>();

        Pool() throws SQLException {
            this(CONNECTIONS, Connection.TRANSACTION_SERIALIZABLE);
        }

        Pool(int size, int isolation) throws SQLException {
            free = new ArrayBlockingQueue<>(size);
            for (int i = 0; i < size; i++) {
                Connection connection = source.getConnection();
                connection.setTransactionIsolation(isolation);
                connection.setAutoCommit(false);
                all.add(connection);
                free.add(connection);
            }
        }

        void run(LongAdder again, Statements work) throws Exception {
            Connection connection = free.take();
            try {
                while (true) {
                    try {
                        work.run(connection);
                        connection.commit();
                        return;
                    } catch (SQLException e) {
                        connection.rollback();
                        if (!SERIALIZATION_FAILURE.equals(e.getSQLState())) {
                            throw e;
                        }
                        again.increment();
                    }
                }
            } finally {
                free.add(connection);
            }
        }

        long number(Connection connection, long id) throws SQLException {
            PreparedStatement read = prepared(connection, READ);
            read.setLong(1, id);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }

        private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
            return connection.prepareStatement(sql); // the driver keeps it prepared from the fifth time on
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : all) {
                connection.close();
            }
        }
    }
}
