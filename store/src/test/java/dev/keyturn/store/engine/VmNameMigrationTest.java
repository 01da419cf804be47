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

/** V22 gives VMs a column with their name, by which those are found that an earlier version made. */
final class VmNameMigrationTest {
    @Test
    void migration_namesTheVmsThatAreThere(@TempDir Path directory) throws Exception {
        Flyway.configure()
                .dataSource(SqliteFile.in(directory).dataSource())
                .locations("classpath:db/migration")
                .placeholders(Schema.SQLITE)
                .target("21")
                .load()
                .migrate();
        String url = "jdbc:sqlite:" + directory.resolve(SqliteFile.NAME);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            // a group may have any name
            for (String group : List.of("rg", "providers", "virtualmachines")) {
                String key = "/subscriptions/s/resourcegroups/" + group
                        + "/providers/microsoft.compute/virtualmachines/vm-in-" + group;
                statement.execute(
                        "INSERT INTO resource (arm_key, display, type, location, tags, document, state, revision,"
                                + " created_at, changed_at) VALUES ('" + key
                                + "', 'd', 't', 'l', '{}', '{}', 'SUCCEEDED', 1, 1, 1)");
                statement.execute(
                        "INSERT INTO vm (id, arm_key, vm_uuid, encryption, host, ephemeral, power, power_since)"
                                + " SELECT id, arm_key, arm_key, 'e', 'h', 0, 'STOPPED', 1 FROM resource WHERE arm_key = '"
                                + key
                                + "'");
            }
        }

        new Schema(List.of()).bringUpToDate(SqliteFile.in(directory));

        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT group_concat(name, ' ') FROM (SELECT name FROM vm ORDER BY id)")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("vm-in-rg vm-in-providers vm-in-virtualmachines");
        }
    }
}
