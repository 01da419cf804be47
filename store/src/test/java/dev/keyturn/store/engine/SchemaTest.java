package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier version wrote is opened: a migration comes after all that were there before it. */
final class SchemaTest {
    @Test
    void numbersOfMigrations_onlyGrow() {
        assertThat(Schema.STORE.names())
                .extracting(Migrations::version)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aDatabase_fromBeforeTheLastMigration_isBroughtUpToDate_withWhatItHas(@TempDir Path directory)
            throws Exception {
        Flyway.configure()
                .dataSource(SqliteFile.in(directory).dataSource())
                .resourceProvider(new ListedMigrations(List.of(before(Schema.STORE))))
                .locations(new String[0])
                .placeholders(Schema.SQLITE)
                .load()
                .migrate();
        String url = "jdbc:sqlite:" + directory.resolve(SqliteFile.NAME);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO person (id, name_key, name, display_name, created_at, created_by)"
                    + " VALUES ('p', 'ann', 'Ann', 'Ann', 1, 'test')");
        }

        assertThat(new Schema(List.of()).bringUpToDate(SqliteFile.in(directory)))
                .isTrue();
        assertThat(new Schema(List.of()).bringUpToDate(SqliteFile.in(directory)))
                .isFalse();

        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            try (ResultSet people = statement.executeQuery("SELECT name FROM person")) {
                assertThat(people.next()).isTrue();
                assertThat(people.getString(1)).isEqualTo("Ann");
            }
            try (ResultSet applied = statement.executeQuery(
                    "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success = 1")) {
                assertThat(applied.next()).isTrue();
                assertThat(applied.getLong(1))
                        .isEqualTo(Migrations.version(Schema.STORE.names().getLast()));
            }
        }
    }

    private static Migrations before(Migrations all) {
        List<String> names = all.names();
        return new Migrations(all.directory(), names.subList(0, names.size() - 1));
    }
}
