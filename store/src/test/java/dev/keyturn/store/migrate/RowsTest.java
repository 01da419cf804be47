package dev.keyturn.store.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.store.engine.BareDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SQLite lets in and a copy would change without a word: it is found where it is read. */
final class RowsTest {
    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void makeTable() throws SQLException {
        embedded("CREATE TABLE t (id BIGINT NOT NULL, name TEXT, sealed BLOB, PRIMARY KEY (id))");
        embedded("INSERT INTO t VALUES (1, 'a', x'00'), (2, NULL, NULL), (3, '', x'')");
    }

    @Test
    void nothing_anEmptyText_andNoBytes_areThreeThings() throws Exception {
        TableSum sum = sum();
        assertThat(sum.rows()).isEqualTo(3);
        for (String other : List.of(
                "UPDATE t SET name = NULL WHERE id = 3",
                "UPDATE t SET sealed = NULL WHERE id = 3",
                "UPDATE t SET sealed = x'00' WHERE id = 3",
                "UPDATE t SET name = 'a ' WHERE id = 1",
                "UPDATE t SET id = 4 WHERE id = 2",
                "DELETE FROM t WHERE id = 2")) {
            assertThat(after(other)).as(other).isNotEqualTo(sum);
        }
        assertThat(after("UPDATE t SET id = 9 WHERE id = 2", "UPDATE t SET id = 2 WHERE id = 9"))
                .isEqualTo(sum);
    }

    @Test
    void aValueOfAnotherType_isToldWithItsTableAndColumn() throws Exception {
        for (String wrong : List.of(
                "UPDATE t SET name = x'61' WHERE id = 1",
                "UPDATE t SET sealed = 'text' WHERE id = 1",
                "UPDATE t SET id = 'one' WHERE id = 1",
                "UPDATE t SET id = 1.5 WHERE id = 1")) {
            assertThatThrownBy(() -> after(wrong))
                    .as(wrong)
                    .isInstanceOf(CopyException.class)
                    .hasMessageContaining("The table t has a value of type ");
        }
    }

    @Test
    void bytesThatAreNoText_areNotTakenForOne() {
        for (String wrong : List.of("CAST(x'61ff' AS TEXT)", "CAST(x'610062' AS TEXT)", "CAST(x'eda080' AS TEXT)")) {
            assertThatThrownBy(() -> after("UPDATE t SET name = " + wrong + " WHERE id = 1"))
                    .as(wrong)
                    .isInstanceOf(CopyException.class)
                    .hasMessageContaining("no text");
        }
    }

    /** The sum with these statements made, which are taken back afterwards. */
    private TableSum after(String... statements) throws SQLException, CopyException {
        embedded("DROP TABLE IF EXISTS kept");
        embedded("CREATE TABLE kept AS SELECT * FROM t");
        try {
            for (String sql : statements) {
                embedded(sql);
            }
            return sum();
        } finally {
            embedded("DELETE FROM t");
            embedded("INSERT INTO t SELECT * FROM kept");
        }
    }

    private TableSum sum() throws SQLException, CopyException {
        try (BareDatabase database = BareDatabase.inFile(directory)) {
            return Rows.sum(
                    database, Objects.requireNonNull(Catalogue.of(database).get("t")));
        }
    }

    private void embedded(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("keyturn.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
