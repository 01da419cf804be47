package dev.keyturn.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two rounds in which a server is killed; and what they look at is found where it is wrong. */
class FaultRoundsTest {
    private static final String ONE = "(SELECT min(id) FROM artifact WHERE set_id IS NOT NULL)";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aServerThatIsKilled_losesNothing_andWhatIsPlantedIsFound() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Plan plan = Plan.parse(
                List.of("--rounds", "2", "--seed", "20", "--faults", "kill", "--directory", directory.toString()));
        try (FaultRounds rounds = new FaultRounds(plan, new PrintStream(said, true, StandardCharsets.UTF_8))) {
            assertThat(rounds.run())
                    .as("%s", said.toString(StandardCharsets.UTF_8))
                    .isZero();
            plant(rounds.atRest(), rounds.masterKey());
        }
    }

    private void plant(Path store, byte[] master) throws Exception {
        assertThat(found(store, master, "SELECT 1")).isEmpty();
        assertThat(found(store, master, "UPDATE artifact SET sealed = zeroblob(length(sealed)) WHERE id = " + ONE))
                .singleElement()
                .asString()
                .contains("does not open");
        assertThat(found(
                        store,
                        master,
                        "UPDATE artifact SET nonce = (SELECT a.nonce FROM artifact a WHERE a.id > artifact.id"
                                + " LIMIT 1) WHERE id = " + ONE))
                .hasSize(1);
        assertThat(found(
                        store,
                        master,
                        "UPDATE simhost_image SET sealed = zeroblob(length(sealed)) WHERE artifact = " + ONE))
                .singleElement()
                .asString()
                .contains("does not open");
        assertThat(found(store, master, "DELETE FROM simhost_image WHERE artifact = " + ONE))
                .singleElement()
                .asString()
                .contains("an artifact has no image");
        assertThat(found(store, master, "UPDATE disk_set SET rotation = 'r'; UPDATE simhost_machine SET running = 1"))
                .anyMatch(v -> v.contains("a machine runs while the key of its set is changed"))
                .anyMatch(v -> v.contains("a set says that it is updating"));
        assertThat(found(
                        store,
                        master,
                        "UPDATE operation SET status = 'IN_PROGRESS', ended_at = NULL, error = NULL WHERE id ="
                                + " (SELECT min(id) FROM operation)"))
                .singleElement()
                .asString()
                .contains("an operation has no end");
        assertThat(found(
                        store,
                        master,
                        "UPDATE set_key SET key_url = (SELECT min(k.key_url) FROM set_key k WHERE k.key_url <>"
                                + " set_key.key_url) WHERE id = (SELECT set_key_id FROM artifact WHERE id = " + ONE
                                + ")"))
                .anyMatch(v -> v.contains("does not open"));
    }

    /** What a look at a copy of the store finds after these statements. */
    private List<String> found(Path store, byte[] master, String statements) throws Exception {
        Path copy = directory.resolve("planted.db");
        Files.copy(store, copy, StandardCopyOption.REPLACE_EXISTING);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy)) {
            execute(connection, "PRAGMA foreign_keys = OFF; " + statements);
            return StoreLook.atRest(connection, master).violations();
        }
    }

    private static void execute(Connection connection, String statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(statements);
        }
    }
}
