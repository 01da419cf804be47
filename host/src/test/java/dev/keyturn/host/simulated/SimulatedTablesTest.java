package dev.keyturn.host.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.store.TestDatabase;
import dev.keyturn.store.engine.SqlTx;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulated host's own tables: with it, and never left out of a database that has them. */
final class SimulatedTablesTest {
    private final SimulatedMachines machines = new SqlSimulatedMachines();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void migrations_areAllListed() throws Exception {
        Path first = file(SimulatedTables.MIGRATIONS.names().getFirst());
        try (Stream<Path> files = Files.list(first.getParent())) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(SimulatedTables.MIGRATIONS.names());
        }
    }

    private static Path file(String name) throws URISyntaxException {
        URL url = SimulatedTables.class.getResource("/" + SimulatedTables.MIGRATIONS.directory() + "/" + name);
        return Path.of(Objects.requireNonNull(url).toURI());
    }

    @Test
    void databaseThatHasThem_isNotOpenedWithoutThem() {
        TestDatabase.in(directory, SimulatedTables.MIGRATIONS).close();

        assertThatThrownBy(() -> TestDatabase.in(directory)).hasMessageContaining("versions 2, 15, 19");
    }

    /** As they were applied when they were the store's: a database of that time has these and is not migrated again. */
    @Test
    void movedMigrations_haveTheChecksumsThatDatabasesHave() {
        try (TestDatabase database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS)) {
            List<String> applied = database.transactions()
                    .read(tx -> SqlTx.of(tx)
                            .list(
                                    "SELECT script || ' ' || checksum FROM flyway_schema_history WHERE version IN ('2', '15')"
                                            + " ORDER BY CAST(version AS INTEGER)",
                                    row -> row.text()));
            assertThat(applied)
                    .containsExactly("V2__simulated_host.sql -156643116", "V15__simulated_image_size.sql 1458910602");
        }
    }

    @Test
    void images_areOfAnyKind_andTheTableNamesNone() {
        UUID vm = UUID.randomUUID();
        ArtifactId id = new ArtifactId(7);
        try (TestDatabase database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS)) {
            database.transactions().run(tx -> {
                machines.define(tx, vm);
                machines.insert(
                        tx,
                        List.of(new SimulatedMachines.Image(
                                id, ArtifactKind.DATA_DISK, Optional.of(vm), new byte[] {1}, Optional.of(5L))));
                SqlTx.of(tx)
                        .update("INSERT INTO simhost_image (artifact, kind, sealed) VALUES (8, 'SNAPSHOT', ?)", (Object)
                                new byte[1]);
            });
            Map<ArtifactId, SimulatedMachines.Image> found =
                    database.transactions().read(tx -> machines.images(tx, List.of(id)));
            SimulatedMachines.Image image = Objects.requireNonNull(found.get(id));
            assertThat(image.vmId()).contains(vm);
            assertThat(image.bytes()).contains(5L);
            Hit moved = database.transactions().write(tx -> machines.move(tx, id, Optional.empty()));
            assertThat(moved.hit()).isTrue();
        }
    }
}
