package dev.keyturn.node.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.OtherStores;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that does not give back what it was given costs no key: the old envelope stays until the new one opens. */
class StoredEnvelopeTest {
    @TempDir
    Path directory;

    private final FakeVault vault = new FakeVault();
    private TestDatabase database;
    private Engine engine;
    private KeyId old;
    private KeyId next;
    private ArmId set;
    private Optional<ArtifactId> victim = Optional.empty();

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        SqlStores stores = database.stores();
        ArtifactStore damaging = damaging(stores.artifacts());
        engine = new Engine(
                database,
                OtherStores.with(stores, ArtifactStore.class, damaging),
                vault,
                new FakeHost(),
                Clock.systemUTC());
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

    @Test
    void envelopeThatDoesNotOpenAsStored_staysUnderTheOldKey_andIsNamed() {
        ArtifactId bad = engine.artifacts(set).get(1).id();
        victim = Optional.of(bad);

        Operation failed = engine.rotate(set, next);

        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(failed.error().orElseThrow().details())
                .extracting(ErrorInfo::code)
                .contains("StoredEnvelopeWrong");
        assertThat(engine.set(set).activeKey()).isEqualTo(old);
        assertThat(engine.keys(set)).containsEntry(bad, old);
        assertThat(engine.unopenable(set)).isEmpty();

        victim = Optional.empty();
        assertThat(engine.rotate(set, next).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(engine.keys(set).values()).containsOnly(next);
        assertThat(engine.unopenable(set)).isEmpty();
    }

    private ArtifactStore damaging(ArtifactStore real) {
        return (ArtifactStore) Proxy.newProxyInstance(
                ArtifactStore.class.getClassLoader(), new Class<?>[] {ArtifactStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("rewrap")) {
                        arguments[1] = ((List<?>) arguments[1])
                                .stream()
                                        .map(r -> written((ArtifactStore.Rewrap) r))
                                        .toList();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ArtifactStore.Rewrap written(ArtifactStore.Rewrap asked) {
        if (!victim.equals(Optional.of(asked.id()))) {
            return asked;
        }
        Envelope e = asked.envelope();
        return new ArtifactStore.Rewrap(
                asked.id(), asked.revision(), new Envelope(e.setKey(), e.nonce(), flipped(e.sealed()), e.check()));
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] out = bytes.clone();
        out[out.length / 2] ^= 1;
        return out;
    }
}
