package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.model.DomainException;
import dev.keyturn.server.data.InstallationFile;
import dev.keyturn.server.data.MovedNote;
import dev.keyturn.server.database.Migration;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.engine.CannotOpenDatabaseException;
import dev.keyturn.store.engine.PostgresDatabase;
import dev.keyturn.store.migrate.CopyException;
import dev.keyturn.store.migrate.TableResult;
import dev.keyturn.store.migrate.TableSum;
import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installation moves to PostgreSQL and back, and wherever that ends, one place at most has it. */
class MigrationTest {
    @TempDir
    private static Path templates = Path.of("");

    @TempDir
    private Path temp = Path.of("");

    @SuppressWarnings("NullAway.Init") // made before each test
    private MovingTrip trip;

    @BeforeAll
    static void makeTemplates() throws Exception {
        MovingTrip.used(templates.resolve("used"));
        MovingTrip.copied(templates.resolve("used"), templates.resolve("filled"));
        MovingTrip.filled(templates.resolve("filled"));
    }

    @BeforeEach
    void makeTrip() throws Exception {
        MovingTrip.copied(templates.resolve("filled"), temp.resolve("data"));
        trip = new MovingTrip(temp.resolve("data"));
    }

    @Test
    void aDatabaseFromBeforePostgresql_opensEveryArtifact_alsoAfterItWentThereAndBack() throws Exception {
        Path data = temp.resolve("old");
        MovingTrip.copied(templates.resolve("used"), data);
        opensEveryArtifact(data);
        MovingTrip old = MovingTrip.toNothing(data);

        assertThat(old.there().done()).isPresent();
        Path back = temp.resolve("back");
        Files.createDirectories(back);
        Files.copy(data.resolve("master.key"), back.resolve("master.key"));
        assertThat(old.back(back).done()).isPresent();

        opensEveryArtifact(back);
    }

    @Test
    void everyTable_isCopiedRowByRow_thereAndBack() throws Exception {
        Migration.Outcome there = trip.there();

        assertThat(there.tables()).allMatch(TableResult::agrees);
        assertThat(there.tables())
                .as("a table without a row shows nothing: give it one in MovingTrip, or say in LeftOut why it stays")
                .allMatch(t -> t.from().rows() > 0);
        String rows = "SELECT id || ' ' || kind || ' ' || %s(nonce%s) || %s(sealed%s) || ' ' || revision FROM artifact"
                + " ORDER BY id";
        assertThat(trip.server(rows.formatted("encode", ", 'hex'", "encode", ", 'hex'")))
                .hasSize(9)
                .isEqualTo(MovingTrip.embedded(trip.data, rows.formatted("lower(hex", ")", "lower(hex", ")")));
        assertThat(trip.server("SELECT tags || created_at || changed_at FROM resource WHERE arm_key = '/img'"))
                .containsExactly("{\"a\":\"Ünï 漢 😀\"}-92233720368547758089223372036854775807");

        Migration.Outcome back = trip.back(temp.resolve("back"));
        assertThat(back.tables()).extracting(TableResult::from).containsExactlyElementsOf(sums(there));
        assertThat(back.tables()).allMatch(TableResult::agrees);
        assertThat(back.installation()).isEqualTo(there.installation());
        assertThat(InstallationFile.read(temp.resolve("back")).orElseThrow())
                .isEqualTo(InstallationFile.read(trip.data).orElseThrow());
    }

    @Test
    void rowsThatThePostgresqlNumbers_comeBehindThoseThatWereCopied() throws Exception {
        trip.there();

        assertThat(trip.server(
                        "INSERT INTO resource (arm_key, display, type, location, tags, document, state, revision,"
                                + " created_at, changed_at) VALUES ('/n', '/n', 't', 'l', '', '', 'SUCCEEDED', 1, 1, 1)"
                                + " RETURNING id = (SELECT max(id) + 1 FROM resource)"))
                .containsExactly("t");
        assertThat(trip.server("INSERT INTO simhost_machine (vm_uuid, running) VALUES ('u', 0)"
                        + " RETURNING id = (SELECT max(id) + 1 FROM simhost_machine)"))
                .containsExactly("t");
    }

    @Test
    void afterTheMove_theDirectoryIsRefused_andTheDatabaseOpens() throws Exception {
        String before = content(trip.data);

        trip.there();

        trip.open().close();
        startIsRefused(trip.data).contains("was moved to " + trip.address, "remove " + trip.data.resolve("moved"));
        Files.delete(trip.data.resolve(MovedNote.NAME));
        assertThat(content(trip.data)).as("nothing else of the directory").isEqualTo(before);
    }

    @Test
    void aNodeThatWasHungDuringTheMove_doesNotWriteAfterwards() throws Exception {
        trip.there();
        try (PostgresDatabase hung = trip.unseen()) {
            trip.back(temp.resolve("back"));
            trip.server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid()");

            Eventually.holds(
                    "the node does not notice",
                    Duration.ofSeconds(10),
                    () -> refusal(hung).contains("was left for one"));
        }
        assertThat(trip.server("SELECT value FROM setting WHERE name = 'late'")).isEmpty();
    }

    private static String refusal(PostgresDatabase node) {
        DomainException refused = catchThrowableOfType(
                DomainException.class,
                () -> node.run(tx -> SqlStores.create().settings().put(tx, "late", "write")));
        return refused.error().info().message();
    }

    @Test
    void aDatabaseWithAnotherCollation_isRefused_withHowToMakeOne() throws Exception {
        assertThatThrownBy(trip.withAnotherCollation()::there)
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("createdb --template=template0 --locale=C");
    }

    @Test
    void afterTheMoveBack_theDatabaseIsRefused_andTheDirectoryNeedsTheMasterKey() throws Exception {
        trip.there();
        Path back = temp.resolve("back");

        trip.back(back);

        opens().isInstanceOf(CannotOpenDatabaseException.class).hasMessageContaining("is in " + back);
        assertThat(back.resolve(MovedNote.NAME)).doesNotExist();
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> KeyturnServer.start(MovingTrip.config(back)))
                .withMessageContaining("master.key is missing");
    }

    @Test
    void doneAgain_itSaysThatItWasDone_andDoesNothing() throws Exception {
        Migration.Outcome first = trip.there();
        Migration.Outcome again = trip.there();
        assertThat(again.done()).isEqualTo(first.done());
        assertThat(again.tables()).isEmpty();

        Path back = temp.resolve("back");
        first = trip.back(back);
        again = trip.back(back);
        assertThat(again.done()).isEqualTo(first.done());
        assertThat(again.tables()).isEmpty();
    }

    @Test
    void endedAfterAnyBatch_nothingIsBelieved_andTheNextRunGoesOn() throws Exception {
        long batches = endedAfterEachBatch(
                () -> trip.there(),
                () -> opens().isInstanceOf(CannotOpenDatabaseException.class)
                        .hasMessageContaining("does not have all"));

        assertThat(batches).isGreaterThan(30);
        assertThat(trip.open()).satisfies(PostgresDatabase::close);
        Path back = temp.resolve("back");
        assertThat(endedAfterEachBatch(() -> trip.back(back), () -> {
                    startIsRefused(back).contains("does not have all", "run the same command again");
                    opens().hasMessageContaining("is being copied to " + back);
                }))
                .isEqualTo(batches);
        assertThat(back.resolve(MovedNote.NAME)).doesNotExist();
    }

    @Test
    void endedBetweenTheTwoMarks_neitherStarts_andTheNextRunFinishes() throws Exception {
        trip.there();
        trip.server("UPDATE database_move SET state = 'ARRIVING'");
        startIsRefused(trip.data).contains("was moved to");
        opens().hasMessageContaining("does not have all");
        assertThat(trip.there().tables()).isNotEmpty();
        trip.open().close();

        Path back = temp.resolve("back");
        trip.back(back);
        String digest = trip.server("SELECT digest FROM database_move").getFirst();
        String installation = InstallationFile.read(back).orElseThrow().id().toString();
        String other = trip.server("SELECT other FROM database_move").getFirst();
        UUID move = UUID.fromString(other.substring(other.lastIndexOf(' ') + 1, other.length() - 1));
        new MovedNote(installation, MovedNote.State.ARRIVING, move, digest, trip.address.toString(), Instant.EPOCH)
                .write(back);
        Files.delete(back.resolve(InstallationFile.NAME));
        startIsRefused(back).contains("does not have all");
        assertThat(trip.back(back).tables()).isNotEmpty();
        assertThat(back.resolve(MovedNote.NAME)).doesNotExist();
        assertThat(InstallationFile.read(back)).isPresent();
    }

    @Test
    void begunToOneDirectory_isNotFinishedInAnotherOfTheSamePath() throws Exception {
        trip.there();
        Path back = temp.resolve("back");
        killed("back", back);
        Path there = temp.resolve("another-machine");
        Files.move(back, there);
        assertThatThrownBy(() -> trip.back(back))
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("is not this move to this directory");
        assertThat(back.resolve(MovedNote.NAME)).doesNotExist();
        Files.move(back, temp.resolve("refused"));
        Files.move(there, back);
        assertThat(trip.back(back).done()).isPresent();
        Files.move(back, there);
        assertThatThrownBy(() -> trip.back(back))
                .as("nor once it is done")
                .hasMessageContaining("was left for " + back);
    }

    @Test
    void killed_theNextRunGoesOn_eitherWay() throws Exception {
        killed("there", trip.data);
        opens().hasMessageContaining("does not have all");
        assertThat(trip.there().done()).isPresent();
        Path back = temp.resolve("back");
        killed("back", back);
        startIsRefused(back).contains("does not have all");
        assertThat(trip.back(back).done()).isPresent();
    }

    private void killed(String way, Path directory) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeldMigration.class.getName(),
                        way,
                        directory.toString(),
                        trip.address.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.inputReader()) {
            assertThat(out.lines().anyMatch("held"::equals))
                    .as("it stands still")
                    .isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        Eventually.holds(
                "the killed one's session stays",
                Duration.ofSeconds(10),
                () -> trip.server(
                                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
                        .isEmpty());
    }

    @Test
    void anOlderCopy_isNotMovedAnew_whereTheNewerOneIsGone() throws Exception {
        trip.there();
        MovingTrip empty = trip.emptied();
        assertThatThrownBy(empty::there)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("where it is not any more")
                .hasMessageContaining("remove " + trip.data.resolve("moved"));
        assertThat(empty.server("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();
        Files.delete(trip.data.resolve(MovedNote.NAME));
        assertThat(empty.there().done()).isPresent();

        Path back = temp.resolve("back");
        empty.back(back);
        for (String file : List.of("keyturn.db", "keyturn.db-sums", InstallationFile.NAME)) {
            Files.delete(back.resolve(file));
        }
        assertThatThrownBy(() -> empty.back(back))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("where it is not any more");
        assertThat(back.resolve("keyturn.db")).doesNotExist();
    }

    private interface Try {
        Migration.Outcome run() throws StartupException, CopyException;
    }

    private interface Check {
        void look() throws Exception;
    }

    /** Each run makes a few batches and ends. How many batches there were until one run came to its end. */
    private long endedAfterEachBatch(Try move, Check between) throws Exception {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        trip.progress = (_, _, _) -> {
            made.incrementAndGet();
            if (left.decrementAndGet() <= 0) {
                throw new EndedException();
            }
        };
        for (int run = 0; ; run++) {
            left.set(1 + run % 4);
            try {
                Migration.Outcome outcome = move.run();
                assertThat(outcome.tables()).isNotEmpty().allMatch(TableResult::agrees);
                return made.get();
            } catch (EndedException e) {
                between.look();
            }
        }
    }

    private static final class EndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void aRowThatSomethingElseChangesInTheHalfCopy_isFound_andItsTableIsNamed() throws Exception {
        endedIn("audit");
        trip.server("UPDATE audit SET hash = 'x' WHERE node = 'other' AND sequence = 1");

        assertThatThrownBy(trip::there)
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("The table audit differs")
                .hasMessageContaining("Make it empty");
        opens().hasMessageContaining("does not have all");
        assertThat(trip.data.resolve(MovedNote.NAME)).doesNotExist();
    }

    @Test
    void aRowThatSomethingElseChangesWhileTheRestIsCopied_isFoundAtTheEnd_andNothingIsMoved() throws Exception {
        trip.progress = (table, _, _) -> {
            if (table.equals("vm")) {
                ask("UPDATE setting SET value = value || ' ' WHERE name = 'tenant'");
                ask("DELETE FROM simhost_fault");
            }
        };
        Migration.Outcome outcome = trip.there();

        assertThat(outcome.done()).isEmpty();
        assertThat(outcome.tables().stream().filter(t -> !t.agrees()).map(TableResult::table))
                .contains("setting");
        assertThat(trip.data.resolve(MovedNote.NAME)).doesNotExist();
        opens().hasMessageContaining("does not have all");
    }

    @Test
    void noSpaceOnTheServersDisk_isToldInItsWords_andTheNextRunGoesOn() throws Exception {
        endedIn("audit");
        trip.server("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '53100'; END $$");
        trip.server("CREATE TRIGGER full_disk BEFORE INSERT ON vm FOR EACH ROW EXECUTE FUNCTION full_disk()");

        assertThatThrownBy(trip::there)
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("no space is left")
                .hasMessageContaining("run the command again");
        opens().hasMessageContaining("does not have all");

        trip.server("DROP TRIGGER full_disk ON vm");
        assertThat(trip.there().done()).isPresent();
    }

    @Test
    void aServerThatRunsInTheDirectory_isNotMoved() throws Exception {
        Path data = temp.resolve("running");
        MovingTrip.copied(templates.resolve("used"), data);
        MovingTrip running = MovingTrip.toNothing(data);
        try (KeyturnServer server = KeyturnServer.start(MovingTrip.config(data))) {
            assertThat(server.port()).isPositive();
            assertThatThrownBy(running::there)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("in use by another server");
        }
        assertThat(running.server("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();
    }

    @Test
    void aDirectoryThatWasNotStoppedInAnOrderlyWay_orIsNone_isNotMoved() throws Exception {
        InstallationFile file = InstallationFile.read(trip.data).orElseThrow();
        file.in(InstallationFile.State.BETWEEN).write(trip.data);
        assertThatThrownBy(trip::there)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("not stopped in an orderly way");
        file.write(trip.data);

        MovingTrip.embedded(trip.data, "UPDATE setting SET value = 'x' WHERE name = 'tenant'");
        assertThatThrownBy(trip::there).isInstanceOf(StartupException.class).hasMessageContaining("damaged");

        assertThatThrownBy(new MovingTrip(temp.resolve("none"))::there)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("no directory");
        assertThat(temp.resolve("none")).doesNotExist();
    }

    @Test
    void aDatabaseOfAnEarlierProgram_isNotMovedAsItIs() throws Exception {
        Path data = temp.resolve("early");
        MovingTrip.copied(templates.resolve("used"), data);
        MovingTrip.embedded(data, "DELETE FROM flyway_schema_history WHERE version = '32'");
        MovingTrip.settled(data);

        assertThatThrownBy(new MovingTrip(data)::there)
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("another version of this program");
    }

    @Test
    void theDirectoryChangesWhileItIsCopied_nothingIsMoved() throws Exception {
        trip.progress = (table, _, _) -> {
            if (table.equals("audit")) {
                try {
                    MovingTrip.embedded(trip.data, "UPDATE setting SET value = 'x' WHERE name = 'tenant'");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        };

        assertThatThrownBy(trip::there).hasMessageContaining("changed");
        assertThat(trip.data.resolve(MovedNote.NAME)).doesNotExist();
        opens().hasMessageContaining("does not have all");
    }

    @Test
    void aDatabaseWithSomethingElseInIt_isRefused_andStaysAsItIs() throws Exception {
        MovingTrip trip = MovingTrip.toNothing(temp.resolve("data"));
        trip.server("CREATE TABLE theirs (id INT)");
        assertThatThrownBy(trip::there)
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("is not empty: it has theirs");
        assertThat(trip.server("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .containsExactly("theirs");

        trip.server("DROP TABLE theirs");
        trip.open().close();
        trip.server("INSERT INTO setting (name, value) VALUES ('installation', 'another')");
        assertThatThrownBy(trip::there).hasMessageContaining("is not empty: it has setting");
        assertThat(trip.server("SELECT value FROM setting")).containsExactly("another");
    }

    @Test
    void aDatabaseThatAnotherInstallationIsOnItsWayTo_isRefused() throws Exception {
        endedIn("audit");
        trip.server("UPDATE database_move SET installation = 'another'");
        assertThatThrownBy(trip::there).hasMessageContaining("that of the installation another");
    }

    @Test
    void theServerRanSinceTheFirstRun_theHalfCopyIsNotGoneOnWith() throws Exception {
        endedIn("audit");
        MovingTrip.embedded(trip.data, "UPDATE setting SET value = 'x' WHERE name = 'tenant'");
        MovingTrip.settled(trip.data);

        assertThatThrownBy(trip::there).hasMessageContaining("a server ran there since");
    }

    @Test
    void aNodeThatIsConnected_isInTheWay_eitherWay() throws Exception {
        try (PostgresDatabase node = trip.open()) {
            assertThat(node.load().commits()).isZero();
            assertThatThrownBy(trip::there).hasMessageContaining("is used by a server");
        }
        trip.there();
        try (PostgresDatabase node = trip.open()) {
            assertThat(node.load().commits()).isZero();
            assertThatThrownBy(() -> trip.back(temp.resolve("back"))).hasMessageContaining("Stop every node");
        }
        trip.open().close();
        assertThat(trip.back(temp.resolve("back")).done()).isPresent();
    }

    @Test
    void twoThatMoveTheSame_oneIsRefused() throws Exception {
        MovingTrip.copied(templates.resolve("filled"), temp.resolve("other"));
        trip.progress = (_, _, _) -> assertThatThrownBy(() -> trip.back(temp.resolve("somewhere")))
                .hasMessageContaining("is being copied by another");
        assertThat(trip.there().done()).isPresent();
    }

    @Test
    void aDirectoryWithADatabase_isNotWrittenOver() throws Exception {
        trip.there();
        assertThatThrownBy(() -> trip.back(trip.data))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("it was moved to " + trip.address);
        Path other = temp.resolve("other");
        MovingTrip.copied(templates.resolve("used"), other);
        assertThatThrownBy(() -> trip.back(other))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("has a database already (keyturn.db");
        trip.open().close();
    }

    @Test
    void aDirectoryWithAnotherMasterKey_isRefused_beforeAnythingIsCopied() throws Exception {
        trip.there();
        Path back = temp.resolve("back");
        Files.createDirectories(back);
        byte[] key = Files.readAllBytes(trip.data.resolve("master.key"));
        key[0] ^= 1;
        Files.copy(trip.data.resolve("master.key"), back.resolve("master.key"));
        Files.write(back.resolve("master.key"), key);

        assertThatThrownBy(() -> trip.back(back))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("is not the one");
        trip.open().close();
        assertThat(back.resolve("keyturn.db")).doesNotExist();
    }

    private void endedIn(String table) {
        trip.progress = (at, _, _) -> {
            if (at.equals(table)) {
                throw new EndedException();
            }
        };
        assertThatThrownBy(trip::there).isInstanceOf(EndedException.class);
        trip.progress = (_, _, _) -> {};
    }

    private void ask(String sql) {
        try {
            trip.server(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> opens() {
        return assertThatThrownBy(() -> trip.open().close());
    }

    private static AbstractStringAssert<?> startIsRefused(Path directory) {
        StartupException refused = catchThrowableOfType(
                StartupException.class,
                () -> KeyturnServer.start(MovingTrip.config(directory)).close());
        return assertThat(String.valueOf(refused.getMessage()));
    }

    private static List<TableSum> sums(Migration.Outcome outcome) {
        return outcome.tables().stream().map(TableResult::to).toList();
    }

    /** By the server's own verification, which asks the host that holds the images. */
    private static void opensEveryArtifact(Path data) throws Exception {
        try (RunningServer server = RunningServer.start(MovingTrip.config(data))) {
            String set = MovingTrip.embedded(data, "SELECT display FROM resource WHERE type LIKE '%diskEncryptionSets'")
                    .getFirst();
            HttpResponse<String> begun = server.arm("POST", set + "/verify?api-version=2024-03-02", "");
            assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
            Eventually.holds(
                    "no verification ends",
                    Duration.ofSeconds(30),
                    () -> !MovingTrip.embedded(data, "SELECT 1 FROM verification WHERE answered = 1")
                            .isEmpty());
            assertThat(MovingTrip.embedded(data, "SELECT opened || ' ' || failed FROM verification WHERE answered = 1"))
                    .containsExactly("9 0");
        }
    }

    private static String content(Path directory) throws Exception {
        TreeMap<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.forEach(f -> {
                try {
                    files.put(f.getFileName().toString(), (long) Arrays.hashCode(Files.readAllBytes(f)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return files.toString();
    }
}
