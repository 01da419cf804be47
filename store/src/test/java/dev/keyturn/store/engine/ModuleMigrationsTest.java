package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that a module brings beside the store's. */
final class ModuleMigrationsTest {
    private static final String VERSIONS =
            "SELECT version FROM flyway_schema_history WHERE version IS NOT NULL ORDER BY CAST(version AS INTEGER)";
    private static final Migrations SHELF =
            new Migrations("db/test-shelf", List.of("V2__shelf.sql", "V1000__shelf_label.sql"));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void storeAlone_hasNoTableOfAModule() throws SQLException {
        SqliteDatabase.open(directory).close();

        assertThat(column("SELECT name FROM sqlite_schema WHERE type = 'table'"))
                .contains("artifact")
                .doesNotContain("shelf", "simhost_machine", "simhost_image", "simhost_fault");
    }

    @Test
    void modulesMigrations_areAppliedAmongTheStoresByNumber() throws SQLException {
        SqliteDatabase.open(directory, SHELF).close();

        assertThat(column(VERSIONS)).startsWith("1", "2", "3").endsWith("1000");
        assertThat(column("SELECT label FROM shelf")).isEmpty();
    }

    @Test
    void aFileThatNobodyNames_isNotApplied_alsoWhereItsNumberIsTaken() throws SQLException {
        assertThat(ModuleMigrationsTest.class.getResource("/db/test-shelf/V3__not_listed.sql"))
                .isNotNull();
        SqliteDatabase.open(directory, SHELF).close();

        assertThat(column("SELECT name FROM sqlite_schema WHERE type = 'table'"))
                .contains("shelf")
                .doesNotContain("not_listed");
    }

    @Test
    void upToDateDatabase_isNotMigrated() throws Exception {
        SqliteDatabase.open(directory, SHELF).close();

        assertThat(new Schema(List.of(SHELF)).bringUpToDate(SqliteFile.in(directory)))
                .isFalse();
    }

    @Test
    void databaseWithTablesOfAModuleThatIsNotGiven_isRefusedUnchanged() throws Exception {
        SqliteDatabase.open(directory, SHELF).close();
        String before = content();

        assertThatThrownBy(() -> SqliteDatabase.open(directory))
                .isInstanceOf(CannotOpenDatabaseException.class)
                .hasMessageContaining("module")
                .hasMessageContaining("versions 2, 1000")
                .hasMessageNotContaining("\n");
        assertThat(content()).isEqualTo(before);
        SqliteDatabase.open(directory, SHELF).close();
    }

    @Test
    void missingOrDoubledMigration_isAFaultOfTheProgram() {
        Migrations missing = new Migrations("db/test-shelf", List.of("V2__shelf.sql", "V3000__nowhere.sql"));
        Migrations doubled = new Migrations("db/migration", List.of("V1__keyturn.sql"));

        assertThatThrownBy(() -> SqliteDatabase.open(directory, missing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("V3000__nowhere.sql");
        assertThatThrownBy(() -> SqliteDatabase.open(directory, doubled))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("V1__keyturn.sql");
    }

    private String content() throws Exception {
        return HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                        .digest(Files.readAllBytes(directory.resolve(SqliteFile.NAME))));
    }

    private List<String> column(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(SqliteFile.NAME));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> out = new ArrayList<>();
            while (rows.next()) {
                out.add(rows.getString(1));
            }
            return out;
        }
    }
}
