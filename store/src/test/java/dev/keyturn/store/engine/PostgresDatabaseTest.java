package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.OutcomeUnknown;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What PostgreSQL alone can do to a node: other nodes, lost connections, a server that is not fit. */
final class PostgresDatabaseTest {
    private static final String COUNTER = "counter";
    private final SqlStores stores = SqlStores.create();
    private final String url = TestPostgres.emptyDatabase();

    /** What happens to a commit on its way. */
    private enum Accident {
        NONE,
        BEFORE,
        AFTER
    }

    private volatile boolean away;
    private final AtomicReference<Accident> next = new AtomicReference<>(Accident.NONE);

    @Test
    void writes_ofTwoNodes_neverInterleave() throws Exception {
        try (PostgresDatabase one = open();
                PostgresDatabase other = open();
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Transactions node = i % 2 == 0 ? one : other;
                all.add(threads.submit(() -> {
                    for (int n = 0; n < 50; n++) {
                        node.run(this::add); // reads, then writes one more: a lost update would show
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }

            assertThat(value(one)).isEqualTo(400);
            assertThat(value(other)).isEqualTo(400);
        }
    }

    @Test
    void twoNodes_openAnEmptyDatabaseAtTheSameTime() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<PostgresDatabase> first = threads.submit(() -> open());
            Future<PostgresDatabase> second = threads.submit(() -> open());

            try (PostgresDatabase one = first.get();
                    PostgresDatabase other = second.get()) {
                one.run(this::add);
                assertThat(value(other)).isEqualTo(1);
            }
        }
    }

    @Test
    void connectionsThatWereLostWhileNothingRan_areNotNoticed() {
        try (PostgresDatabase database = open()) {
            database.run(this::add);
            for (int i = 0; i < 8; i++) {
                value(database); // each reader has a connection now
            }
            endConnections();

            database.run(this::add);
            for (int i = 0; i < 8; i++) {
                assertThat(value(database)).isEqualTo(2);
            }
        }
    }

    @Test
    void connectionThatIsLostInAWrite_leavesNothing_andTheNextOneWorks() {
        try (PostgresDatabase database = open()) {
            assertThatThrownBy(() -> database.run(tx -> {
                        add(tx);
                        endConnections();
                        add(tx);
                    }))
                    .isInstanceOf(DomainException.class)
                    .satisfies(e -> assertThat(OutcomeUnknown.is(e)).isFalse());

            assertThat(value(database)).isZero();
            database.run(this::add);
            assertThat(value(database)).isEqualTo(1);
        }
    }

    @Test
    void commitThatWasMade_butNotAnswered_isMade() {
        try (PostgresDatabase database = open(withAccidents())) {
            next.set(Accident.AFTER);

            database.run(this::add);

            assertThat(next).hasValue(Accident.NONE);
            assertThat(value(database)).isEqualTo(1);
        }
    }

    @Test
    void commitThatWasNotMade_isRefused_andIsNotThere() {
        try (PostgresDatabase database = open(withAccidents())) {
            database.run(this::add);
            next.set(Accident.BEFORE);

            assertThatThrownBy(() -> database.run(this::add))
                    .isInstanceOf(DomainException.class)
                    .satisfies(e -> assertThat(OutcomeUnknown.is(e)).isFalse());

            assertThat(next).hasValue(Accident.NONE);
            assertThat(value(database)).isEqualTo(1);
            database.run(this::add);
            assertThat(value(database)).isEqualTo(2);
        }
    }

    @Test
    void commitWhoseServerIsGone_isSaidToBeUnknown_andWhatItDidIsSeenLater() {
        try (PostgresDatabase database =
                PostgresDatabase.open("test", withAccidents(), VitalThreads.halting(), Duration.ofMillis(300))) {
            next.set(Accident.AFTER);
            away = true;

            assertThatThrownBy(() -> database.run(this::add))
                    .isInstanceOf(DomainException.class)
                    .satisfies(e -> assertThat(OutcomeUnknown.is(e)).isTrue());
            assertThatThrownBy(() -> database.run(this::add))
                    .isInstanceOf(DomainException.class)
                    .hasMessageContaining("cannot be reached");

            away = false;
            assertThat(value(database)).isEqualTo(1);
            database.run(this::add);
            assertThat(value(database)).isEqualTo(2);
        }
    }

    @Test
    void lockThatAnotherNodeHoldsForLong_isToldAsThat_andNothingIsDone() throws SQLException {
        try (PostgresDatabase database = open();
                Connection other = TestPostgres.source(url).getConnection()) {
            database.run(this::add);
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("SELECT pg_advisory_xact_lock(" + 0x4b54_434cL + ")");
            }

            assertThatThrownBy(() -> database.run(this::add))
                    .isInstanceOf(DomainException.class)
                    .hasMessageContaining("commit lock")
                    .satisfies(e -> assertThat(OutcomeUnknown.is(e)).isFalse());

            other.rollback();
            assertThat(value(database)).isEqualTo(1);
            database.run(this::add);
            assertThat(value(database)).isEqualTo(2);
        }
    }

    @Test
    void serverThatOnlyReads_refusesWrites_andReadsGoOn() throws SQLException {
        try (PostgresDatabase database = open()) {
            database.run(this::add);
            server("ALTER DATABASE " + name() + " SET default_transaction_read_only = on");
            endConnections();

            assertThatThrownBy(() -> database.run(this::add))
                    .isInstanceOf(DomainException.class)
                    .hasMessageContaining("only reads");
            assertThat(value(database)).isEqualTo(1);

            server("ALTER DATABASE " + name() + " RESET default_transaction_read_only");
            endConnections();
            database.run(this::add);
            assertThat(value(database)).isEqualTo(2);
        }
    }

    @Test
    void databaseInAnotherOrderThanThatOfBytes_isRefused_andLeftAsItIs() throws SQLException {
        server("CREATE DATABASE words TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'");
        String other = url.replace("/" + name(), "/words");

        assertThatThrownBy(() -> PostgresDatabase.open("words", TestPostgres.source(other), VitalThreads.halting()))
                .isInstanceOf(CannotOpenDatabaseException.class)
                .hasMessageContaining("its collation is C.UTF-8")
                .hasMessageContaining("createdb --template=template0 --locale=C");
    }

    @Test
    void databaseOfANewerProgram_isRefused() throws SQLException {
        open().close();
        own("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                + " execution_time, success) VALUES (900, '999', 'later', 'SQL', 'V999', 'x', 1, true)");

        assertThatThrownBy(this::open).isInstanceOf(NewerSchemaException.class);
    }

    @Test
    void serverThatIsNotThere_isToldInOneLine() {
        DataSource nobody = TestPostgres.source("jdbc:postgresql://127.0.0.1:1/none?user=postgres");

        assertThatThrownBy(() -> PostgresDatabase.open("db.test:5432/none", nobody, VitalThreads.halting()))
                .isInstanceOf(CannotOpenDatabaseException.class)
                .hasMessage("Cannot open the database db.test:5432/none: The database server cannot be reached.");
    }

    @Test
    void closedNode_leavesNoMark() {
        PostgresDatabase first = open();
        first.run(this::add);
        first.close();

        try (PostgresDatabase second = open()) {
            assertThat(second.<Long>read(tx -> SqlTx.of(tx).number("SELECT count(*) FROM commit_mark")))
                    .isZero();
        }
    }

    private PostgresDatabase open() {
        return open(TestPostgres.source(url));
    }

    private static PostgresDatabase open(DataSource source) {
        return PostgresDatabase.open("test", source, VitalThreads.halting());
    }

    private void add(Tx tx) {
        stores.settings().put(tx, COUNTER, Integer.toString(current(tx) + 1));
    }

    private int current(Tx tx) {
        return stores.settings().find(tx, COUNTER).map(Integer::parseInt).orElse(0);
    }

    private int value(Transactions node) {
        return node.<Integer>read(this::current);
    }

    private String name() {
        return url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    }

    private void endConnections() {
        try {
            server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name() + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void own(String sql) throws SQLException {
        run(TestPostgres.source(url), sql);
    }

    private void server(String sql) throws SQLException {
        run(TestPostgres.source(url.replace("/" + name(), "/postgres")), sql);
    }

    private static void run(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Connections whose next commit is lost on its way there or on its way back. */
    private DataSource withAccidents() {
        DataSource real = TestPostgres.source(url);
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                    if (away) {
                        throw new SQLException("nobody is there", "08001");
                    }
                    Object result = call(() -> method.invoke(real, arguments));
                    return result instanceof Connection connection ? withAccidents(connection) : result;
                });
    }

    private Connection withAccidents(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    Accident accident =
                            method.getName().equals("commit") ? next.getAndSet(Accident.NONE) : Accident.NONE;
                    if (accident == Accident.BEFORE) {
                        real.close();
                    }
                    Object result = accident == Accident.BEFORE ? null : call(() -> method.invoke(real, arguments));
                    if (accident == Accident.AFTER) {
                        real.close();
                    }
                    if (accident != Accident.NONE) {
                        throw new SQLException("the connection was lost", "08006");
                    }
                    return result;
                });
    }

    private interface Call {
        Object make() throws Exception;
    }

    private static Object call(Call call) throws Throwable {
        try {
            return call.make();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
