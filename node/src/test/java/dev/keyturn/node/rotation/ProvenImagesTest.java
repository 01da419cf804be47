package dev.keyturn.node.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.HostCapabilities;
import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether images are proven is what their host says: all of them where it says nothing. */
class ProvenImagesTest {
    @TempDir
    Path directory;

    private final FakeVault vault = new FakeVault();
    private final FakeHost host = new FakeHost();
    private TestDatabase database;
    private Engine engine;
    private KeyId old;
    private KeyId next;
    private ArmId set;

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        engine = new Engine(database, vault, host, Clock.systemUTC());
        old = vault.create(1);
        next = vault.create(2);
        set = engine.createSet("des", old);
        Fleet fleet = new Fleet(engine);
        fleet.add(set, "a", false);
        fleet.add(set, "b", false);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Set<ArtifactId> all() {
        return engine.keys(set).keySet();
    }

    @Test
    void hostThatSaysNothing_hasEveryImageProven() {
        host.can = new HostInfo("new", "new", "nobody thought of it yet").can();

        assertThat(engine.rotate(set, next).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(host.proven).isEqualTo(all());
    }

    @Test
    void hostThatSaysNothing_keepsAnImageThatDoesNotOpen_underTheOldKey() {
        host.can = HostCapabilities.CAREFUL;
        ArtifactId bad = engine.artifacts(set).get(1).id();
        host.corrupted.add(bad);

        Operation failed = engine.rotate(set, next);

        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(failed.error().orElseThrow().details())
                .extracting(ErrorInfo::code)
                .containsExactly("ImageDoesNotOpen");
        assertThat(engine.keys(set)).containsEntry(bad, old);
    }

    @Test
    void hostThatSaysItHasNothingToProve_isNotAsked() {
        host.can = HostCapabilities.CAREFUL.withoutProof();

        assertThat(engine.rotate(set, next).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(host.proven).isEmpty();
    }
}
