package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** V18 builds the table of artifacts anew. An envelope that is lost there is lost for good. */
final class ArtifactOwnerMigrationTest {
    /** Everything that opens an artifact, and all that is stored of it but whose it is. */
    private static final String ENVELOPES =
            "SELECT a.id || '|' || a.kind || '|' || coalesce(a.set_id, 'platform') || '|'"
                    + " || a.host || '|' || k.uuid || '|' || hex(a.nonce) || '|' || hex(a.sealed) || '|' || hex(a.chk) || '|'"
                    + " || a.revision FROM artifact a JOIN set_key k ON k.id = a.set_key_id ORDER BY a.id";

    private static final String CONDEMNED =
            "SELECT artifact || '|' || kind || '|' || host || '|' || coalesce(vm_uuid, '')"
                    + " || '|' || coalesce(disk_uuid, '') FROM condemned_image ORDER BY artifact";

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void databaseOfV17() throws Exception {
        Flyway.configure()
                .dataSource(SqliteFile.in(directory).dataSource())
                .locations("classpath:db/migration")
                .placeholders(Schema.SQLITE)
                .target("17")
                .load()
                .migrate();
        resource(1, "des");
        resource(2, "vm");
        resource(3, "vm_os");
        resource(4, "vm_data");
        resource(5, "loose");
        resource(6, "plain");
        resource(7, "plain_os");
        resource(8, "leaving");
        execute("INSERT INTO disk_set (id, active_key, principal) VALUES (1, 'k', 'p')");
        execute("INSERT INTO set_key (id, uuid, set_id, key_url, key_ref, wrapped, created_at) VALUES"
                + " (10, 'old', 1, 'u1', 'r1', x'01', 1), (11, 'new', 1, 'u2', 'r2', x'02', 2),"
                + " (12, 'platform', NULL, NULL, NULL, x'03', 3)");
        vm(2, "vm", "1");
        vm(6, "plain", "NULL");
        disk(3, "vm_os", 1, "1", "2");
        disk(4, "vm_data", 0, "1", "2");
        disk(5, "loose", 0, "1", "NULL");
        disk(7, "plain_os", 1, "NULL", "6");
        disk(8, "leaving", 0, "1", "2");
        artifact(101, 1, "2", "NULL", "1", 10, 1);
        artifact(102, 2, "2", "3", "1", 11, 4);
        artifact(103, 3, "2", "4", "1", 10, 2);
        artifact(104, 3, "NULL", "5", "1", 11, 1);
        artifact(105, 1, "6", "NULL", "NULL", 12, 1);
        artifact(106, 2, "6", "7", "NULL", 12, 7);
        artifact(107, 3, "NULL", "8", "1", 10, 3); // its VM was asked to give the disk back
        execute("UPDATE resource SET state = 'UPDATING' WHERE id IN (2, 8)");
        execute(
                "INSERT INTO operation (id, kind, target, target_key, arguments, requested_by, status, started_at, attempts,"
                        + " fence) VALUES ('op', 'UPDATE_VM', 'vm', 'vm', '', 'me', 'IN_PROGRESS', 1, 1, 1)");
        execute("INSERT INTO condemned_image VALUES (90, 1, 'host-b', 'v90', NULL), (91, 3, 'host-a', NULL, 'd91')");
    }

    @Test
    void migration_keepsEveryEnvelopeAndGivesEachItsOwner() throws Exception {
        List<String> envelopes = column(ENVELOPES);
        List<String> condemned = column(CONDEMNED);
        assertThat(envelopes).hasSize(7);

        assertThat(new Schema(List.of()).bringUpToDate(SqliteFile.in(directory)))
                .isTrue();

        assertThat(column(ENVELOPES)).isEqualTo(envelopes);
        assertThat(column(CONDEMNED)).isEqualTo(condemned);
        assertThat(column("SELECT a.id || ' ' || r.arm_key FROM artifact a JOIN resource r ON r.id = a.owner_id"
                        + " ORDER BY a.id"))
                .containsExactly(
                        "101 vm", "102 vm_os", "103 vm_data", "104 loose", "105 plain", "106 plain_os", "107 leaving");
        assertThat(column("PRAGMA foreign_key_check")).isEmpty();
        assertThat(column("PRAGMA integrity_check")).containsExactly("ok");
    }

    @Test
    void migration_keepsWhatGuardsAnEnvelope() throws Exception {
        new Schema(List.of()).bringUpToDate(SqliteFile.in(directory));

        for (String harm : List.of(
                "DELETE FROM set_key WHERE id = 10",
                "DELETE FROM resource WHERE id = 2",
                "DELETE FROM resource WHERE id = 5",
                "UPDATE artifact SET set_key_id = 12 WHERE id = 101",
                "UPDATE artifact SET owner_id = 3 WHERE id = 104",
                "UPDATE artifact SET owner_id = 999 WHERE id = 104")) {
            assertThatThrownBy(() -> execute(harm)).as(harm).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void migration_notesADiskThatItsVmWasAskedToGiveBack() throws Exception {
        new Schema(List.of()).bringUpToDate(SqliteFile.in(directory));

        assertThat(column("SELECT operation_id || ' ' || target_key FROM operation_try"))
                .containsExactly("op leaving");
    }

    @Test
    void migrationThatFailsNearItsEnd_changesNothing_andIsDoneAnew() throws Exception {
        List<String> envelopes = column(ENVELOPES);
        List<String> condemned = column(CONDEMNED);
        execute("CREATE TABLE condemned (in_the_way TEXT)");

        assertThatThrownBy(() -> new Schema(List.of()).bringUpToDate(SqliteFile.in(directory)))
                .isInstanceOf(CannotOpenDatabaseException.class);

        assertThat(column("SELECT count(*) FROM artifact WHERE vm_id IS NOT NULL"))
                .containsExactly("5");
        assertThat(column(ENVELOPES)).isEqualTo(envelopes);
        assertThat(column(CONDEMNED)).isEqualTo(condemned);
        assertThat(column("SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history"))
                .containsExactly("17");
        execute("DROP TABLE condemned");
        assertThat(new Schema(List.of()).bringUpToDate(SqliteFile.in(directory)))
                .isTrue();
        assertThat(column(ENVELOPES)).isEqualTo(envelopes);
    }

    @Test
    void artifactOfNothing_stopsTheMigration_andIsNotDropped() throws Exception {
        artifact(108, 3, "NULL", "NULL", "1", 10, 1);
        List<String> envelopes = column(ENVELOPES);

        assertThatThrownBy(() -> new Schema(List.of()).bringUpToDate(SqliteFile.in(directory)))
                .isInstanceOf(CannotOpenDatabaseException.class);

        assertThat(column(ENVELOPES)).isEqualTo(envelopes).hasSize(8);
    }

    private void resource(int id, String key) throws SQLException {
        execute(
                "INSERT INTO resource (id, arm_key, display, type, location, tags, document, state, revision, created_at,"
                        + " changed_at) VALUES (" + id + ", '" + key + "', '" + key
                        + "', 't', 'l', '{}', '{}', 'SUCCEEDED', 1, 1, 1)");
    }

    private void vm(int id, String key, String set) throws SQLException {
        execute(
                "INSERT INTO vm (id, arm_key, vm_uuid, encryption, set_id, host, ephemeral, power, power_since) VALUES ("
                        + id + ", '" + key + "', 'v" + id + "', 'e', " + set + ", 'host-a', 0, 'STOPPED', 1)");
    }

    private void disk(int id, String key, int os, String set, String vm) throws SQLException {
        execute("INSERT INTO disk (id, arm_key, disk_uuid, os, size_gb, set_id, host, vm_id, delete_with_vm) VALUES ("
                + id + ", '" + key + "', 'd" + id + "', " + os + ", 4, " + set + ", 'host-a', " + vm + ", 0)");
    }

    private void artifact(int id, int kind, String vm, String disk, String set, int setKey, int revision)
            throws SQLException {
        execute(
                "INSERT INTO artifact (id, kind, vm_id, disk_id, set_id, host, set_key_id, nonce, sealed, chk, revision)"
                        + " VALUES (" + String.join(", ", "" + id, "" + kind, vm, disk, set, "'host-a'", "" + setKey)
                        + ", randomblob(12), randomblob(48), randomblob(16), " + revision + ")");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = raw();
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = ON");
            statement.execute(sql);
        }
    }

    private List<String> column(String sql) throws SQLException {
        try (Connection connection = raw();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> out = new ArrayList<>();
            while (rows.next()) {
                out.add(rows.getString(1));
            }
            return out;
        }
    }

    private Connection raw() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(SqliteFile.NAME));
    }
}
