package dev.keyturn.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.nodes.Beside;
import dev.keyturn.core.nodes.NodeName;
import dev.keyturn.core.nodes.NodeRow;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestPostgres;
import dev.keyturn.store.engine.CannotOpenDatabaseException;
import dev.keyturn.store.engine.PostgresAddress;
import dev.keyturn.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedStoreTest {
    @TempDir
    Path temp;

    private final String url = TestPostgres.emptyDatabase();
    private final SqlStores stores = SqlStores.create();
    private final List<String> deaths = new CopyOnWriteArrayList<>();
    private Duration pause = Duration.ofHours(1);
    private final VitalThreads vital =
            new VitalThreads((thread, cause) -> deaths.add(thread + ": " + cause.getMessage()));

    private SharedStore open(String node, String boot) throws Exception {
        List<String> problems = new ArrayList<>();
        String place = url.substring(url.indexOf("//") + 2, url.indexOf('?'));
        PostgresAddress address = PostgresAddress.parse("postgresql://postgres@" + place, problems)
                .orElseThrow();
        Path directory = Files.createDirectories(temp.resolve(node));
        return SharedStore.open(
                new DatabaseChoice.Postgresql(
                        address, Optional.empty(), new NodeName(node), Optional.empty(), Beside.OTHERS),
                new OpenedStore.Surroundings(directory, "127.0.0.1:1", boot, stores, vital, Clock.systemUTC()),
                pause);
    }

    private NodeRow row(SharedStore store, String name) {
        return store.transactions().read(tx -> stores.nodes().find(tx, name)).orElseThrow();
    }

    private void put(SharedStore store, NodeRow row) {
        store.transactions().run(tx -> stores.nodes().put(tx, row));
    }

    @Test
    void nodeWhoseRowWasTakenOver_endsItsProcessSayingWhy() throws Exception {
        pause = Duration.ofMillis(50);
        SharedStore store = open("a", "boot");
        assertThat(store.take(new SecureRandom())).isNotNull();
        NodeRow mine = row(store, "a");
        put(store, new NodeRow("a", UUID.randomUUID(), "127.0.0.1:2", mine.schema(), mine.liveUntil()));
        Eventually.holds("the node goes on", Duration.ofSeconds(30), () -> !deaths.isEmpty());
        assertThat(deaths).singleElement().asString().startsWith("node row: ").contains("taken over by another start");
        store.close();
        assertThat(row(open("a", "other"), "a").address()).isEqualTo("127.0.0.1:2");
    }

    @Test
    void startInTheSameDirectory_doesNotWaitForItsOwnRow_butOnAnotherRunOfTheMachineItDoes() throws Exception {
        SharedStore killed = open("a", "boot");
        assertThat(killed.take(new SecureRandom())).isNotNull();
        SharedStore next = open("a", "boot");
        assertThat(next.take(new SecureRandom())).isNotNull();
        SharedStore elsewhere = open("a", "reboot");
        assertThatThrownBy(() -> elsewhere.take(new SecureRandom())).hasMessageContaining("'a' is taken");
        elsewhere.close();
        next.close();
        killed.close();
    }

    @Test
    void orderlyStop_givesTheNameBack() throws Exception {
        SharedStore store = open("a", "boot");
        assertThat(store.take(new SecureRandom())).isNotNull();
        store.close();
        SharedStore next = open("a", "reboot");
        assertThat(next.take(new SecureRandom())).isNotNull();
        next.close();
    }

    @Test
    void databaseThatFallsBehindWhileTheNodeRuns_endsIt() throws Exception {
        SharedStore store = open("a", "boot");
        assertThat(store.take(new SecureRandom())).isNotNull();
        store.note();
        assertThat(deaths).isEmpty();
        store.transactions().run(tx -> stores.settings().put(tx, "installation-mark", "0"));
        store.note();
        assertThat(deaths).singleElement().asString().contains("older than what this node last saw");
        store.close();
    }

    @Test
    void schema_isNotChangedWhileANodeWithAnOlderProgramRuns() throws Exception {
        SharedStore store = open("a", "boot");
        assertThat(store.take(new SecureRandom())).isNotNull();
        NodeRow mine = row(store, "a");
        put(store, new NodeRow("old", UUID.randomUUID(), "10.0.0.9:8443", mine.schema() - 1, mine.liveUntil()));
        forgetTheLastMigration();
        assertThatThrownBy(() -> open("a", "boot"))
                .isInstanceOf(CannotOpenDatabaseException.class)
                .hasMessageContaining("the node 'old' at 10.0.0.9:8443")
                .hasMessageContaining("Stop all nodes");
        put(store, new NodeRow("old", UUID.randomUUID(), "10.0.0.9:8443", mine.schema() - 1, Instant.EPOCH));
        store.close();
    }

    private void forgetTheLastMigration() throws Exception {
        try (var connection = TestPostgres.source(url).getConnection();
                var statement = connection.createStatement()) {
            statement.execute("DELETE FROM flyway_schema_history WHERE version = '34'");
        }
    }
}
